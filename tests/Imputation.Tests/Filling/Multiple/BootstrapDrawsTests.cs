using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;
using Imputation.Tests.Diagnostics;

namespace Imputation.Tests.Filling.Multiple;

public class BootstrapDrawsTests
{
    /// <summary>A row that counts twice is a row that is there twice: the maximum over weighted rows against the ordinary fit of a table
    /// with
    /// repeated rows. Both are within 1e-9 standard deviations of it.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public void WeightedRows_AreRepeatedRows(bool? sums)
    {
        double[,] values = Simulated.Rows(3, 120, 4, 0.5, 0.3);
        int[] counts = [.. Enumerable.Range(0, 120).Select(row => row * 7 % 5 is var w && w == 4 ? 0 : w)];
        double[] weights = Array.ConvertAll(counts, w => (double)w);
        int[] repeated = [.. Enumerable.Range(0, 120).SelectMany(row => Enumerable.Repeat(row, counts[row]))];
        var copy = new double[repeated.Length, 4];
        for (int row = 0; row < repeated.Length; row++)
            for (int j = 0; j < 4; j++) copy[row, j] = values[repeated[row], j];

        NormalFit expected = NormalModel.Fit(Simulated.Table(copy), new NormalOptions { Tolerance = 1e-9 });
        GaussianData data = GaussianData.From(IncompleteMatrix.FromArray(values), sums: sums), weighted = data.Weighted(weights, 1);
        Assert.Equal(repeated.Length, weighted.Weight);
        Assert.Equal(expected.Report.ObservedCellCount, weighted.ObservedCellWeight);
        var model = new NormalEm(weighted, ScaledPrior.From(CovariancePrior.None, data), 1,
            new NormalEm(data, ScaledPrior.From(CovariancePrior.None, data)).Initialize(EmStart.Deterministic));
        EmFit<GaussianParameters> fit = EmDriver.Fit(model, new EmOptions { Tolerance = 1e-9 });
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(expected.Mean[i], data.Center[i] + data.Scale[i] * fit.Parameters.Mean[i], 1e-8);
            for (int j = 0; j < 4; j++) Assert.Equal(expected.Covariance[i, j],
                data.Scale[i] * data.Scale[j] * fit.Parameters.Covariance[i * 4 + j], 1e-7);
        }
        Assert.Equal(expected.Report.LogLikelihood, fit.LogLikelihood, 1e-7);
    }

    /// <summary>Also where the precision is not used: strongly correlated columns, whose quadratic forms come from roots.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WeightedRows_AreRepeatedRows_WhereTheCovarianceIsBadlyConditioned(bool sums)
    {
        double[,] values = Simulated.Rows(5, 90, 3, 0.9999, 0.2);
        int[] counts = [.. Enumerable.Range(0, 90).Select(row => row % 3)];
        double[] weights = Array.ConvertAll(counts, w => (double)w);
        int[] repeated = [.. Enumerable.Range(0, 90).SelectMany(row => Enumerable.Repeat(row, counts[row]))];
        var copy = new double[repeated.Length, 3];
        for (int row = 0; row < repeated.Length; row++)
            for (int j = 0; j < 3; j++) copy[row, j] = values[repeated[row], j];
        NormalFit expected = NormalModel.Fit(Simulated.Table(copy), new NormalOptions { Tolerance = 1e-8 });
        GaussianData data = GaussianData.From(IncompleteMatrix.FromArray(values), sums: sums);
        GaussianParameters start = new NormalEm(data, ScaledPrior.From(CovariancePrior.None, data)).Initialize(EmStart.Deterministic);
        EmFit<GaussianParameters> fit = EmDriver.Fit(new NormalEm(data.Weighted(weights, 1), ScaledPrior.From(CovariancePrior.None, data),
            1, start), new EmOptions { Tolerance = 1e-8 });
        Assert.False(fit.Parameters.PrecisionIsAccurate);
        Assert.Equal(expected.Report.LogLikelihood, fit.LogLikelihood, 1e-5);
    }

    /// <summary>Refits stop within a hundredth of a standard error of their maximum: here against refits that go all the way.</summary>
    [Fact]
    public void Refits_ComeWithinAHundredthOfAStandardError()
    {
        const int n = 400;
        double[,] values = Simulated.Rows(8, n, 4, 0.5, 0.3);
        NormalFit fit = NormalModel.Fit(Simulated.Table(values), null, null, default, out GaussianData data);
        var draws = new BootstrapDraws(data, fit, 5);
        for (int k = 0; k < 5; k++)
        {
            ParameterDraw draw = draws.Draw(k, 1, default);
            Assert.True(draw.Converged);
            NormalFit polished = Polished(data, fit, draws, k);
            for (int j = 0; j < 4; j++)
                Assert.InRange(Math.Abs(draw.Model.AsNormal().Mean[j] - polished.Mean[j]) / Math.Sqrt(polished.Covariance[j, j] / n), 0,
                    0.01);
        }
    }

    /// <summary>The same resample fitted as an ordinary table.</summary>
    private static NormalFit Polished(GaussianData data, NormalFit fit, BootstrapDraws draws, int index)
    {
        double[] weights = draws.Weights(index);
        int[] rows = [.. Enumerable.Range(0, weights.Length).SelectMany(row => Enumerable.Repeat(row, (int)weights[row]))];
        Assert.Equal(data.RowCount, rows.Length);
        return NormalModel.Fit(data.Matrix.Rows(rows), new NormalOptions { Prior = fit.Report.Prior, Tolerance = 1e-9 });
    }

    /// <summary>The spread of bootstrap means over 400 draws is the standard error of a mean, s/√n for a complete column: its relative
    /// error is 1/√800 = 0.035, five of them 0.18.</summary>
    [Fact]
    public void SpreadOfDraws_IsTheStandardError()
    {
        const int n = 200, draws = 400;
        NormalFit fit = NormalModel.Fit(Simulated.Table(Simulated.Rows(11, n, 3, 0.4, 0.2)), null, null, default, out GaussianData data);
        var source = new BootstrapDraws(data, fit, 1);
        // column 0 is complete
        double[] means = [.. Enumerable.Range(0, draws).Select(k => source.Draw(k, 1, default).Model.AsNormal().Mean[0])];
        double mean = means.Average(), deviation = Math.Sqrt(means.Sum(x => (x - mean) * (x - mean)) / (draws - 1));
        double expected = Math.Sqrt(fit.Covariance[0, 0] / n);
        Assert.InRange(deviation / expected, 0.82, 1.18);
        Assert.InRange(Math.Abs(mean - fit.Mean[0]) / expected, 0, 5 / Math.Sqrt(draws));
    }
}
