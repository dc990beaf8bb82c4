using Imputation.Data;
using Imputation.Em;
using Imputation.Models.Normal;
using Imputation.Tests.Shared;

namespace Imputation.Properties;

/// <summary>The main property: the objective never decreases, for any data, prior, start, accelerated or not.</summary>
public class MonotonicityProperties
{
    [Fact]
    public void Objective_NeverDecreases() => Holds.ForAll(FitCase.Wild, c =>
    {
        double[,] values = c.Data.Values();
        var seen = new Recorder();
        NormalFit fit;
        try
        {
            fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), c.Options() with { Progress = seen });
        }
        catch (ImputationDataException) when (!FitCase.CanBeModelled(values))
        {
            return; // no column with two distinct values: refused in words
        }
        Assert.NotEqual(EmOutcome.ObjectiveDecreased, fit.Outcome);
        Assert.Null(Monotonicity.FirstDecrease([.. fit.Trace.Select(step => step.Objective)]));
        foreach (List<double> run in seen.Runs()) Assert.Null(Monotonicity.FirstDecrease(run));
        Assert.All(fit.Trace, step => Assert.True(double.IsFinite(step.Objective) && double.IsFinite(step.LogLikelihood)));
        Assert.Equal(fit.Trace.Count == 0 ? fit.Objective : fit.Trace.Max(step => step.Objective), fit.Objective, 1e-10 * Math.Max(1, Math.Abs(fit.Objective)));
        Assert.All(fit.Mean, m => Assert.True(double.IsFinite(m)));
        Assert.All(fit.Covariance.Cast<double>(), s => Assert.True(double.IsFinite(s)));
    }, Holds.MainCases);

    /// <summary>The test of the test: with the conditional covariance forgotten, the same check fails, and the driver says so.</summary>
    [Fact]
    public void BrokenMStep_MakesThePropertyFail()
    {
        static void Check(DataCase data, bool broken)
        {
            EmFit<NaiveParameters> fit = EmDriver.Fit(new NaiveNormalModel(data.Values(), forgetsConditionalCovariance: broken), new EmOptions { MaxIterations = 60, Threads = 1 });
            Assert.NotEqual(EmOutcome.ObjectiveDecreased, fit.Outcome);
            Assert.Null(Monotonicity.FirstDecrease([.. fit.Trace.Select(step => step.Objective)]));
        }
        Holds.ForAll(DataCase.Gentle, data => Check(data, broken: false), count: 40);
        Exception failure = Assert.ThrowsAny<Exception>(() => Holds.ForAll(DataCase.Gentle, data => Check(data, broken: true), count: 40));
        Assert.Contains("DataCase", failure.Message); // with the case that shows it
    }

    /// <summary>All iterations of all starts. A run that leaves a saddle goes two ways, so iteration numbers of a start can fall back: a new run.</summary>
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
