using MathNet.Numerics;

namespace Imputation.Models.StudentT;

/// <summary>Functions of the gamma family that the t distribution needs.</summary>
internal static class Gamma
{
    /// <summary>log Γ(x + ½h) − log Γ(x), for a whole number h ≥ 0.</summary>
    public static double LogRatio(double x, int h) => SpecialFunctions.GammaLn(x + 0.5 * h) - SpecialFunctions.GammaLn(x);

    /// <summary>ψ(x), the derivative of log Γ.</summary>
    public static double Digamma(double x) => SpecialFunctions.DiGamma(x);

    /// <summary>ψ′(x), by recurrence and its asymptotic series (Abramowitz and Stegun 1964, 6.4.12).</summary>
    public static double Trigamma(double x)
    {
        double sum = 0;
        for (; x < 12; x++) sum += 1 / (x * x);
        double r = 1 / (x * x);
        return sum + 1 / x + 0.5 * r + r / x * (1.0 / 6 - r * (1.0 / 30 - r * (1.0 / 42 - r * (1.0 / 30 - r * 5 / 66))));
    }
}
