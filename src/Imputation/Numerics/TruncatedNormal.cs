using MathNet.Numerics;

namespace Imputation.Numerics;

/// <summary>The standard normal distribution cut to an interval, by inversion.</summary>
internal static class TruncatedNormal
{
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>Φ⁻¹(u) for u strictly between 0 and 1; full relative accuracy in the lower tail.</summary>
    public static double Quantile(double u) => -Sqrt2 * SpecialFunctions.ErfcInv(2 * u);

    /// <summary>Φ(x), with full relative accuracy in the lower tail.</summary>
    public static double Cumulative(double x) => 0.5 * SpecialFunctions.Erfc(-x / Sqrt2);

    /// <summary>The u-quantile of the distribution cut to [lower, upper].</summary>
    public static double Quantile(double u, double lower, double upper)
    {
        // In the upper half, mirror: the lower tail is where Φ keeps its digits.
        if (lower > 0) return -Quantile(1 - u, -upper, -lower);
        double from = Cumulative(lower), to = Cumulative(upper);
        double p = from + u * (to - from);
        double x = p > 0 ? Quantile(p) : upper; // beyond 38 deviations all the mass that is left sits at the near end
        return Math.Clamp(x, lower, upper);
    }
}
