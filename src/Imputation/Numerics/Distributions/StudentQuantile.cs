namespace Imputation.Numerics.Distributions;

/// <summary>Quantiles of Student's t, by inversion of its tail in logarithms.</summary>
/// <remarks>MathNet's <c>StudentT.InvCDF</c> has 9 digits where the degrees of freedom are 10⁸ and does not converge where they are few;
/// hence one of our own.</remarks>
internal static class StudentQuantile
{
    /// <summary>The t for which P(|T| ≤ t) = <paramref name="confidence"/>: half the width of a two-sided interval, in standard
    /// errors.</summary>
    /// <param name="confidence">Strictly between 0 and 1.</param>
    /// <param name="degreesOfFreedom">0 or more, fractions included; infinite is the normal distribution.</param>
    /// <returns>+∞ where the quantile is beyond all doubles, which 0 degrees of freedom always are.</returns>
    public static double TwoSided(double confidence, double degreesOfFreedom)
    {
        if (!(confidence is > 0 and < 1) || !(degreesOfFreedom >= 0)) return double.NaN;
        if (degreesOfFreedom < 1e-300) return double.PositiveInfinity;
        double logTail = confidence < 0.5 ? TailProbability.Log1p(-confidence) : Math.Log(1 - confidence);

        // Far out P(|T| > t) = (ν / t²)^a / (a B(a, ½)) with a = ν/2, but for a share of ν/t².
        double a = 0.5 * degreesOfFreedom;
        if (a < 40)
        {
            double logT = 0.5 * Math.Log(degreesOfFreedom) - (logTail + TailProbability.LogBetaHalf(a) + Math.Log(a)) / degreesOfFreedom;
            if (2 * logT - Math.Log(degreesOfFreedom) > 40) return Math.Exp(logT);
        }

        // log P falls ever faster in u = log t, and the normal quantile is not above the root. A Newton step from there
        // does not end below it, and from above the steps come down to it without passing it.
        double u = Math.Log(Normal(confidence)), last = double.PositiveInfinity;
        if (double.IsPositiveInfinity(degreesOfFreedom)) return Math.Exp(u);
        for (int k = 0; k < 200; k++)
        {
            double t = Math.Exp(u), logP = TailProbability.LogTwoSidedT(t, degreesOfFreedom);
            double step = (logP - logTail) / Elasticity(t, degreesOfFreedom, logP);
            u = Math.Min(u + step, 0.5 * Math.Log(degreesOfFreedom) + 25);
            if (Math.Abs(step) < 1e-15 || (k > 2 && Math.Abs(step) >= last)) break;
            last = Math.Abs(step);
        }
        return Math.Exp(u);
    }

    /// <summary>The z for which P(|Z| ≤ z) is <paramref name="confidence"/>, Z standard normal.</summary>
    private static double Normal(double confidence) =>
        1.4142135623730951 * (confidence < 0.5 ? MathNet.Numerics.SpecialFunctions.ErfInv(confidence)
            : MathNet.Numerics.SpecialFunctions.ErfcInv(1 - confidence));

    /// <summary>−d log P(|T| &gt; t) / d log t = 2 t f(t) / P(|T| &gt; t), f being the density.</summary>
    private static double Elasticity(double t, double degreesOfFreedom, double logP)
    {
        double a = 0.5 * degreesOfFreedom, ratio = t * t / degreesOfFreedom;
        double logScaledDensity = (a + 0.5) * -TailProbability.Log1p(ratio) + 0.5 * Math.Log(ratio) - TailProbability.LogBetaHalf(a);
        return 2 * Math.Exp(logScaledDensity - logP);
    }
}
