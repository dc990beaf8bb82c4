using MathNet.Numerics;

namespace Imputation.Numerics;

/// <summary>Upper tails of the distributions of test statistics, in logarithms: they do not become 0 where a double does.</summary>
internal static class TailProbability
{
    private const double Ln10 = 2.302585092994046;

    /// <summary>log P(X &gt; x) for a chi-squared X.</summary>
    /// <param name="x">Not negative.</param>
    /// <param name="degreesOfFreedom">Greater than 0.</param>
    public static double LogChiSquared(double x, double degreesOfFreedom)
    {
        double a = 0.5 * degreesOfFreedom, z = 0.5 * x;
        if (!(z > 0)) return double.IsNaN(x) ? double.NaN : 0;
        if (double.IsPositiveInfinity(z)) return double.NegativeInfinity;

        // Below the mean the series for the lower tail, above it Lentz's continued fraction for the upper (Press et al. 2007, §6.2).
        if (z < a + 1)
        {
            double term = 1, sum = 1;
            for (double k = a + 1; term > 1e-17 * sum; k++) sum += term *= z / k;
            return Math.Log(1 - Math.Exp(LogKernel(a, z) - Math.Log(a) + Math.Log(sum)));
        }
        const double tiny = 1e-300;
        double b = z + 1 - a, c = 1 / tiny, d = 1 / b, h = d;
        for (int k = 1; k < 1_000_000; k++)
        {
            double an = -k * (k - a);
            b += 2;
            d = an * d + b;
            if (Math.Abs(d) < tiny) d = tiny;
            c = b + an / c;
            if (Math.Abs(c) < tiny) c = tiny;
            d = 1 / d;
            double factor = d * c;
            h *= factor;
            if (Math.Abs(factor - 1) < 1e-16) break;
        }
        return LogKernel(a, z) + Math.Log(h);
    }

    /// <summary>P(X &gt; x) for a chi-squared X.</summary>
    public static double ChiSquared(double x, double degreesOfFreedom) => Math.Exp(LogChiSquared(x, degreesOfFreedom));

    /// <summary>P(|T| &gt; |t|) for Student's t.</summary>
    public static double TwoSidedT(double t, double degreesOfFreedom) =>
        double.IsInfinity(t) ? 0 : SpecialFunctions.BetaRegularized(0.5 * degreesOfFreedom, 0.5, degreesOfFreedom / (degreesOfFreedom + t * t));

    /// <summary>P(|Z| &gt; |z|) for a standard normal Z.</summary>
    public static double TwoSidedNormal(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>A natural logarithm as one to base 10.</summary>
    public static double Log10(double natural) => natural / Ln10;

    /// <summary>log(zᵃ e⁻ᶻ / Γ(a)).</summary>
    private static double LogKernel(double a, double z)
    {
        if (a < 20) return a * Math.Log(z) - z - SpecialFunctions.GammaLn(a);

        // Stirling's formula taken out: the large parts cancel before they are rounded.
        double relative = (z - a) / a, reciprocal = 1 / (a * a);
        double stirling = (1.0 / 12 - reciprocal * (1.0 / 360 - reciprocal * (1.0 / 1260 - reciprocal / 1680))) / a;
        return a * Log1pMinus(relative) + 0.5 * Math.Log(a / (2 * Math.PI)) - stirling;
    }

    /// <summary>log(1 + u) − u.</summary>
    private static double Log1pMinus(double u)
    {
        if (Math.Abs(u) > 0.1) return Math.Log(1 + u) - u;
        double sum = 0, power = -u * u;
        for (int k = 2; k < 40; k++, power *= -u) sum += power / k;
        return sum;
    }
}
