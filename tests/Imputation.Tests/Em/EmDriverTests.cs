using Imputation.Em;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Em;

public class EmDriverTests
{
    private static readonly double[] s_two = [-2.3, -2.1, -1.8, 1.9, 2.0, 2.3]; // two groups, their mean exactly 0

    private static readonly EmOptions s_plain = new() { Accelerate = false, MaxIterations = 50_000 };

    private static MissingMean Mean(int missing, Action<int>? onStep = null) => new([1, 2, 6], missing, start: 10) { OnStep = onStep };

    private static TwoMeansMixture Mixture(double a, double b) => new(s_two, new TwoMeans(a, b));

    [Theory]
    [InlineData(1)] // rate 0.25
    [InlineData(27)] // 0.9
    [InlineData(2997)] // 0.999
    public void Convergence_IsJudgedByTheDistanceToGo_NotByTheStep(int missing)
    {
        MissingMean model = Mean(missing);
        EmFit<Point> fit = EmDriver.Fit(model, s_plain);

        Assert.Equal(EmOutcome.Converged, fit.Outcome);
        Assert.InRange(fit.EstimatedDistance, 0, s_plain.Tolerance);
        // The estimate of a geometric tail is all but exact.
        Assert.InRange(Math.Abs(fit.Parameters.X - model.Maximum), 0, 1.5 * s_plain.Tolerance);
        Assert.Equal(model.Rate, fit.ConvergenceRate, 1e-3 * (1 - model.Rate));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2997)]
    public void Acceleration_LandsWherePlainEmLands_InFewerSteps(int missing)
    {
        MissingMean model = Mean(missing);
        EmFit<Point> plain = EmDriver.Fit(model, s_plain), accelerated = EmDriver.Fit(model, new EmOptions());
        Assert.Equal(EmOutcome.Converged, accelerated.Outcome);
        Assert.Equal(plain.Parameters.X, accelerated.Parameters.X, 3e-6);
        Assert.True(accelerated.Trace.Count <= plain.Trace.Count);
        Assert.DoesNotContain(plain.Trace, step => step.Kind == EmStepKind.Accelerated);
        if (missing > 1000) Assert.Contains(accelerated.Trace, step => step.Kind == EmStepKind.Accelerated);
    }

    [Fact]
    public void Trace_HoldsEveryIteration_WithTheObjectiveAtItsParameters()
    {
        MissingMean model = Mean(3);
        EmFit<Point> fit = EmDriver.Fit(model, s_plain);

        Assert.Equal(EmStepKind.Start, fit.Trace[0].Kind);
        Assert.All(fit.Trace.Skip(1), step => Assert.Equal(EmStepKind.Em, step.Kind));
        double x = 10;
        for (int k = 0; k < fit.Trace.Count; k++)
        {
            Assert.Equal(k + 1, fit.Trace[k].Iteration);
            Assert.Equal(model.LogLikelihood(new Point(x)), fit.Trace[k].Objective);
            double next = (9 + 3 * x) / 6;
            Assert.Equal(Math.Abs(next - x), fit.Trace[k].Distance);
            x = next;
        }
        Assert.Null(Monotonicity.FirstDecrease([.. fit.Trace.Select(step => step.Objective)]));
    }

    [Fact]
    public void ReportedObjective_IsThatOfTheReportedParameters_ToTheLastBit()
    {
        foreach (int iterations in (int[])[1, 2, 3, 10, 1000])
        {
            MissingMean model = Mean(300);
            EmFit<Point> fit = EmDriver.Fit(model, new EmOptions { MaxIterations = iterations });
            Assert.Equal(model.LogLikelihood(fit.Parameters), fit.Objective);
            Assert.Equal(fit.Objective, fit.LogLikelihood);
        }
    }

    [Fact]
    public void MaxIterations_IsAnOutcome()
    {
        EmFit<Point> fit = EmDriver.Fit(Mean(2997), new EmOptions { MaxIterations = 7, Accelerate = false });
        Assert.Equal(EmOutcome.MaxIterations, fit.Outcome);
        Assert.Equal(7, fit.Trace.Count);
        Assert.Equal(7, Assert.Single(fit.Runs).IterationCount);
        Assert.True(fit.EstimatedDistance > 1); // 7 steps of a rate of 0.999 have hardly moved
    }

    [Fact]
    public void Evaluations_AreTheStepsSpent()
    {
        MissingMean model = Mean(30);
        EmFit<Point> fit = EmDriver.Fit(model, new EmOptions { Restarts = 3 });
        Assert.Equal(model.StepCount, fit.EStepCount);
        Assert.Equal(fit.EStepCount, fit.Runs.Sum(run => run.EStepCount));
    }

    [Fact]
    public void Progress_IsToldOfEveryIteration()
    {
        var seen = new List<EmIteration>();
        EmFit<Point> fit = EmDriver.Fit(Mean(3), s_plain, new RunOptions { Progress = new Reporter(seen.Add) });
        Assert.Equal(fit.Trace, seen);

        seen.Clear();
        fit = EmDriver.Fit(Mean(3), s_plain with { Restarts = 4 },
            new RunOptions { Threads = 1, Progress = new Reporter(seen.Add) });
        Assert.Equal([0, 1, 2, 3], seen.Select(step => step.Start).Distinct().Order());
        Assert.Equal(fit.Runs.Sum(run => run.IterationCount), seen.Count);
    }

    [Fact]
    public void Cancellation_BetweenSteps_GivesTheBestSeen()
    {
        // This model never looks at its token; the driver must.
        using var source = new CancellationTokenSource();
        var deaf = new ChangedSteps<TwoMeans>(Mixture(0.1, 0), (_, step) => step);
        var progress = new Reporter(step => { if (step.Iteration == 3) source.Cancel(); });
        EmFit<TwoMeans> fit = EmDriver.Fit(deaf, s_plain, new RunOptions { Progress = progress }, source.Token);
        Assert.Equal(EmOutcome.Cancelled, fit.Outcome);
        Assert.InRange(fit.Trace.Count, 3, 4);
        Assert.Equal(fit.Trace.Max(step => step.Objective), fit.Objective);
    }

    [Fact]
    public void Cancellation_InsideAStep_GivesTheBestSeen()
    {
        using var source = new CancellationTokenSource();
        MissingMean model = Mean(2997, onStep: count => { if (count == 5) source.Cancel(); });
        EmFit<Point> fit = EmDriver.Fit(model, s_plain, cancellation: source.Token);
        Assert.Equal(EmOutcome.Cancelled, fit.Outcome);
        Assert.Equal(4, fit.Trace.Count);
        Assert.Equal(model.LogLikelihood(fit.Parameters), fit.Objective);
    }

    [Fact]
    public void Cancellation_BeforeAnything_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => EmDriver.Fit(Mean(3), s_plain,
            cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void Cancellation_AmongRestarts_StillGivesTheFirstStart()
    {
        using var source = new CancellationTokenSource();
        int iterations = 0;
        var progress = new Reporter(_ => { if (++iterations == 10) source.Cancel(); });
        EmFit<Point> fit = EmDriver.Fit(Mean(2997), s_plain with { Restarts = 5 },
            new RunOptions { Threads = 1, Progress = progress }, source.Token);
        Assert.Equal(EmOutcome.Cancelled, fit.Outcome);
        Assert.NotEmpty(fit.Trace);
    }

    /// <summary>The test of the test: a model whose M-step is wrong is caught in the act, and the best it had is handed back.</summary>
    [Fact]
    public void BrokenMStep_IsSeen_AndTheBestParametersAreReturned()
    {
        MissingMean whole = Mean(3);
        var broken = new ChangedSteps<Point>(whole, (count, step) => count == 4 ? step with { Next = new Point(step.Next.X + 1) } : step);
        EmFit<Point> fit = EmDriver.Fit(broken, s_plain);
        Assert.Equal(EmOutcome.ObjectiveDecreased, fit.Outcome);
        Assert.Equal(fit.Trace.Max(step => step.Objective), fit.Objective);
        Assert.Equal(whole.LogLikelihood(fit.Parameters), fit.Objective);
        Assert.InRange(fit.Trace.Count, 4, 5);
    }

    /// <summary>Taking filled means for data is the oldest mistake in this trade: the driver notices it on real data.</summary>
    [Fact]
    public void ForgottenConditionalCovariance_IsSeen_OnNhanes()
    {
        ReferenceCase nhanes = ReferenceCase.Mvn("nhanes")!;
        var forgetful = new NaiveNormalModel(nhanes.Values, forgetsConditionalCovariance: true);
        Assert.Equal(EmOutcome.ObjectiveDecreased, EmDriver.Fit(forgetful, s_plain).Outcome);

        EmFit<NaiveParameters> whole = EmDriver.Fit(new NaiveNormalModel(nhanes.Values), s_plain);
        Assert.Equal(EmOutcome.Converged, whole.Outcome);
        Assert.InRange(NaiveNormal.Distance(whole.Parameters, nhanes.Estimates), 0, 1e-5);
    }

    [Fact]
    public void DegenerateStep_IsUnbounded_AndIsNotUsed()
    {
        var collapsing = new ChangedSteps<Point>(
            Mean(2997), (count, step) => count == 6 ? step with { Next = new Point(double.NaN), Degenerate = true } : step);
        EmFit<Point> fit = EmDriver.Fit(collapsing, s_plain);
        Assert.Equal(EmOutcome.Unbounded, fit.Outcome);
        Assert.True(double.IsFinite(fit.Parameters.X));
        Assert.Equal(fit.Trace.Max(step => step.Objective), fit.Objective);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saddle_IsLeft_AndBothItsSidesAreFound(bool accelerate)
    {
        EmFit<TwoMeans> fit = EmDriver.Fit(Mixture(0, 0), new EmOptions { Accelerate = accelerate });

        Assert.Equal(EmOutcome.Converged, fit.Outcome);
        EmSaddle<TwoMeans> saddle = Assert.Single(fit.Saddles);
        Assert.Equal(0, saddle.Parameters.A, 1e-6);
        Assert.Equal(0, saddle.Parameters.B, 1e-6);
        Assert.True(saddle.ConvergenceRate > 1);
        Assert.True(fit.Objective > saddle.Objective);

        Assert.Equal(2, fit.EndPoints.Count);
        Assert.Equal(fit.EndPoints[0].Objective, fit.EndPoints[1].Objective, 1e-9);
        Assert.Equal(fit.EndPoints[0].Parameters.A, fit.EndPoints[1].Parameters.B, 1e-5);
        Assert.Contains(fit.Trace, step => step.Kind == EmStepKind.Escape);
        Assert.Null(Monotonicity.FirstDecrease([.. fit.Trace.Select(step => step.Objective)]));
    }

    /// <summary>Upward curvature is measured, but the objective rises by no more than its rounding on either side: this is no
    /// saddle.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Saddle_ThatRisesOnNoSide_IsTakenForRounding_AndTheRunGoesOn(bool accelerate)
    {
        var coarse = new CoarseObjective(Mixture(0, 0));
        EmFit<TwoMeans> fit = EmDriver.Fit(coarse, new EmOptions { Accelerate = accelerate });
        Assert.Equal(EmOutcome.Converged, fit.Outcome);
        Assert.True(fit.ConvergenceRate > 1);
        Assert.Empty(fit.Saddles);
        Assert.Equal(0, fit.Parameters.A, 1e-6);
        Assert.Single(fit.Runs);
        Assert.Equal(coarse.StepCount, fit.EStepCount); // the tries on both sides are counted
    }

    [Fact]
    public void Restarts_FindTheEqualMaxima_AndCountWhoWentWhere()
    {
        EmFit<TwoMeans> fit = EmDriver.Fit(Mixture(-1, 1), new EmOptions { Restarts = 12 });
        Assert.Equal(2, fit.EndPoints.Count);
        Assert.Equal(fit.Runs.Count, fit.EndPoints.Sum(end => end.StartCount));
        Assert.Equal(Enumerable.Range(0, 12), fit.Runs.Select(run => run.Start).Distinct().Order());
        Assert.All(fit.Runs, run => Assert.Equal(fit.EndPoints[run.EndPoint!.Value].Objective, run.Objective, 1e-9));
        Assert.True(fit.Parameters.A < fit.Parameters.B); // of equal ends, that of the deterministic start
    }

    [Fact]
    public void Restarts_GiveTheSameBits_OnAnyNumberOfThreads()
    {
        EmFit<TwoMeans> one = EmDriver.Fit(Mixture(0.3, 0.1), new EmOptions { Restarts = 9 }, new RunOptions { Threads = 1 });
        foreach (int threads in (int[])[2, 8, 0])
        {
            EmFit<TwoMeans> more = EmDriver.Fit(Mixture(0.3, 0.1), new EmOptions { Restarts = 9 }, new RunOptions { Threads = threads });
            Assert.Equal(one.Parameters, more.Parameters);
            Assert.Equal(one.Trace, more.Trace);
            Assert.Equal(one.Runs, more.Runs);
            Assert.Equal(one.EndPoints, more.EndPoints);
        }
    }

    [Fact]
    public void Seed_DecidesTheRandomStarts()
    {
        double[] Objectives(ulong seed)
        {
            var first = new List<double>();
            var progress = new Reporter(step => { if (step.Iteration == 1) first.Add(step.Objective); });
            EmDriver.Fit(Mixture(0.3, 0.1), new EmOptions { Restarts = 5 },
                new RunOptions { Threads = 1, Seed = seed, Progress = progress });
            return [.. first];
        }
        Assert.Equal(Objectives(1), Objectives(1));
        Assert.NotEqual(Objectives(1)[1..], Objectives(2)[1..]);
    }

    [Theory]
    [InlineData(0, 1, 1, 0, "Tolerance")]
    [InlineData(double.NaN, 1, 1, 0, "Tolerance")]
    [InlineData(double.PositiveInfinity, 1, 1, 0, "Tolerance")]
    [InlineData(1e-6, 0, 1, 0, "MaxIterations")]
    [InlineData(1e-6, 1, 0, 0, "Restarts")]
    [InlineData(1e-6, 1, 1, -1, "Threads")]
    public void Options_OutOfRange_AreRefused_ByName(double tolerance, int iterations, int restarts, int threads, string name)
    {
        var options = new EmOptions { Tolerance = tolerance, MaxIterations = iterations, Restarts = restarts };
        var run = new RunOptions { Threads = threads };
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => EmDriver.Fit(Mean(1), options, run)).ParamName);
    }

    /// <summary>A mixture whose objective is said to be uncertain by far more than it ever changes.</summary>
    private sealed class CoarseObjective(TwoMeansMixture model) : IEmModel<TwoMeans>, IEmCoordinates<TwoMeans>
    {
        public int StepCount { get; private set; }

        public int CoordinateCount => model.CoordinateCount;

        public TwoMeans Initialize(EmStart start) => model.Initialize(start);

        public EmStep<TwoMeans> Step(TwoMeans current, CancellationToken cancellation)
        {
            StepCount++;
            return model.Step(current, cancellation) with { Rounding = 100 };
        }

        public double Distance(TwoMeans from, TwoMeans to) => model.Distance(from, to);

        public void Write(TwoMeans origin, TwoMeans point, Span<double> coordinates) => model.Write(origin, point, coordinates);

        public TwoMeans? Read(TwoMeans origin, ReadOnlySpan<double> coordinates) => model.Read(origin, coordinates);
    }

    private sealed class Reporter(Action<EmIteration> told) : IProgress<EmIteration>
    {
        public void Report(EmIteration value)
        {
            lock (told) told(value);
        }
    }
}
