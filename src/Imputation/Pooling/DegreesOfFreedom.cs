namespace Imputation.Pooling;

/// <summary>Degrees of freedom of pooled estimates and tests.</summary>
internal static class DegreesOfFreedom
{
    /// <summary>Rubin's (1987), and Barnard and Rubin's (1999), which are the former where the complete data's are infinite.</summary>
    /// <param name="m">Number of imputations.</param>
    /// <param name="lambda">λ = (1 + 1/m)B / T.</param>
    /// <param name="observedShare">1 − λ = Ū / T.</param>
    /// <param name="complete">Degrees of freedom with complete data; may be infinite.</param>
    public static (double Old, double Adjusted) Of(int m, double lambda, double observedShare, double complete)
    {
        double old = (m - 1) / lambda / lambda;
        return (old, double.IsPositiveInfinity(complete) ? old : 1 / (1 / old + 1 / (Observed(complete) * observedShare)));
    }

    /// <summary>(ν + 1) / (ν + 3) · ν, the observed-data degrees of freedom where nothing is missing.</summary>
    public static double Observed(double complete) => double.IsPositiveInfinity(complete) ? complete
        : (complete + 1) / (complete + 3) * complete;

    /// <summary>Denominator of D₁ and D₃ in large samples, with t = k(m − 1) (Li, Raghunathan and Rubin 1991; Meng and Rubin
    /// 1992).</summary>
    public static double LargeSample(int m, int k, double r)
    {
        double t = (double)k * (m - 1);
        if (t <= 4) return t * (1 + 1.0 / k) * Square(1 + 1 / r) / 2;
        return 4 + (t - 4) * Square(1 + (1 - 2 / t) / r);
    }

    /// <summary>Denominator of D₁ in small samples (Reiter 2007), never more than with complete data.</summary>
    /// <remarks>The expansion needs t &gt; 4 and degrees of freedom above 4(1 + a). Elsewhere (k + 1)/2 times Barnard and Rubin's at
    /// the average r takes its place, as Li, Raghunathan and Rubin's own formula for t ≤ 4 is (k + 1)/2 times Rubin's (1987); with t
    /// &gt; 4 not above 4, where the expansion ends.</remarks>
    public static double SmallSample(int m, int k, double r, double complete)
    {
        if (double.IsPositiveInfinity(complete)) return LargeSample(m, k, r);
        double t = (double)k * (m - 1), observed = Observed(complete), a = r * t / (t - 2);
        double c = observed - 4 * (1 + a), d = observed - 2 * (1 + a);
        if (t > 4 && c > 0)
        {
            double share = a / (1 + a);
            double spread = share * share * d / c
                + 8 * a * share * d / (c * c) + 4 * a * share / c
                + 4 * a * a / (c * d) + 16 * a * a * d / (c * c * c)
                + 8 * a * a / (c * c);
            return Math.Min(observed, 4 + 1 / (1 / c + spread / (t - 4)));
        }
        double single = Of(m, r / (1 + r), 1 / (1 + r), complete).Adjusted;
        return Math.Min(t > 4 ? Math.Min(observed, 4) : observed, 0.5 * (k + 1) * single);
    }

    private static double Square(double value) => value * value;
}
