using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Models.Normal.MarkovChains;
using Imputation.Numerics;
using Imputation.Numerics.Random;
using Imputation.Patterns;
using Imputation.Statistics;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.MarkovChains;

/// <summary>Draws against what theory says they must be.</summary>
public class DataAugmentationTheoryTests
{
    private const int Kept = 20_000;

    private static DataAugmentationOptions Long => new() { ChainCount = 2, DrawCount = 2, BurnIn = 1, Thinning = 1 };

    /// <summary>Complete data: every iteration is an independent draw of Σ ~ IW(n − 1 + ξ, S + Λ), μ ~ t, so that E Σ = (S + Λ) / (ν − p −
    /// 1),
    /// Var Σ_ij = ((ν − p + 1) G_ij² + (ν − p − 1) G_ii G_jj) / ((ν − p)(ν − p − 1)²(ν − p − 3)), Cov μ = E Σ / n.</summary>
    [Theory]
    [InlineData("jeffreys", false)]
    [InlineData("ridge:3", false)]
    [InlineData("jeffreys", true)]
    public void CompleteData_GiveTheExactPosterior(string prior, bool oneRow)
    {
        const int n = 14, p = 3;
        double[,] values = Simulated.Values(n, p, seed: 4);
        if (oneRow) // a second pattern, which has no information: as if it were not there
        {
            values = Simulated.With(values, double.NaN);
        }
        DataAugmentationResult result = Run(values, new DataAugmentationOptions
        {
            ChainCount = 4,
            DrawCount = 4 * 5_000,
            BurnIn = 1,
            Thinning = 1
        }, prior);

        double[] mean = [.. Enumerable.Range(0, p).Select(j => Enumerable.Range(0, n).Average(i => values[i, j]))];
        double xi = prior == "jeffreys" ? 0 : 3, nu = n - 1 + xi, f = nu - p;
        var g = new double[p, p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++)
            {
                for (int r = 0; r < n; r++) g[i, j] += (values[r, i] - mean[i]) * (values[r, j] - mean[j]);
            }
        for (int i = 0; i < p; i++) g[i, i] *= 1 + xi / (n - 1);
        foreach (DataAugmentationTrace trace in result.Traces)
        {
            int i = trace.First, j = trace.Second;
            bool isMean = trace.Kind == DataAugmentationTraceKind.Mean;
            double expected = isMean ? mean[i] : g[i, j] / (f - 1);
            double variance = isMean ? g[i, i] / (f - 1) / n
                : ((f + 1) * g[i, j] * g[i, j] + (f - 1) * g[i, i] * g[j, j]) / (f * (f - 1) * (f - 1) * (f - 3));
            double deviation = Math.Sqrt(variance);
            Assert.InRange(trace.Mean, expected - 5 * deviation / Math.Sqrt(Kept), expected + 5 * deviation / Math.Sqrt(Kept));
            double tails = isMean ? 0.025 : 0.07; // those of Σ are long: its variance has hardly a variance of its own here
            Assert.InRange(trace.StandardDeviation / deviation, 1 - tails, 1 + tails);
            Assert.InRange(trace.Autocorrelations(1)[1], -5 / Math.Sqrt(Kept), 5 / Math.Sqrt(Kept));
            Assert.InRange(trace.EffectiveDrawCount, 0.85 * Kept, 1.25 * Kept);
        }
        Assert.Null(result.Worst);
    }

