using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Columns;

/// <summary>Univariate summary of a column's observed values.</summary>
internal sealed class ColumnSummary
{
    private ColumnSummary() { }

    /// <summary>Number of observed cells.</summary>
    public required int Count { get; init; }

    /// <summary>Number of different observed values.</summary>
    public required int Distinct { get; init; }

    /// <summary>The value that occurs most often, the smallest or first of several; null where nothing is observed.</summary>
    public required object? Common { get; init; }

    /// <summary>How often it occurs.</summary>
    public required int CommonCount { get; init; }

    /// <summary>Σ p², p being the share of each value: the chance that two cells drawn at random are equal.</summary>
    public required double Concentration { get; init; }

    /// <summary>Mean, standard deviation and range of numbers; null for any other column.</summary>
    public ColumnStatistics? Statistics { get; init; }

    /// <summary>Skewness of numbers, g₁ = m₃ / m₂^(3/2) with the k-th central moment mₖ, divisor n; NaN where all are equal.</summary>
    public double Skewness { get; init; } = double.NaN;

    /// <summary>The quantiles asked for; NaN where there is nothing to take them of.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [];

    /// <summary>Looks at a column; its numbers are sorted, of anything else the values are counted.</summary>
    public static ColumnSummary Of(Column column, IReadOnlyList<double> probabilities) =>
        column is NumericColumn numeric ? OfNumbers(numeric, probabilities) : OfValues(column, probabilities);

    private static ColumnSummary OfNumbers(NumericColumn column, IReadOnlyList<double> probabilities)
    {
        double[] sorted = SortedValues.Of(column.Values);
        var runs = ValueRuns.Of(sorted);
        int common = runs.Commonest;
        return new ColumnSummary
        {
            Count = sorted.Length,
            Distinct = runs.Values.Length,
            Common = common < 0 ? null : runs.Values[common],
            CommonCount = common < 0 ? 0 : runs.Counts[common],
            Concentration = runs.Counts.Sum(count => Math.Pow((double)count / sorted.Length, 2)),
            Statistics = ColumnStatistics.Of(column),
            Skewness = sorted.Length == 0 ? double.NaN : SortedValues.Moments(sorted).Skewness,
            Quantiles = [.. probabilities.Select(q => SortedValues.Quantile(sorted, q))],
        };
    }

    private static ColumnSummary OfValues(Column column, IReadOnlyList<double> probabilities)
    {
        var counts = new Dictionary<object, int>();
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Value(row) is not { } value) continue;
            counts[value] = counts.GetValueOrDefault(value) + 1;
        }
        double total = counts.Values.Sum(c => (double)c);
        KeyValuePair<object, int> common = counts.Count == 0 ? default : counts.MaxBy(c => c.Value);
        return new ColumnSummary
        {
            Count = column.Count - column.MissingCount,
            Distinct = counts.Count,
            Common = common.Key,
            CommonCount = common.Value,
            Concentration = counts.Values.Sum(c => c / total * (c / total)),
            Quantiles = [.. probabilities.Select(_ => double.NaN)],
        };
    }
}
