using MathNet.Numerics;

namespace Imputation.Numerics.Distributions;

/// <summary>The standard normal distribution cut to an interval, by inversion.</summary>
internal static class TruncatedNormal
{
    private const double Sqrt2 = 1.4142135623730951;
    private const double Far = -35;

    /// <summary>Φ⁻¹(u) for u strictly between 0 and 1; full relative accuracy in the lower tail.</summary>
    public static double Quantile(double u) => -Sqrt2 * SpecialFunctions.ErfcInv(2 * u);

    /// <summary>Φ(x), with full relative accuracy in the lower tail.</summary>
    public static double Cumulative(double x) => 0.5 * SpecialFunctions.Erfc(-x / Sqrt2);

    /// <summary>The u-quantile of the distribution cut to [lower, upper].</summary>
    public static double Quantile(double u, double lower, double upper)
    {
        // In the upper half, mirror: the lower tail is where Φ keeps its digits.
        if (lower > 0) return -Quantile(1 - u, -upper, -lower);

        // Far out Φ leaves the range of a double; there the distribution is exponential from the near end, with rate |upper|.
        if (upper < Far) return Math.Max(lower, upper + Math.Log(u + (1 - u) * Math.Exp(upper * (upper - lower))) / -upper);
        double from = Cumulative(lower), to = Cumulative(upper);
        return Math.Clamp(Quantile(from + u * (to - from)), lower, upper);
    }
}
