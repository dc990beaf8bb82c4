using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models;

public class NormalModelTests
{
    /// <summary>n rows of p columns with a common factor; each cell missing with the given chance, in one of so many masks (0: a mask per
    /// row).</summary>
    private static double[,] Factor(int n, int p, double missing, int masks)
    {
        var random = new Random(p);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        bool[][] mask = [.. Enumerable.Range(0, masks == 0 ? n : masks)
            .Select(_ => Enumerable.Range(0, p).Select(_ => random.NextDouble() < missing).ToArray())];
        var values = new double[n, p];
        for (int row = 0; row < n; row++)
        {
            double common = Normal();
            bool[] hidden = mask[masks == 0 ? row : random.Next(masks)];
            for (int j = 0; j < p; j++)
            {
                double x = 0.6 * common + 0.8 * Normal();
                values[row, j] = hidden[j] ? double.NaN : x;
            }
        }
        return values;
    }

    /// <summary>At the maximum a textbook EM step stays where it is. More columns than bits in a word; few rows per pattern, and
    /// many.</summary>
    [Theory]
    [InlineData(300, 64, 0.1, 0)]
    [InlineData(300, 65, 0.02, 0)]
    [InlineData(400, 70, 0.15, 6)]
    [InlineData(400, 40, 0.3, 0)]
    public void Estimates_AreAFixedPointOfTheTextbookStep_WithManyColumns(int n, int p, double missing, int masks)
    {
        double[,] values = Factor(n, p, missing, masks);
        NormalFit fit = NormalModel.Fit(IncompleteMatrix.FromArray(values), new NormalOptions { Tolerance = 1e-9 });
        var at = new NaiveParameters(fit.Mean.ToArray(), fit.Covariance.ToArray());
        Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
        Assert.InRange(NaiveNormal.Distance(at, NaiveNormal.EmStep(values, at)), 0, 1e-8);
        Assert.InRange(fit.Report.LogLikelihood / NaiveNormal.LogLikelihood(values, at), 1 - 1e-11, 1 + 1e-11);
    }

    [Fact]
    public void Fit_GivesTheSameBits_OnAnyNumberOfThreads()
    {
        IncompleteMatrix matrix = IncompleteMatrix.FromArray(Factor(600, 30, 0.1, 0));
        NormalFit one = NormalModel.Fit(matrix, new NormalOptions { Restarts = 3 }, new RunOptions { Threads = 1 });
        foreach (int threads in (int[])[2, 3, 8, 0])
        {
            NormalFit more = NormalModel.Fit(matrix, new NormalOptions { Restarts = 3 }, new RunOptions { Threads = threads });
            Assert.Equal(one.Mean, more.Mean);
            Assert.Equal(one.Covariance, more.Covariance);
            Assert.Equal(one.Report.Trace, more.Report.Trace);
            Assert.Equal(one.Report.Runs, more.Report.Runs);
            Assert.Equal((one.Report.LogLikelihood, one.Report.ConvergenceRate, one.Report.EstimatedDistance, one.Report.ScoreNorm),
                (more.Report.LogLikelihood, more.Report.ConvergenceRate, more.Report.EstimatedDistance, more.Report.ScoreNorm));
        }
    }

    [Fact]
    public void Cancellation_WhileIterating_GivesTheBestSeen()
    {
        using var source = new CancellationTokenSource();
        var stop = new StopAt(3, source);
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("boys_num")!.Matrix, new NormalOptions { Accelerate = false },
            new RunOptions { Progress = stop }, source.Token);
        Assert.Equal(EmOutcome.Cancelled, fit.Report.Outcome);
        Assert.InRange(fit.Report.Trace.Count, 3, 4);
        Assert.Equal(fit.Report.Trace[^1].Objective, fit.Report.Objective);
    }

    [Fact]
    public void Cancellation_BeforeAnything_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => NormalModel.Fit(ReferenceCase.Mvn("boys_num")!.Matrix,
            cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void Fit_ModelsOnlyTheColumnsAskedFor()
    {
        Table air = ReferenceCase.Mvn("airquality")!.Table;
        NormalFit fit = NormalModel.Fit(air, new NormalOptions { Columns = new ColumnSelection { Include = ["Temp", "Ozone"] } });
        Assert.Equal(["Ozone", "Temp"], fit.Columns);
        Assert.Equal(6, fit.Report.ColumnUses.Count);
        Assert.Equal(4, fit.Report.ColumnUses.Count(d => d.Role == ColumnRole.Excluded));
    }

    [Fact]
    public void Fit_RefusesATableWithNothingToModel_AndSaysWhatItHas()
    {
        var error = Assert.Throws<ImputationDataException>(() =>
            NormalModel.Fit(new Table([TextColumn.Create("name", ["a", "b"]), NumericColumn.Number("k", [3, 3])])));
        Assert.Contains("'name'", error.Message);
        Assert.Contains("'k'", error.Message);
    }

    [Fact]
    public void Results_CannotBeChanged()
    {
        NormalFit fit = NormalModel.Fit(ReferenceCase.Mvn("nhanes")!.Matrix);
        fit.Covariance.ToArray()[0, 0] = 99;
        fit.Covariance.ToMathNet()[0, 0] = 99;
        Assert.NotEqual(99, fit.Covariance[0, 0]);
        Assert.Throws<NotSupportedException>(() => ((IList<double>)fit.Mean)[0] = 99);
        Assert.Same(fit.Mean, fit.Mean);
        Assert.Same(fit.Covariance, fit.Covariance); // nothing is copied at an access
    }

    [Fact]
    public void Covariance_IsSymmetric_ToTheLastBit()
    {
        double[,] s = NormalModel.Fit(ReferenceCase.Mvn("bfi25")!.Matrix).Covariance.ToArray();
        for (int j = 0; j < 25; j++)
            for (int k = 0; k < j; k++) Assert.Equal(s[j, k], s[k, j]);
    }

    private sealed class StopAt(int iteration, CancellationTokenSource source) : IProgress<EmIteration>
    {
        public void Report(EmIteration value)
        {
            if (value.Iteration == iteration) source.Cancel();
        }
    }
}
