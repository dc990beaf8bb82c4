using Imputation.Numerics.Distributions;

namespace Imputation.Models.LatentNormal;

/// <summary>What stands for an interval in expectation propagation: a site exp(−½τz² + νz).</summary>
internal static class IntervalSite
{
    /// <summary>Sites as large as this are not begun with: a point far out, tried and rejected, can leave such that are no use anywhere
    /// else.</summary>
    private const double FarOut = 1e6;

    /// <summary>Whether a site is one to begin with.</summary>
    public static bool IsUsable(double precision, double shift) => precision > 0 && precision < FarOut && Math.Abs(shift) < FarOut;

    /// <summary>The distribution without a site. V_jj τ &lt; 1 as the site is part of V; where it is very near to 1,
    /// <see cref="SiteCavity"/>.</summary>
    public static (double Variance, double Mean) Cavity(double variance, double mean, double precision, double shift)
    {
        double without = 1 - variance * precision;
        return (variance / without, (mean - variance * shift) / without);
    }

    /// <summary>The site with which the distribution has the moments that the interval itself would give, all other sites being as they
    /// are.</summary>
    /// <param name="variance">Posterior variance of the latent variable, V_jj.</param>
    /// <param name="mean">Its posterior mean.</param>
    /// <param name="cavity">Variance of the cavity, the distribution without the site.</param>
    /// <param name="cavityMean">Its mean.</param>
    /// <param name="priorMean">Its mean without any site, m₀.</param>
    /// <param name="lower">Lower end of the interval.</param>
    /// <param name="upper">Upper end.</param>
    /// <param name="precision">τ; the new one afterwards.</param>
    /// <param name="shift">ν; the new one afterwards.</param>
    /// <param name="mass">With <paramref name="log"/>, what the old site contributes to the evidence, ½ log mass + log: with Z the mass of
    /// the interval, s² the variance and c the mean of the cavity, log Z + ½ log(1 + τs²) + ½(ν − τc)(m₀ − c)/(1 + τs²).</param>
    /// <param name="log">See <paramref name="mass"/>.</param>
    /// <returns>By how much the site changes, in posterior standard deviations.</returns>
    public static double Choose(double variance, double mean, double cavity, double cavityMean, double priorMean, double lower,
        double upper, ref double precision, ref double shift, out double mass, out double log)
    {
        double deviation = Math.Sqrt(cavity), scale = 1 / deviation;
        TruncatedMoments.Part((lower - cavityMean) * scale, (upper - cavityMean) * scale, out double part, out log, out double cutMean,
            out double cutVariance);
        // The mass of the interval over that of the site under the cavity, and the site's part of the integral of prior and sites: both
        // have terms as large as τ, which cancel when they are taken together.
        double ratio = 1 + precision * cavity;
        log += 0.5 * (shift - precision * cavityMean) * (priorMean - cavityMean) / ratio;
        mass = part * part * ratio;

        // τ = 1/v̂ − 1/s² with v̂ = c s²; by rounding it could be below 0.
        double chosen = Math.Max(0, (1 - cutVariance) / (cutVariance * cavity));
        double chosenShift = cutMean / (cutVariance * deviation) + cavityMean * chosen;
        double byPrecision = chosen - precision, byShift = chosenShift - shift;
        (precision, shift) = (chosen, chosenShift);
        return Math.Max(Math.Abs(byPrecision) * variance, Math.Abs(byShift - byPrecision * mean) * Math.Sqrt(variance));
    }
}