    /// <summary>x complete, y observed in the first n₁ rows: the posterior distribution factors (Schafer 1997, §6.5.2) into that of x's
    /// variance, scaled inverse
    /// χ² with n − 2 degrees of freedom under the prior |Σ|^(−(p+1)/2), and that of y's regression on x in the n₁ rows, with n₁ −
    /// 1.</summary>
    [Fact]
    public void OneColumnWithMissingCells_GivesThePosteriorOfThoseObserved()
    {
        const int n = 40, observed = 24;
        double[,] values = Simulated.Values(n, 2, seed: 9);
        for (int i = observed; i < n; i++) values[i, 1] = double.NaN;
        DataAugmentationResult result = Run(values, Long with { ChainCount = 4, DrawCount = 4 * Kept, BurnIn = 100 }, "jeffreys");

        double[] x = [.. Enumerable.Range(0, n).Select(i => values[i, 0])];
        double all = x.Average(), sumAll = x.Sum(v => (v - all) * (v - all));
        DataAugmentationTrace variance = result.Traces.Single(t => t.Name == "var(x1)"),
            meanX = result.Traces.Single(t => t.Name == "mean(x1)");

        Near(variance, sumAll / (n - 4));
        Near(meanX, all);

        // The regression's residual variance is Σ_yy − Σ_xy²/Σ_xx, its slope Σ_xy/Σ_xx with variance σ²/S_xx given σ².
        double meanObserved = x[..observed].Average(), y = Enumerable.Range(0, observed).Average(i => values[i, 1]);
        double sxx = x[..observed].Sum(v => (v - meanObserved) * (v - meanObserved)), sxy = 0, syy = 0;
        for (int i = 0; i < observed; i++)
        {
            sxy += (x[i] - meanObserved) * (values[i, 1] - y);
            syy += (values[i, 1] - y) * (values[i, 1] - y);
        }
        double residual = syy - sxy * sxy / sxx, slope = sxy / sxx;
        double[] slopes = [.. Ratio(result, (c, v, w) => c / v)], residuals = [.. Ratio(result, (c, v, w) => w - c * c / v)];
        double degrees = observed - 1;
        Assert.InRange(residuals.Average() / (residual / (degrees - 2)), 0.985, 1.015);
        Assert.InRange(slopes.Average() - slope, -0.01 * Math.Sqrt(residual / degrees / sxx) * 3,
            0.01 * Math.Sqrt(residual / degrees / sxx) * 3);
        double spread = Math.Sqrt(slopes.Average(b => (b - slope) * (b - slope))), expected = Math.Sqrt(residual / (degrees - 2) / sxx);
        Assert.InRange(spread / expected, 0.98, 1.02);
    }

    [Fact]
    public void ManyRows_PutThePosteriorMeanAtTheMaximumOfTheLikelihood()
    {
        const int n = 20_000, p = 4;
        double[,] values = Simulated.Values(n, p, seed: 12, missing: 0.25);
        Table table = Simulated.Table(values);
        NormalFit fit = NormalModel.Fit(table);
        DataAugmentationResult result = DataAugmentation.Run(fit, table, Long with { ChainCount = 2, DrawCount = 2_000 });
        double[] mean = fit.Mean.ToArray();
        double[,] covariance = fit.Covariance.ToArray();
        foreach (DataAugmentationTrace trace in result.Traces.Where(t => t.First >= 0))
        {
            double at = trace.Kind == DataAugmentationTraceKind.Mean ? mean[trace.First] : covariance[trace.First, trace.Second];
            Assert.InRange((trace.Mean - at) / trace.StandardDeviation, -0.2, 0.2); // bias of the order 1/√n, and simulation error
        }
        Assert.InRange(result.LargestRHat, 0.99, 1.05);
    }

    /// <summary>The chain forgets at EM's rate: along the worst linear function its autocorrelations are λᵗ (Schafer 1997, §3.5.3 and
    /// §4.4.3).</summary>
    [Fact]
    public void WorstLinearFunction_ForgetsAtTheRateOfEm()
    {
        Table table = Simulated.Table(Simulated.Values(3_000, 3, seed: 21, missing: 0.5));
        NormalFit fit = NormalModel.Fit(table);
        DataAugmentationResult result = DataAugmentation.Run(fit, table, Long with { ChainCount = 4, DrawCount = 16_000, BurnIn = 50 });
        double[] correlations = result.Worst!.Autocorrelations(4);
        for (int lag = 1; lag <= 4; lag++) Assert.InRange(correlations[lag], Math.Pow(fit.Report.ConvergenceRate, lag) - 0.05,
            Math.Pow(fit.Report.ConvergenceRate, lag) + 0.05);
        Assert.All(result.Traces, t => Assert.True(t.Autocorrelations(1)[1] < fit.Report.ConvergenceRate + 0.05, t.Name));
    }

