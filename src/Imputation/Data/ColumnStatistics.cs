using Imputation.Numerics;

namespace Imputation;

/// <summary>Simple statistics of a numeric column's observed values, in its units.</summary>
/// <param name="Count">Number of observed values.</param>
/// <param name="Mean">Their mean; NaN where there are none.</param>
/// <param name="StandardDeviation">Their standard deviation, divisor n − 1; NaN where there are fewer than two.</param>
/// <param name="Minimum">The smallest; NaN where there are none.</param>
/// <param name="Maximum">The largest; NaN where there are none.</param>
public sealed record ColumnStatistics(int Count, double Mean, double StandardDeviation, double Minimum, double Maximum)
{
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
}
