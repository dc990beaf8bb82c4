using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Properties;

/// <summary>The main property: the objective never decreases, for any data, prior, start, accelerated or not.</summary>
public class MonotonicityProperties
{
    [Holds(typeof(Wild), IsMain = true)]
    public void Objective_NeverDecreases(FitCase c) => NeverDecreases(c);

    /// <summary>Cases that once failed.</summary>
    public static TheoryData<FitCase> Found =>
    [
        // The covariance all but singular: rounding of log|Σ| was taken for a decrease, where there is no maximum.
        new(new DataCase { Seed = 997622183, Rows = 20, Columns = 7, Missing = 0.54, Mechanism = Mechanism.OnFirstColumn, Masks = 3 },
            "jeffreys", true, 3, 200),
        new(new DataCase { Seed = 538875933, Rows = 65, Columns = 5, Missing = 0.67, Masks = 8, Correlation = 0.3 }, "jeffreys", true,
            1, 200),
        new(new DataCase { Seed = 664, Rows = 63, Columns = 6, Missing = 0.62, Mechanism = Mechanism.OnFirstColumn, Masks = 8,
            Correlation = 0.999, Duplicates = true, EmptyRows = true }, "jeffreys", false, 1, 500),
        new(new DataCase { Seed = 2618, Rows = 45, Columns = 9, Missing = 0.5, Mechanism = Mechanism.OnFirstColumn, Correlation = 0.7 },
            "none", true, 1, 500),
        new(new DataCase { Seed = 2880, Rows = 33, Columns = 8, Missing = 0.59, Mechanism = Mechanism.OnFirstColumn, Correlation = 0.3,
            Duplicates = true, EmptyRows = true }, "none", false, 1, 500),
        new(new DataCase { Seed = 2447, Rows = 12, Columns = 8, Missing = 0.13, Mechanism = Mechanism.FileMatching, Masks = 8,
            Correlation = 0.999 }, "none", false, 3, 500),
        new(new DataCase { Seed = 3654, Rows = 68, Columns = 9, Missing = 0.6, Mechanism = Mechanism.OnFirstColumn, Masks = 8,
            Correlation = 0.95, Duplicates = true }, "auto", true, 3, 500),
        // The objective happens to be near 0: what rounding does to it is not in proportion to it, but to the terms it is a sum of.
        new(new DataCase { Seed = 2013, Rows = 38, Columns = 5, Missing = 0.58, Correlation = 0.95, Duplicates = true }, "auto", true,
            1, 500),
    ];

    [Theory]
    [MemberData(nameof(Found))]
    public void Objective_NeverDecreases_OnCasesThatOnceFailed(FitCase c) => NeverDecreases(c);

    private static void NeverDecreases(FitCase c)
    {
        double[,] values = c.Data.Values();
        var seen = new Recorder();
        NormalFit fit;
        try
        {
            fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), c.Options(), c.Run() with { Progress = seen });
        }
        catch (ImputationDataException) when (!FitCase.CanBeModelled(values))
        {
            return; // no column with two distinct values: refused in words
        }
        Assert.NotEqual(EmOutcome.ObjectiveDecreased, fit.Report.Outcome);
        Assert.Null(Monotonicity.FirstDecrease([.. fit.Report.Trace.Select(step => step.Objective)]));
        foreach (List<double> run in seen.Runs()) Assert.Null(Monotonicity.FirstDecrease(run));
        Assert.All(fit.Report.Trace, step => Assert.True(double.IsFinite(step.Objective) && double.IsFinite(step.LogLikelihood)));
        Assert.Equal(fit.Report.Trace.Count == 0 ? fit.Report.Objective : fit.Report.Trace.Max(step => step.Objective),
            fit.Report.Objective, 1e-10 * Math.Max(1, Math.Abs(fit.Report.Objective)));
        Assert.All(fit.Mean, m => Assert.True(double.IsFinite(m)));
        Assert.All(fit.Covariance.ToArray().Cast<double>(), s => Assert.True(double.IsFinite(s)));
    }

    /// <summary>The test of the test: with the conditional covariance forgotten, the same check fails, and the driver says so.</summary>
    [Fact]
    public void BrokenMStep_MakesThePropertyFail()
    {
        static void Check(DataCase data, bool broken)
        {
            EmFit<NaiveParameters> fit = EmDriver.Fit(new NaiveNormalModel(data.Values(), forgetsConditionalCovariance: broken),
                new EmOptions { MaxIterations = 60 }, new RunOptions { Threads = 1 });
            Assert.NotEqual(EmOutcome.ObjectiveDecreased, fit.Outcome);
            Assert.Null(Monotonicity.FirstDecrease([.. fit.Trace.Select(step => step.Objective)]));
        }
        Holds.ForAll(DataCase.Gentle, data => Check(data, broken: false), count: 40);
        Exception failure = Assert.ThrowsAny<Exception>(() => Holds.ForAll(DataCase.Gentle, data => Check(data, broken: true), count: 40));
        Assert.Contains("DataCase", failure.Message); // with the case that shows it
    }

    /// <summary>All iterations of all starts. A run that leaves a saddle goes two ways, so iteration numbers of a start can fall back: a
    /// new run.</summary>
    private sealed class Recorder : IProgress<EmIteration>
    {
        private readonly List<EmIteration> _seen = [];

        public void Report(EmIteration value)
        {
            lock (_seen) _seen.Add(value);
        }

        public IEnumerable<List<double>> Runs()
        {
            foreach (IGrouping<int, EmIteration> start in _seen.GroupBy(step => step.Start))
            {
                var run = new List<double>();
                int last = 0;
                foreach (EmIteration step in start)
                {
                    if (step.Iteration <= last)
                    {
                        yield return run;
                        run = [];
                    }
                    run.Add(step.Objective);
                    last = step.Iteration;
                }
                yield return run;
            }
        }
    }
}