    /// <summary>Rotated rows give the same distribution as rows one by one.</summary>
    [Fact]
    public void RotatedRows_DrawFromTheSameDistribution()
    {
        double[,] values = Simulated.Values(120, 4, seed: 30);
        for (int i = 0; i < 120; i++)
        {
            if (i % 3 == 1) values[i, 0] = values[i, 2] = double.NaN;
            if (i % 3 == 2) values[i, 3] = double.NaN;
        }
        IncompleteMatrix matrix = IncompleteMatrix.FromArray(values);
        var data = GaussianData.From(matrix, sums: false);
        var estimate = GaussianParameters.Create(new double[4], [1, 0.5, 0.3, 0.2, 0.5, 1, 0.4, 0.1, 0.3, 0.4, 1, 0.3, 0.2, 0.1, 0.3, 1])!;
        double[][][] draws = [.. new[] { false, true }.Select(rotate =>
        {
            var augmented = DataAugmentationData.From(data, CovariancePrior.Jeffreys, 1, rotate);
            Assert.Equal(rotate, augmented.Blocks.Any(b => b.IsRotated(0)));
            var chain = new DataAugmentationChain(augmented, 1);
            double[][] series = [.. Enumerable.Range(0, 20).Select(_ => new double[Kept])];
            for (int t = 0; t < Kept; t++)
            {
                // from the same point every time: independent draws
                GaussianParameters next = chain.Step(estimate, new DrawKey(rotate ? 1UL : 2UL, 0, t))!;
                for (int i = 0; i < 4; i++)
                {
                    series[i][t] = next.Mean[i];
                    for (int j = 0; j < 4; j++) series[4 + 4 * i + j][t] = next.Covariance[4 * i + j];
                }
            }
            return series;
        })];
        for (int q = 0; q < 20; q++)
        {
            Assert.InRange(KolmogorovSmirnov(draws[0][q], draws[1][q]) * Math.Sqrt(Kept / 2.0), 0, 1.95); // p = 0.001
        }
    }

