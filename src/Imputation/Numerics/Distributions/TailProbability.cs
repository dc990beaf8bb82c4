using MathNet.Numerics;

namespace Imputation.Numerics.Distributions;

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
            return Log1p(-Math.Exp(LogKernel(a, z) - Math.Log(a) + Math.Log(sum)));
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
            if (Math.Abs(factor - 1) < 4e-16) break;
        }
        return LogKernel(a, z) + Math.Log(h);
    }

    /// <summary>P(X &gt; x) for a chi-squared X.</summary>
    public static double ChiSquared(double x, double degreesOfFreedom) => Math.Exp(LogChiSquared(x, degreesOfFreedom));

    /// <summary>log P(|T| &gt; |t|) for Student's t.</summary>
    /// <param name="t">Any number; ±∞ gives −∞.</param>
    /// <param name="degreesOfFreedom">Greater than 0.</param>
    /// <remarks>I_x(ν/2, ½) with x = ν / (ν + t²), by the continued fraction for it or for 1 − I.</remarks>
    public static double LogTwoSidedT(double t, double degreesOfFreedom)
    {
        if (double.IsNaN(t) || double.IsNaN(degreesOfFreedom)) return double.NaN;
        if (t == 0) return 0;
        if (double.IsInfinity(t)) return double.NegativeInfinity;
        double a = 0.5 * degreesOfFreedom, ratio = t * t / degreesOfFreedom, x = 1 / (1 + ratio), y = ratio / (1 + ratio);
        if (double.IsInfinity(ratio)) return a * (Math.Log(degreesOfFreedom) - 2 * Math.Log(Math.Abs(t))) - LogBetaHalf(a) - Math.Log(a);
        double logFront = (a + 0.5) * -Log1p(ratio) + 0.5 * Math.Log(ratio) - LogBetaHalf(a);
        return t * t > 1 ? logFront - Math.Log(BetaFraction(a, 0.5, x, y)) : Log1p(-Math.Exp(logFront) / BetaFraction(0.5, a, y, x));
    }

    /// <summary>P(|T| &gt; |t|) for Student's t.</summary>
    public static double TwoSidedT(double t, double degreesOfFreedom) => Math.Exp(LogTwoSidedT(t, degreesOfFreedom));

    /// <summary>P(|Z| &gt; |z|) for a standard normal Z.</summary>
    public static double TwoSidedNormal(double z) => SpecialFunctions.Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>A natural logarithm as one to base 10.</summary>
    public static double Log10(double natural) => natural / Ln10;

    /// <summary>x^a y^b / (B(a, b) I_x(a, b)) with y = 1 − x, for x below a / (a + b) (Didonato and Morris 1992, eq. 9, by Lentz's method):
    /// nothing cancels where x is close to 1.</summary>
    internal static double BetaFraction(double a, double b, double x, double y)
    {
        const double tiny = 1e-300;
        double lambda = a * y - b * x;
        double h = a * (lambda + 1) / (a + 1), c = h, d = 0;
        for (int n = 1; n < 100_000; n++)
        {
            double odd = a + 2 * n - 1, alpha = (a + n - 1) / odd * ((a + b + n - 1) / odd) * n * (b - n) * x * x;
            double beta = n + n * (b - n) * x / odd + (a + n) * (lambda + 1 + n * (1 + y)) / (odd + 2);
            d = beta + alpha * d;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = beta + alpha / c;
            if (Math.Abs(c) < tiny) c = tiny;
            h *= c * d;
            if (Math.Abs(c * d - 1) < 4e-16) break;
        }
        return h;
    }

    /// <summary>log B(a, ½).</summary>
    internal static double LogBetaHalf(double a)
    {
        const double logRootPi = 0.5723649429247001;
        if (a < 20) return SpecialFunctions.GammaLn(a) + logRootPi - SpecialFunctions.GammaLn(a + 0.5);

        // log Γ(a + ½) − log Γ(a) by its asymptotic series, without the large parts that cancel.
        double r = 1 / (a * a);
        return logRootPi - 0.5 * Math.Log(a) + (0.125 - r * (1.0 / 192 - r * (1.0 / 640 - r * 17 / 14336))) / a;
    }

    /// <summary>log(1 + u), exact for small u.</summary>
    internal static double Log1p(double u) => Math.Abs(u) > 0.1 ? Math.Log(1 + u) : u + Log1pMinus(u);

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
