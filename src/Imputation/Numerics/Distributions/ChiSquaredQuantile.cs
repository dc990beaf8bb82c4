namespace Imputation.Numerics.Distributions;

/// <summary>Quantiles of chi-squared distributions.</summary>
internal static class ChiSquaredQuantile
{
    /// <summary>The upper quantile x of a chi-squared distribution, from the logarithm of its upper tail probability, so that far
    /// tails keep their digits.</summary>
    /// <param name="logTail">Natural logarithm of the upper tail probability, at most 0.</param>
    /// <param name="degreesOfFreedom">Greater than 0.</param>
    public static double Upper(double logTail, double degreesOfFreedom)
    {
        if (!(logTail < 0)) return double.IsNaN(logTail) ? double.NaN : 0;
        double low = 0, high = degreesOfFreedom + 1;
        while (TailProbability.LogChiSquared(high, degreesOfFreedom) > logTail)
        {
            if (high > 1e300) return double.PositiveInfinity;
            (low, high) = (high, 2 * high);
        }
        for (int step = 0; step < 200; step++)
        {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high || high - low < 1e-12 * high) break;
            if (TailProbability.LogChiSquared(middle, degreesOfFreedom) > logTail) low = middle;
            else high = middle;
        }
        return 0.5 * (low + high);
    }
}
