using MathNet.Numerics;

namespace Imputation.Numerics.Distributions;

/// <summary>The upper tail of the F distribution in logarithms, also for fractional, very large and infinite denominators.</summary>
internal static class FTail
{
    /// <summary>log P(F &gt; f).</summary>
    /// <param name="f">The statistic; nothing lies below 0.</param>
    /// <param name="numerator">Degrees of freedom of the numerator, greater than 0, finite.</param>
    /// <param name="denominator">Degrees of freedom of the denominator, greater than 0; infinite means chi-squared over its degrees of
    /// freedom.</param>
    /// <remarks>I_x(ν₂/2, ν₁/2) with x = ν₂ / (ν₂ + ν₁f), by the continued fraction for it or for 1 − I.</remarks>
    public static double Log(double f, double numerator, double denominator)
    {
        if (double.IsNaN(f) || double.IsNaN(numerator) || double.IsNaN(denominator)) return double.NaN;
        if (f <= 0) return 0;
        if (double.IsPositiveInfinity(f)) return double.NegativeInfinity;
        if (double.IsPositiveInfinity(denominator)) return TailProbability.LogChiSquared(numerator * f, numerator);
        double a = 0.5 * denominator, b = 0.5 * numerator, ratio = f / denominator * numerator, x = 1 / (1 + ratio),
            y = ratio / (1 + ratio);
        if (double.IsInfinity(ratio)) return a * (Math.Log(denominator) - Math.Log(numerator) - Math.Log(f)) - LogBeta(a, b) - Math.Log(a);
        double logFront = (a + b) * -TailProbability.Log1p(ratio) + b * Math.Log(ratio) - LogBeta(a, b);
        return f > 1
            ? logFront - Math.Log(TailProbability.BetaFraction(a, b, x, y))
            : TailProbability.Log1p(-Math.Exp(logFront) / TailProbability.BetaFraction(b, a, y, x));
    }

    /// <summary>P(F &gt; f).</summary>
    public static double Probability(double f, double numerator, double denominator) => Math.Exp(Log(f, numerator, denominator));

    /// <summary>log B(a, b).</summary>
    internal static double LogBeta(double a, double b)
    {
        double small = Math.Min(a, b), large = Math.Max(a, b);
        if (large < 20) return SpecialFunctions.GammaLn(a) + SpecialFunctions.GammaLn(b) - SpecialFunctions.GammaLn(a + b);

        // log Γ(large + small) − log Γ(large) by Stirling's formula, without the large parts that cancel.
        double sum = large + small;
        double rise = (large - 0.5) * TailProbability.Log1p(small / large) - small + small * Math.Log(sum) + Remainder(sum)
            - Remainder(large);
        return SpecialFunctions.GammaLn(small) - rise;
    }

    /// <summary>log Γ(z) less Stirling's (z − ½) log z − z + ½ log 2π.</summary>
    private static double Remainder(double z)
    {
        double r = 1 / (z * z);
        return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r / 1680))) / z;
    }
}
