using Imputation.Data;

namespace Imputation.Diagnostics;

/// <summary>What is to be said of a column's observed values by themselves.</summary>
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

    /// <summary>The observed values, ascending.</summary>
    public static double[] Sorted(NumericColumn column)
    {
        ReadOnlySpan<double> values = column.Values;
        var sorted = new double[values.Length - column.MissingCount];
        int next = 0;
        foreach (double value in values)
            if (!double.IsNaN(value)) sorted[next++] = value + 0.0; // −0 is 0
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>A quantile by the definition that R numbers 7 (Hyndman and Fan 1996): linear between order statistics at (n − 1)q.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        if (sorted.IsEmpty) return double.NaN;
        double place = (sorted.Length - 1) * probability;
        int below = Math.Min((int)Math.Floor(place), sorted.Length - 1);
        double low = sorted[below], high = sorted[Math.Min(below + 1, sorted.Length - 1)], part = place - below;
        return part == 0 ? low : low + part * (high - low);
    }

    private static ColumnSummary OfNumbers(NumericColumn column, IReadOnlyList<double> probabilities)
    {
        double[] sorted = Sorted(column);
        int distinct = 0, commonCount = 0;
        double common = double.NaN, concentration = 0;
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first]; end++) { }
            distinct++;
            concentration += (end - first) / (double)sorted.Length * ((end - first) / (double)sorted.Length);
            if (end - first > commonCount) (common, commonCount) = (sorted[first], end - first);
        }

        var statistics = ColumnStatistics.Of(column);
        double squares = 0, cubes = 0;
        if (distinct > 1)
        {
            foreach (double value in sorted)
            {
                double z = (value - statistics.Mean) / statistics.StandardDeviation; // near 1, so that cubes neither vanish nor overflow
                squares += z * z;
                cubes += z * z * z;
            }
        }
        return new ColumnSummary
        {
            Count = sorted.Length,
            Distinct = distinct,
            Common = distinct == 0 ? null : common,
            CommonCount = commonCount,
            Concentration = concentration,
            Statistics = statistics,
            Skewness = distinct < 2 ? double.NaN : cubes / sorted.Length / Math.Pow(squares / sorted.Length, 1.5),
            Quantiles = [.. probabilities.Select(q => Quantile(sorted, q))],
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
