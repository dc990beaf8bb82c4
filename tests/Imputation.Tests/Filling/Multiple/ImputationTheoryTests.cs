using Imputation.Numerics.Random;
using Imputation.Tests.Shared;
using Imputation.Tests.Shared.Coverage;

namespace Imputation.Tests.Filling.Multiple;

/// <summary>Imputations by both methods against what theory says they must be.</summary>
public class ImputationTheoryTests
{
    public static TheoryData<MultipleMethod> Methods { get; } = [.. Enum.GetValues<MultipleMethod>()];

    private static double[] Values(Table table, string column) => ((NumericColumn)table[column]).Values.ToArray();

    /// <summary>Rubin's answer from endlessly many imputations is the posterior mean and √(Ū + B), and with many rows both are maximum
    /// likelihood's (Rubin 1987, §3.2).
    /// From m imputations the estimate has a simulation error of √(B/m), and B itself a relative one of √(2/(m − 1)), of which a standard
    /// error has ½λ.
    /// 4.5 of these for each of 24 numbers; besides, a bias of the order 1/n, or 1/√n standard errors: one of those; and 1/n of the
    /// standard error, ten of those, for divisors
    /// n − 1, n − 3 and the degrees of freedom of the draws.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void ManyImputations_GiveWhatFimlGives(MultipleMethod method)
    {
        const int n = 1_000, m = 1_000;
        Table table = MarSample.Draw(seed: 4, number: 0, rows: n);
        ImputationSet set = table.ImputeMultiple(new MultipleOptions { Method = method, Count = m });
        List<Table> tables = [.. set.Select((_, done) => done.Table)];
        PooledAnalysis slopes = Analysis.Pooled(tables, RegressionFormula.Parse(Estimand.Formula)),
            all = Analysis.Pooled(tables, RegressionFormula.Parse("y ~ a + b + c"));

        ObservedInformation information = set.Fit.AsNormal().Information();
        NormalRegression regression = set.Fit.AsNormal().Regress(Estimand.Formula);
        double[] mean = set.Fit.AsNormal().Mean.ToArray();
        double[,] covariance = set.Fit.AsNormal().Covariance.ToArray();
        for (int j = 0; j < 4; j++) Near(mean[j], information.MeanStandardErrors[j], all.Means[j], $"mean of {MarSample.Columns[j]}");
        foreach ((AnalyzedCorrelation pooled, (int i, int j)) in all.Correlations.Zip(Estimand.Pairs))
        {
            double r = covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]);
            Near(Math.Atanh(r), information.CorrelationStandardErrors[i, j] / (1 - r * r), pooled.Pooled!.Fisher,
                $"correlation of {pooled.First} and {pooled.Second}");
        }
        foreach (string name in (string[])["a", "b"]) Near(regression[name].Estimate, regression[name].StandardError,
            slopes.Coefficients[name], $"slope of {name}");

        static void Near(double estimate, double error, PooledEstimate pooled, string what)
        {
            double off = Math.Abs(pooled.Estimate - estimate), allowed = 4.5 * Math.Sqrt(pooled.Between / m) + error / Math.Sqrt(n);
            Assert.True(off <= allowed, $"{what}: {pooled.Estimate} rather than {estimate}, {off / allowed:F2} of what is allowed");
            double ratio = pooled.StandardError / error - 1;
            allowed = 4.5 * 0.5 * pooled.Lambda * Math.Sqrt(2.0 / (m - 1)) + 10.0 / n;
            Assert.True(Math.Abs(ratio) <= allowed, $"{what}: standard error {pooled.StandardError} rather than {error}, "
                + $"{ratio / allowed:F2} of what is allowed");
        }
    }

    /// <summary>x complete, y missing in a share π of rows, independently of everything. Given the x, the estimates from the observed y
    /// vary by σ²/S_obs (the slope of y on x) and
    /// σ²(1/n_obs + (x̄_obs − x̄)²/S_obs) (what is predicted for the mean of y; Anderson 1957; Little and Rubin 2019, §7.2), S being sums
    /// of squares about the mean, and with
    /// complete data they would vary by σ²/S and σ²/n: B is the difference (Rubin 1987, §3.3). S_obs is about (1 − π)S, so the slope's
    /// fraction of missing information B/(Ū + B) is about π.
    /// Imputations that all use the same parameters have (1 − π) times this B.</summary>
    /// <remarks>From m = 600 imputations B has a relative error of √(2/599) = 0.058. Resampled rows, unlike the model, do not know that
    /// residuals vary alike everywhere: the bootstrap's variance of a slope,
    /// Σ(x − x̄)²e²/S_obs², is off by √(4/n_obs) = 0.058 of itself with the fewest, 1,200 observed. Together 0.082, of which 0.33 are four.
    /// The fraction is off by π(1 − π) times that, and
    /// times the error of S_obs/S, 0.07: four of them are at most 0.25 · 4 · 0.11.</remarks>
    [Theory]
    [MemberData(nameof(Methods))]
    public void VarianceBetweenImputations_GrowsWithWhatIsMissing_AsTheorySays(MultipleMethod method)
    {
        const int n = 4_000, m = 600;
        double lastMean = 0, lastSlope = 0;
        foreach (double share in (double[])[0.1, 0.3, 0.5, 0.7])
        {
            double[] x = new double[n], y = new double[n];
            for (int row = 0; row < n; row++)
            {
                x[row] = CounterRandom.Normal(6, row, 0, 0);
                y[row] = CounterRandom.Uniform(6, row, 1, 1) < share ? double.NaN : 0.6 * x[row] + 0.8 * CounterRandom.Normal(6, row, 1, 0);
            }
            Table table = new([NumericColumn.Create("x", ColumnKind.Number, x), NumericColumn.Create("y", ColumnKind.Number, y)]);
            ImputationSet set = table.ImputeMultiple(new MultipleOptions { Method = method, Count = m });
            PooledAnalysis pooled = set.Analyze(RegressionFormula.Parse("y ~ x"));
            PooledEstimate mean = pooled.Means[0], slope = pooled.Coefficients["x"];

            double[] observed = [.. x.Where((_, row) => !double.IsNaN(y[row]))];
            double all = x.Average(), some = observed.Average(), squares = x.Sum(v => (v - all) * (v - all)),
                told = observed.Sum(v => (v - some) * (v - some));
            double[,] s = set.Fit.AsNormal().Covariance.ToArray();
            double residual = s[1, 1] - s[0, 1] * s[0, 1] / s[0, 0];
            double expectedMean = residual * (1.0 / observed.Length + (some - all) * (some - all) / told - 1.0 / n),
                expectedSlope = residual * (1 / told - 1 / squares);
            Assert.InRange(mean.Between / expectedMean, 0.67, 1.33);
            Assert.InRange(slope.Between / expectedSlope, 0.67, 1.33);
            double missing = 1 - (double)observed.Length / n;
            Assert.InRange(slope.FractionOfMissingInformation, missing - 0.11, missing + 0.11);
            Assert.True(mean.Between > lastMean && slope.Between > lastSlope);
            (lastMean, lastSlope) = (mean.Between, slope.Between);
        }
    }

    /// <summary>20,000 rows, 30 % missing completely at random: filled cells are a sample of the population. Their Kolmogorov–Smirnov
    /// distance from each column's marginal distribution stays
    /// below its 0.1 % point, 1.95/√(number of cells) = 0.025; that parameters are drawn rather than known moves it by √(2/14000) · 0.4 =
    /// 0.005.
    /// Means, deviations and correlations of the completed table are the population's: each has twice the variance of an estimate from the
    /// 14,000 observed cells, or 9,800 pairs, at most (its own
    /// error, and that of the draw), of which 4.5 deviations are allowed.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void FilledCells_AreASampleOfThePopulation(MultipleMethod method)
    {
        const int n = 20_000, p = 3;
        double[,] root = NaiveMatrix.Cholesky(new[,] { { 1, 0.6, 0.3 }, { 0.6, 1, 0.5 }, { 0.3, 0.5, 1 } });
        double[] mean = [0, 100, -7], deviation = [1, 15, 0.02];
        var values = new double[n, p];
        for (int row = 0; row < n; row++)
        {
            for (int j = 0; j < p; j++)
            {
                double z = 0;
                for (int k = 0; k <= j; k++) z += root[j, k] * CounterRandom.Normal(8, row, k, 0);
                values[row, j] = CounterRandom.Uniform(8, row, j, 1) < 0.3 ? double.NaN : mean[j] + deviation[j] * z;
            }
        }
        Table table = Table.FromArray(["x1", "x2", "x3"], values);
        foreach (ImputationResult done in table.ImputeMultiple(new MultipleOptions { Method = method, Count = 3 }))
        {
            foreach (NumericColumn column in table.Columns.Cast<NumericColumn>())
            {
                int j = table.Columns.ToList().IndexOf(column);
                double[] filled = [.. Values(done.Table, column.Name).Where((_, row) => column.IsMissing(row))
                    .Select(v => (v - mean[j]) / deviation[j]).Order()];
                Assert.InRange(filled.Length, 5_500, 6_500);
                double distance = filled.Select((z, i) => Math.Max(Math.Abs(Normal(z) - (double)i / filled.Length),
                    Math.Abs(Normal(z) - (i + 1.0) / filled.Length))).Max();
                Assert.True(distance < 1.95 / Math.Sqrt(filled.Length), $"{column.Name}: {distance}");
            }
            Moments summary = Moments.Of(done.Table);
            for (int i = 0; i < p; i++)
            {
                Assert.Equal(0, (summary.Means[i] - mean[i]) / deviation[i], 4.5 * Math.Sqrt(2.0 / 14_000));
                Assert.Equal(1, summary.StandardDeviations[i] / deviation[i], 4.5 * Math.Sqrt(1.0 / 14_000));
                for (int j = 0; j < i; j++)
                {
                    double r = 0;
                    for (int k = 0; k <= j; k++) r += root[i, k] * root[j, k];
                    Assert.Equal(r, summary.Correlations[i, j], 4.5 * (1 - r * r) * Math.Sqrt(2.0 / 9_800));
                }
            }
        }
    }

    private static double Normal(double x) => MathNet.Numerics.Distributions.Normal.CDF(0, 1, x);
}
