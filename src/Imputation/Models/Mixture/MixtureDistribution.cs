using Imputation.Numerics.Distributions;

namespace Imputation.Models.Mixture;

/// <summary>A mixture of normal distributions of one number.</summary>
internal static class MixtureDistribution
{
    private const double InverseSqrt2Pi = 0.3989422804014327;

    /// <summary>Density at x.</summary>
    public static double Density(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, double x)
    {
        double sum = 0;
        for (int c = 0; c < weights.Length; c++)
        {
            double z = (x - means[c]) / deviations[c];
            sum += weights[c] * InverseSqrt2Pi / deviations[c] * Math.Exp(-0.5 * z * z);
        }
        return sum;
    }

    /// <summary>P(X ≤ x).</summary>
    public static double Cumulative(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, double x)
    {
        double sum = 0;
        for (int c = 0; c < weights.Length; c++) sum += weights[c] * TruncatedNormal.Cumulative((x - means[c]) / deviations[c]);
        return sum;
    }

    /// <summary>The x with P(X ≤ x) = u, by Newton's method kept between the components' own quantiles by bisection.</summary>
    public static double Quantile(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, double u)
    {
        double z = TruncatedNormal.Quantile(u), lower = double.PositiveInfinity, upper = double.NegativeInfinity, x = 0;
        for (int c = 0; c < weights.Length; c++)
        {
            if (weights[c] == 0) continue;
            double own = means[c] + deviations[c] * z;
            (lower, upper, x) = (Math.Min(lower, own), Math.Max(upper, own), x + weights[c] * own);
        }
        for (int step = 0; step < 200 && upper - lower > 1e-13 * (Math.Abs(lower) + Math.Abs(upper)); step++)
        {
            double beyond = Cumulative(weights, means, deviations, x) - u;
            if (beyond == 0) return x;
            if (beyond > 0) upper = x;
            else lower = x;
            double next = x - beyond / Density(weights, means, deviations, x);
            if (!(next > lower && next < upper)) next = 0.5 * (lower + upper);
            if (next == x) return x;
            x = next;
        }
        return x;
    }

    /// <summary>Continuous ranked probability score against y: E|X − y| − ½ E|X − X′| (Grimit, Gneiting, Berrocal and Johnson
    /// 2006).</summary>
    public static double Crps(ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> deviations, double y)
    {
        double sum = 0;
        for (int c = 0; c < weights.Length; c++)
        {
            sum += weights[c] * MeanAbsolute(y - means[c], deviations[c]);
            for (int d = 0; d < weights.Length; d++)
                sum -= 0.5 * weights[c] * weights[d] * MeanAbsolute(means[c] - means[d],
                    Math.Sqrt(deviations[c] * deviations[c] + deviations[d] * deviations[d]));
        }
        return sum;
    }

    /// <summary>E|X| of a normal distribution.</summary>
    private static double MeanAbsolute(double mean, double deviation)
    {
        double z = mean / deviation;
        return 2 * deviation * InverseSqrt2Pi * Math.Exp(-0.5 * z * z) + mean * (1 - 2 * TruncatedNormal.Cumulative(-z));
    }
}
