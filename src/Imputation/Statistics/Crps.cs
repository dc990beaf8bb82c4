using Imputation.Numerics.Distributions;

namespace Imputation.Statistics;

/// <summary>The continuous ranked probability score ∫ (F(x) − 1{x ≥ y})² dx of a forecast F of a number y: in the units of y, 0 at
/// best.</summary>
internal static class Crps
{
    private const double InverseSqrtPi = 0.56418958354775628695, InverseSqrt2Pi = 0.3989422804014327;

    /// <summary>Of a normal forecast: σ (z(2Φ(z) − 1) + 2φ(z) − 1/√π), z = (y − μ)/σ (Gneiting and Raftery 2007, §4.2; there with the sign
    /// changed).</summary>
    /// <param name="mean">μ.</param>
    /// <param name="deviation">σ; at 0 the score is |y − μ|.</param>
    /// <param name="y">The observed value.</param>
    public static double Normal(double mean, double deviation, double y)
    {
        if (deviation == 0) return Math.Abs(y - mean);
        double z = Math.Abs(y - mean) / deviation; // even in z
        return deviation * (z * (1 - 2 * TruncatedNormal.Cumulative(-z)) + 2 * InverseSqrt2Pi * Math.Exp(-0.5 * z * z) - InverseSqrtPi);
    }

    /// <summary>Of the empirical distribution of some numbers, for any y: mean |X − y| − ½ mean |X − X′| (Gneiting and Raftery 2007, eq.
    /// 21).</summary>
    /// <param name="values">One or more; not changed.</param>
    public static Func<double, double> Empirical(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int n = sorted.Length;
        double origin = sorted[n / 2], spread = 0;
        var sums = new double[n + 1]; // of the first values, from their middle
        for (int i = 0; i < n; i++)
        {
            sums[i + 1] = sums[i] + (sorted[i] - origin);
            spread += (2.0 * i - n + 1) * (sorted[i] - origin);
        }
        spread /= (double)n * n; // ½ mean |X − X′|
        return y =>
        {
            int below = Array.BinarySearch(sorted, y);
            if (below < 0) below = ~below;
            double c = y - origin;
            return (c * below - sums[below] + (sums[n] - sums[below]) - c * (n - below)) / n - spread;
        };
    }
}
