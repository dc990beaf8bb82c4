using Imputation.Numerics.Distributions;

namespace Imputation.Tests.Shared.Coverage;

/// <summary>A way from an incomplete table to intervals for all of <see cref="Estimand.All"/>, in their order, by what the library offers
/// its users.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsValid">Whether its intervals should cover what they say.</param>
/// <param name="Intervals">The intervals from a table and a seed. On one thread: the study runs several tables at a time.</param>
internal sealed record IntervalMethod(string Name, bool IsValid, Func<Table, ulong, Interval[]> Intervals)
{
    private const double Confidence = 0.95;

    private static readonly RunOptions s_run = new() { Threads = 1 };

    /// <summary>Multiple imputation by bootstrap EM, pooled.</summary>
    public static IntervalMethod BootstrapEm(int count) => Multiple("bootstrap EM", MultipleMethod.BootstrapEm, count);

    /// <summary>Multiple imputation by data augmentation, pooled.</summary>
    public static IntervalMethod DataAugmentation(int count) => Multiple("data augmentation", MultipleMethod.DataAugmentation, count);

    /// <summary>Full-information maximum likelihood: estimate ± 1.96 standard errors from the observed information, slopes as
    /// <see cref="NormalRegression"/> has them, correlations on
    /// Fisher's scale.</summary>
    public static IntervalMethod Fiml { get; } = new("FIML", true, (table, _) =>
    {
        NormalFit fit = NormalModel.Fit(table, run: s_run);
        ObservedInformation information = fit.Information();
        NormalRegression regression = fit.Regress(Estimand.Formula, Confidence);
        double quantile = StudentQuantile.TwoSided(Confidence, double.PositiveInfinity);
        double[] mean = fit.Mean.ToArray(), meanErrors = information.MeanStandardErrors.ToArray();
        double[,] covariance = fit.Covariance.ToArray(), correlationErrors = information.CorrelationStandardErrors.ToArray();
        return
        [
            .. mean.Select((m, j) => Interval.About(m, meanErrors[j], quantile)),
            .. Estimand.Pairs.Select(pair =>
            {
                double r = covariance[pair.First, pair.Second] / Math.Sqrt(covariance[pair.First, pair.First] * covariance[pair.Second,
                    pair.Second]);
                return Interval.OfCorrelation(r, correlationErrors[pair.First, pair.Second] / (1 - r * r), quantile);
            }),
            .. regression.Coefficients.Skip(1).Select(c => new Interval(c.Estimate, c.Lower, c.Upper)),
        ];
    });

    /// <summary>Missing cells filled once with conditional means, and the table then taken for complete.</summary>
    public static IntervalMethod SingleFill { get; } = new("one conditional-mean fill", false,
        (table, _) => AsIfComplete(table.Impute(NormalOptions.Default, run: s_run).Table));

    /// <summary>The rows in which nothing is missing, and no others.</summary>
    public static IntervalMethod CompleteCases { get; } = new("complete cases", false, (table, _) => AsIfComplete(table));

    private static IntervalMethod Multiple(string name, MultipleMethod method, int count) => new(name, true, (table, seed) =>
    {
        var options = new MultipleOptions { Method = method, Count = count, Model = NormalOptions.Default };
        List<Table> tables = [.. table.ImputeMultiple(options, s_run with { Seed = seed }).Select((_, done) => done.Table)];
        PooledAnalysis slopes = Analysis.Pooled(tables, RegressionFormula.Parse(Estimand.Formula), Confidence);
        PooledAnalysis all = Analysis.Pooled(tables, RegressionFormula.Parse("y ~ a + b + c"), Confidence); // for means and correlations
        return
        [
            .. all.Means.Select(Of),
            .. all.Correlations.Select(c => new Interval(c.Pooled!.Correlation, c.Pooled.Lower, c.Pooled.Upper)),
            .. slopes.Coefficients.Coefficients.Skip(1).Select(Of),
        ];
    });

    private static Interval Of(PooledEstimate estimate) => new(estimate.Estimate, estimate.Lower, estimate.Upper);

    /// <summary>Textbook intervals from the rows that have all columns: Student's t for means and slopes, Fisher's z for
    /// correlations.</summary>
    private static Interval[] AsIfComplete(Table table)
    {
        Moments summary = Moments.Of(table, MarSample.Columns);
        LinearRegression regression = LinearRegression.Fit(new Table(MarSample.Columns.Select(name => table[name])),
            RegressionFormula.Parse(Estimand.Formula));
        int n = summary.RowCount;
        double[] means = summary.Means.ToArray(), meanErrors = summary.StandardErrors.ToArray(), slopes = regression.Coefficients.ToArray(),
            slopeErrors = regression.StandardErrors.ToArray();
        double t = StudentQuantile.TwoSided(Confidence, n - 1), tOfSlopes = StudentQuantile.TwoSided(Confidence,
            regression.DegreesOfFreedom);
        double z = StudentQuantile.TwoSided(Confidence, double.PositiveInfinity);
        return
        [
            .. means.Select((m, j) => Interval.About(m, meanErrors[j], t)),
            .. Estimand.Pairs.Select(pair => Interval.OfCorrelation(summary.Correlations[pair.First, pair.Second],
                1 / Math.Sqrt(n - 3), z)),
            .. slopes.Select((b, j) => Interval.About(b, slopeErrors[j], tOfSlopes)).Skip(1),
        ];
    }
}