    /// <summary>Geweke's (2004) joint distribution test: data drawn from parameters and parameters from data by turns must leave the prior
    /// as it is.
    /// The means' prior is flat, so only what does not depend on them is looked at: Σ is inverse Wishart with ξ degrees of freedom and
    /// Λ.</summary>
    [Fact]
    public void DrawingDataAndParametersByTurns_LeavesThePrior()
    {
        const int n = 6, p = 2, xi = 9, rounds = 30_000;
        double[,] lambda = { { 7, 2 }, { 2, 4 } };
        CovariancePrior prior = CovariancePrior.InverseWishart(xi, lambda);
        var stream = new RandomStream(77, 0, 0, 0);
        double[] mean = [3, -2];
        double[,] covariance = { { 1, 0.2 }, { 0.2, 0.7 } };
        var series = new double[5][];
        for (int q = 0; q < 5; q++) series[q] = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            double[,] l = NaiveMatrix.Cholesky(covariance), values = new double[n, p];
            for (int i = 0; i < n; i++)
            {
                double z0 = stream.Normal(), z1 = stream.Normal();
                values[i, 0] = i == 5 ? double.NaN : mean[0] + l[0, 0] * z0; // the same cells missing every time
                values[i, 1] = i is 1 or 3 ? double.NaN : mean[1] + l[1, 0] * z0 + l[1, 1] * z1;
            }
            var data = GaussianData.From(IncompleteMatrix.FromArray(values), threads: 1, sums: false);
            var at = GaussianParameters.Create([.. mean.Select((m, j) => (m - data.Center[j]) / data.Scale[j])],
                [covariance[0, 0] / data.Scale[0] / data.Scale[0], covariance[0, 1] / data.Scale[0] / data.Scale[1],
                    covariance[0, 1] / data.Scale[0] / data.Scale[1], covariance[1, 1] / data.Scale[1] / data.Scale[1]])!;
            GaussianParameters next = new DataAugmentationChain(DataAugmentationData.From(data, prior, 1), 1).Step(at,
                new DrawKey(5, 0, round))!;
            for (int i = 0; i < p; i++)
            {
                mean[i] = data.Center[i] + data.Scale[i] * next.Mean[i];
                for (int j = 0; j < p; j++) covariance[i, j] = next.Covariance[i * p + j] * data.Scale[i] * data.Scale[j];
            }
            double determinant = covariance[0, 0] * covariance[1, 1] - covariance[0, 1] * covariance[0, 1];
            series[0][round] = covariance[1, 1] / determinant; // K = Σ⁻¹ is Wishart: E K = ξ Λ⁻¹
            series[1][round] = covariance[0, 0] / determinant;
            series[2][round] = -covariance[0, 1] / determinant;
            series[3][round] = covariance[0, 0]; // E Σ = Λ / (ξ − p − 1)
            series[4][round] = covariance[0, 1];
        }
        const double determinantOfLambda = 7 * 4 - 2 * 2;
        double[] expected = [xi * 4 / determinantOfLambda, xi * 7 / determinantOfLambda, -xi * 2 / determinantOfLambda, 7.0 / (xi - p - 1),
            2.0 / (xi - p - 1)];
        for (int q = 0; q < 5; q++)
        {
            SampleMoments moments = SampleMoments.Of(series[q]);
            (double average, double deviation) = (moments.Mean, moments.StandardDeviation);
            double error = deviation / Math.Sqrt(ChainDiagnostics.EffectiveCount([series[q]]));
            Assert.InRange((average - expected[q]) / error, -4.5, 4.5);
            Assert.InRange(error / deviation, 0, 0.03);
        }
        double of = SampleMoments.Of(series[0]).StandardDeviation; // Var K_00 = 2 ξ (Λ⁻¹)_00²
        Assert.InRange(of / (Math.Sqrt(2.0 * xi) * 4 / determinantOfLambda), 0.95, 1.05);
    }

    private static DataAugmentationResult Run(double[,] values, DataAugmentationOptions options, string prior) =>
        DataAugmentation.Run(Simulated.Table(values), options, new NormalOptions { Prior = CovariancePrior.Parse(prior) });

    private static void Near(DataAugmentationTrace trace, double expected)
    {
        double error = trace.StandardDeviation / Math.Sqrt(trace.EffectiveDrawCount);
        Assert.InRange((trace.Mean - expected) / error, -5, 5);
    }

    private static IEnumerable<double> Ratio(DataAugmentationResult result, Func<double, double, double, double> of)
    {
        DataAugmentationTrace Trace(string name) => result.Traces.Single(t => t.Name == name);
        for (int chain = 0; chain < result.ChainCount; chain++)
        {
            double[] c = Trace("cov(x1, x2)").Values(chain), v = Trace("var(x1)").Values(chain), w = Trace("var(x2)").Values(chain);
            for (int t = result.BurnIn; t < c.Length; t++) yield return of(c[t], v[t], w[t]);
        }
    }

    private static double KolmogorovSmirnov(double[] a, double[] b)
    {
        double[] x = [.. a.Order()], y = [.. b.Order()];
        double largest = 0;
        for (int i = 0, j = 0; i < x.Length && j < y.Length;)
        {
            if (x[i] <= y[j]) i++;
            else j++;
            largest = Math.Max(largest, Math.Abs((double)i / x.Length - (double)j / y.Length));
        }
        return largest;
    }
}
