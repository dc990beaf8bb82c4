using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics;

namespace Imputation;

/// <summary>Simple statistics of a numeric column's observed values, in its units.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record ColumnStatistics
{
    internal ColumnStatistics(int count, double mean, double standardDeviation, double minimum, double maximum)
    {
        Count = count;
        Mean = mean;
        StandardDeviation = standardDeviation;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>Number of observed values.</summary>
    public int Count { get; internal init; }

    /// <summary>Their mean; NaN where there are none.</summary>
    public double Mean { get; internal init; }

    /// <summary>Their standard deviation, divisor n − 1; NaN where there are fewer than two.</summary>
    public double StandardDeviation { get; internal init; }

    /// <summary>The smallest; NaN where there are none.</summary>
    public double Minimum { get; internal init; }

    /// <summary>The largest; NaN where there are none.</summary>
    public double Maximum { get; internal init; }

    /// <summary>Statistics of the observed values of <paramref name="column"/>, in two passes about the first of them,
    /// so that a column far from 0 loses no digits.</summary>
    public static ColumnStatistics Of(NumericColumn column)
    {
        ArgumentNullException.ThrowIfNull(column);
        SampleMoments moments = SampleMoments.Of(column.Values);
        if (moments.Count == 0) return new ColumnStatistics(0, double.NaN, double.NaN, double.NaN, double.NaN);
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (double value in column.Values)
        {
            if (double.IsNaN(value)) continue;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        return new ColumnStatistics(moments.Count, moments.Mean, moments.StandardDeviation, minimum, maximum);
    }

    /// <summary>Of the values of both.</summary>
    internal ColumnStatistics Merge(ColumnStatistics other)
    {
        if (Count == 0 || other.Count == 0) return Count == 0 ? other : this;
        static SampleMoments Moments(ColumnStatistics s) => new(s.Count, s.Mean,
            s.Count < 2 ? 0 : s.StandardDeviation * s.StandardDeviation * (s.Count - 1));
        SampleMoments both = Moments(this).Merge(Moments(other));
        return new ColumnStatistics(both.Count, both.Mean, both.StandardDeviation, Math.Min(Minimum, other.Minimum),
            Math.Max(Maximum, other.Maximum));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} values, mean {Mean:G6}, sd {StandardDeviation:G6}, {Minimum:G6} to {Maximum:G6}");
}
