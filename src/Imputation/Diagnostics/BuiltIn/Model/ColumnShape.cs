using Imputation.Numerics.Distributions;
using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Shape of the observed values of a column compared with a normal distribution.</summary>
/// <param name="Count">Number of values.</param>
/// <param name="DistinctCount">Number of different ones.</param>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Deviation">Standard deviation, divisor n.</param>
/// <param name="Skewness">m₃ / m₂^1.5.</param>
/// <param name="ExcessKurtosis">m₄ / m₂² − 3.</param>
/// <param name="AtMinimum">Share of values at the smallest.</param>
/// <param name="AtMaximum">Share of values at the largest.</param>
/// <param name="AtZero">Share of zeros.</param>
/// <param name="LargestOtherShare">Largest share of one value other than 0.</param>
/// <param name="QuantileSkewness">(q₉₅ + q₅ − 2 q₅₀) / (q₉₅ − q₅), which a few values far out do not move (Hinkley 1975); NaN where the
/// quantiles are equal.</param>
internal sealed record ColumnShape(
    int Count, int DistinctCount, double Minimum, double Maximum, double Mean, double Deviation, double Skewness, double ExcessKurtosis,
    double AtMinimum, double AtMaximum, double AtZero, double LargestOtherShare, double QuantileSkewness)
{
    /// <summary>Most different values of a column that is called discrete; each must occur five times on average.</summary>
    private const int MostLevels = 20;

    /// <summary>Standard errors from which on a skewness or kurtosis is not chance.</summary>
    private const double Clear = 4;

    /// <summary>Quantile skewness from which on a column is called skewed; an exponential distribution has 0.56.</summary>
    private const double LeastQuantileSkewness = 0.1;

    /// <summary>Few different values, each of them often.</summary>
    public bool IsDiscrete => DistinctCount <= MostLevels && Count >= 5 * DistinctCount;

    /// <summary>Zero-inflated: at least a tenth are 0, much more often than any other value, and the rest is continuous.</summary>
    public bool IsTwoPart => !IsDiscrete && AtZero >= 0.1 && AtZero >= 3 * LargestOtherShare && DistinctCount > 10
        && (Minimum == 0 || Maximum == 0);

    /// <summary>Floor effect: values pile up at the minimum: a share of 3 % or more, five at least, and three times what a value has on
    /// average.</summary>
    public bool PilesUpBelow => !IsDiscrete && !IsTwoPart && PilesUp(AtMinimum);

    /// <summary>The same at the largest.</summary>
    public bool PilesUpAbove => !IsDiscrete && !IsTwoPart && PilesUp(AtMaximum);

    /// <summary>Share of a normal distribution of this mean and deviation that lies below 0; 0 where values are negative
    /// themselves.</summary>
    public double ShareBelowZero => Minimum < 0 || Deviation == 0 ? 0 : TruncatedNormal.Cumulative(-Mean / Deviation);

    /// <summary>Not negative, and yet a hundredth or more of the normal distribution would be.</summary>
    public bool IsBoundedByZero => !IsDiscrete && Count >= 10 && ShareBelowZero >= 0.01;

    /// <summary>|skewness| above 1, not by chance (standard error √(6/n)), and not of a few values only: the quantiles lie to the same
    /// side, by a tenth or more and two standard errors (1/√n for normal values).</summary>
    public bool IsSkewed => !IsDiscrete && !IsTwoPart && Math.Abs(Skewness) > 1 && Math.Abs(Skewness) > Clear * Math.Sqrt(6.0 / Count)
        && Math.Abs(QuantileSkewness) > Math.Max(LeastQuantileSkewness, 2 / Math.Sqrt(Count))
            && Math.Sign(QuantileSkewness) == Math.Sign(Skewness);

    /// <summary>Excess kurtosis above 1, not by chance (standard error √(24/n)), and not for skewness alone: kurtosis is at least
    /// skewness² + 1 for any distribution, and 1.5 skewness² + 3 on the line of the gamma distributions.</summary>
    public bool IsHeavyTailed => !IsDiscrete && !IsTwoPart && ExcessKurtosis > 1 && ExcessKurtosis > Clear * Math.Sqrt(24.0 / Count)
        && (!IsSkewed || ExcessKurtosis > 3 * Skewness * Skewness);

    /// <summary>The shape of some values; null of none.</summary>
    /// <param name="sorted">The values, ascending.</param>
    public static ColumnShape? Of(ReadOnlySpan<double> sorted)
    {
        int n = sorted.Length;
        if (n == 0) return null;
        var runs = ValueRuns.Of(sorted);
        int zero = Array.IndexOf(runs.Values, 0);
        int most = runs.Counts.Where((_, k) => k != zero).DefaultIfEmpty(0).Max();
        (double mean, double deviation, double skewness, double kurtosis) = SortedValues.Moments(sorted);
        double q5 = SortedValues.Quantile(sorted, 0.05), q95 = SortedValues.Quantile(sorted, 0.95), tails = q95 - q5;
        double Share(int count) => (double)count / n;
        return new ColumnShape(n, runs.Values.Length, sorted[0], sorted[^1], mean, deviation, skewness, kurtosis,
            Share(runs.Counts[0]), Share(runs.Counts[^1]), Share(zero < 0 ? 0 : runs.Counts[zero]), Share(most),
                tails > 0 ? (q95 + q5 - 2 * SortedValues.Quantile(sorted, 0.5)) / tails : double.NaN);
    }

    private bool PilesUp(double share) => share >= 0.03 && share * Count >= 5 && share >= 3.0 / DistinctCount;
}
