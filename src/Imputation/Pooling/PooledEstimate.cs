using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics.Distributions;
using Imputation.Pooling;

namespace Imputation;

/// <summary>One quantity estimated from m completed tables, pooled by Rubin's rules. Immutable; made by <see cref="Pool"/>.</summary>
/// <remarks>
/// <para>With estimates q₁ ... q_m of variances u₁ ... u_m (Rubin 1987, §3.3): q̄ the mean of the estimates, Ū that of the variances,
/// B the variance of the estimates with divisor m − 1, T = Ū + (1 + 1/m)B; and (q̄ − q) / √T is taken as Student's t.</para>
/// <para>Degrees of freedom: ν_m = (m − 1) / λ² (Rubin 1987, eq. 3.1.6); with ν_com for complete data, 1 / (1/ν_m + 1/ν_obs), where
/// ν_obs = (ν_com + 1) / (ν_com + 3) · ν_com · (1 − λ) (Barnard and Rubin 1999). Nothing is floored: λ may be 0.</para>
/// <para>Where B is 0, ν_m is infinite and the result is the complete-data answer. Where Ū is 0 and ν_com finite, ν_obs and the
/// degrees of freedom are 0. Where both are 0, r, λ and the width of the interval are 0.</para>
/// <para>Below one degree of freedom the imputations say too little for an interval or a p-value: these are then NaN, and
/// <see cref="HasInterval"/> is false. More imputations do not help much there; more rows, or fewer missing cells, do.</para></remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PooledEstimate
{
    private readonly int _count;

    internal PooledEstimate(double estimate, double within, double between, int imputationCount, double completeDegreesOfFreedom,
        double confidence)
    {
        _count = imputationCount;
        Estimate = estimate;
        Within = within;
        Between = between;
        double extra = between + between / _count; // (1 + 1/m)B
        Total = within + extra;
        StandardError = Math.Sqrt(Total);
        RelativeIncrease = extra == 0 ? 0 : extra / within;
        Lambda = extra == 0 ? 0 : extra / Total;
        CompleteDegreesOfFreedom = completeDegreesOfFreedom;
        double observedShare = extra == 0 ? 1 : within / Total; // 1 − λ; the subtraction would lose its digits where λ is close to 1
        (OldDegreesOfFreedom, DegreesOfFreedom) = Pooling.DegreesOfFreedom.Of(_count, Lambda, observedShare, completeDegreesOfFreedom);
        FractionOfMissingInformation = Lambda + 2 / (DegreesOfFreedom + 3) * observedShare;
        Confidence = confidence;
        (Lower, Upper) = Interval(confidence);
    }

    /// <summary>Number of imputations, m.</summary>
    public int ImputationCount => _count;

    /// <summary>Mean of the estimates, q̄.</summary>
    public double Estimate { get; }

    /// <summary>Within-imputation variance, Ū: the variance with complete data.</summary>
    public double Within { get; }

    /// <summary>Between-imputation variance, B, divisor m − 1: the part due to missing cells.</summary>
    public double Between { get; }

    /// <summary>T = Ū + (1 + 1/m)B.</summary>
    public double Total { get; }

    /// <summary>√T.</summary>
    public double StandardError { get; }

    /// <summary>r = (1 + 1/m)B / Ū: by how much the missing cells increase the variance, 0.5 being by half. Infinite where Ū alone is
    /// 0.</summary>
    public double RelativeIncrease { get; }

    /// <summary>λ = (1 + 1/m)B / T: the share of the variance that comes from missing cells; 0 to 1.</summary>
    public double Lambda { get; }

    /// <summary>Fraction of missing information γ = (r + 2/(ν + 3)) / (r + 1) with ν the <see cref="DegreesOfFreedom"/>; 0 to 1.</summary>
    /// <remarks>Rubin (1987, eq. 3.1.10). Unlike <see cref="Lambda"/> it counts that m and the data are finite: with finite complete-data
    /// degrees of freedom it is above 0 even where B is 0.</remarks>
    public double FractionOfMissingInformation { get; }

    /// <summary>Degrees of freedom of Barnard and Rubin (1999); <see cref="OldDegreesOfFreedom"/> where
    /// <see cref="CompleteDegreesOfFreedom"/> is infinite.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>Degrees of freedom of Rubin (1987), (m − 1) / λ², which take the sample for large. Infinite where B is 0.</summary>
    public double OldDegreesOfFreedom { get; }

    /// <summary>The degrees of freedom that the estimate would have with complete data, as they were given.</summary>
    public double CompleteDegreesOfFreedom { get; }

    /// <summary>Coverage of the interval from <see cref="Lower"/> to <see cref="Upper"/>, such as 0.95.</summary>
    public double Confidence { get; }

    /// <summary>Whether there are an interval and p-values: at least one degree of freedom, or no variance at all.</summary>
    public bool HasInterval => StandardError == 0 || DegreesOfFreedom >= 1;

    /// <summary>Lower confidence limit; NaN where there is none.</summary>
    public double Lower { get; }

    /// <summary>Upper confidence limit; NaN where there is none.</summary>
    public double Upper { get; }

    /// <summary>The confidence interval q̄ ± t √T; NaN below one degree of freedom.</summary>
    /// <param name="confidence">Coverage, strictly between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A coverage out of its range.</exception>
    public (double Lower, double Upper) Interval(double confidence)
    {
        Guard.UnlessConfidence(confidence, nameof(confidence));
        if (StandardError == 0) return (Estimate, Estimate);
        if (!HasInterval) return (double.NaN, double.NaN);
        double half = StudentQuantile.TwoSided(confidence, DegreesOfFreedom) * StandardError;
        return (Estimate - half, Estimate + half);
    }

    /// <summary>(q̄ − q₀) / √T; without variance ±∞, or 0 where q̄ is q₀.</summary>
    /// <param name="nullValue">The value q₀ to test against.</param>
    public double Statistic(double nullValue = 0) => Estimate == nullValue ? 0 : (Estimate - nullValue) / StandardError;

    /// <summary>Two-sided p: how probable a <see cref="Statistic"/> at least as far from 0 would be if the quantity were
    /// <paramref name="nullValue"/>; NaN below one degree of freedom.</summary>
    /// <param name="nullValue">The value q₀ to test against.</param>
    public double PValue(double nullValue = 0)
    {
        double t = Statistic(nullValue);
        return !HasInterval ? double.NaN
            : t == 0 ? 1
            : double.IsInfinity(t) ? 0
            : double.IsPositiveInfinity(DegreesOfFreedom) ? TailProbability.TwoSidedNormal(t)
            : TailProbability.TwoSidedT(t, DegreesOfFreedom);
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Estimate:G6} (se {StandardError:G4}, {Limits}, fmi {FractionOfMissingInformation:F3})");

    private string Limits => HasInterval
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * Confidence:G4} % {Lower:G6} to {Upper:G6}, p {PValue():G3}")
        : string.Create(CultureInfo.InvariantCulture, $"no interval with {DegreesOfFreedom:G3} degrees of freedom");
}
