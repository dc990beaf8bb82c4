using Imputation.Numerics;
using Imputation.Numerics.Distributions;

namespace Imputation.Statistics;

/// <summary>The means of two groups compared, without supposing equal variances.</summary>
/// <remarks>Welch (1947): t = (x̄₁ − x̄₂) / √(v₁ + v₂), vᵢ = sᵢ²/nᵢ with divisor nᵢ − 1 in s²; degrees of freedom
/// (v₁ + v₂)² / (v₁²/(n₁ − 1) + v₂²/(n₂ − 1)).</remarks>
/// <param name="T">t; NaN where there is no test.</param>
/// <param name="DegreesOfFreedom">Those of Welch and Satterthwaite.</param>
/// <param name="LogP">log of the two-sided p-value.</param>
internal readonly record struct WelchTest(double T, double DegreesOfFreedom, double LogP)
{
    /// <summary>No test.</summary>
    public static WelchTest None { get; } = new(double.NaN, double.NaN, double.NaN);

    /// <summary>Compares; no test where a group has fewer than two values or no variance.</summary>
    public static WelchTest Of(SampleMoments first, SampleMoments second)
    {
        if (first.Count < 2 || second.Count < 2 || !(first.Variance > 0 && second.Variance > 0)) return None;
        double v1 = first.Variance / first.Count, v2 = second.Variance / second.Count, v = v1 + v2, share1 = v1 / v, share2 = v2 / v;
        double t = (first.Mean - second.Mean) / Math.Sqrt(v),
            df = 1 / (share1 * share1 / (first.Count - 1) + share2 * share2 / (second.Count - 1));
        return new WelchTest(t, df, TailProbability.LogTwoSidedT(t, df));
    }
}
