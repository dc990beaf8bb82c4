namespace Imputation.Tests.Shared.Coverage;

/// <summary>What kind of quantity.</summary>
internal enum EstimandKind
{
    Mean,
    Correlation,
    Slope,
}

/// <summary>A quantity of the population that is estimated from each sample.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Truth">Its value in the population.</param>
internal sealed record Estimand(EstimandKind Kind, string Name, double Truth)
{
    /// <summary>The regression whose slopes are estimated.</summary>
    public const string Formula = "y ~ a + b";

    /// <summary>The means of all columns, the correlations of all pairs, and the slopes of <see cref="Formula"/>; that of c is complete, so
    /// nothing is lost about its mean.</summary>
    public static IReadOnlyList<Estimand> All { get; } =
    [
        .. MarSample.Columns.Select((name, j) => new Estimand(EstimandKind.Mean, $"mean {name}", MarSample.Mean[j])),
        .. Pairs.Select(pair => new Estimand(EstimandKind.Correlation,
            $"cor {MarSample.Columns[pair.First]}, {MarSample.Columns[pair.Second]}", MarSample.Correlation[pair.First, pair.Second])),
        new(EstimandKind.Slope, "slope a", MarSample.Slopes.A),
        new(EstimandKind.Slope, "slope b", MarSample.Slopes.B),
    ];

    /// <summary>Indices of the pairs of columns, in the order of the correlations.</summary>
    public static IEnumerable<(int First, int Second)> Pairs =>
        from i in Enumerable.Range(0, MarSample.Columns.Length)
        from j in Enumerable.Range(i + 1, MarSample.Columns.Length - i - 1)
        select (i, j);
}
