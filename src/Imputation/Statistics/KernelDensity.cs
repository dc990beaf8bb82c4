using Imputation.Numerics;

namespace Imputation.Statistics;

/// <summary>Gaussian kernel density estimates.</summary>
internal static class KernelDensity
{
    /// <summary>Values from which on they are gathered in bins first.</summary>
    private const int Many = 4096;

    private const int Bins = 2048;

    /// <summary>Bandwidth 0.9 min(s, IQR/1.34) n^(−1/5) (Silverman 1986, eq. 3.31); where the quartiles coincide, from s alone; 0 where all
    /// values are the same.</summary>
    /// <param name="sorted">The values, ascending.</param>
    public static double Bandwidth(ReadOnlySpan<double> sorted)
    {
        int n = sorted.Length;
        if (n < 2) return 0;
        double deviation = SampleMoments.Of(sorted).StandardDeviation,
            quartiles = (SortedValues.Quantile(sorted, 0.75) - SortedValues.Quantile(sorted, 0.25)) / 1.34;
        return 0.9 * (quartiles > 0 ? Math.Min(deviation, quartiles) : deviation) * Math.Pow(n, -0.2);
    }

    /// <summary>The density at points; of many values by linear binning (Wand 1994), good to about a thousandth of its height.</summary>
    /// <param name="values">The values, in any order.</param>
    /// <param name="bandwidth">Standard deviation of the kernel, greater than 0.</param>
    /// <param name="points">Points at which the density is evaluated.</param>
    public static double[] At(ReadOnlySpan<double> values, double bandwidth, ReadOnlySpan<double> points)
    {
        if (values.Length <= Many) return Exact(values, default, bandwidth, points, values.Length);
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double x in values) (low, high) = (Math.Min(low, x), Math.Max(high, x));
        double step = (high - low) / (Bins - 1);
        if (!(step > 0)) return Exact(values[..1], [values.Length], bandwidth, points, values.Length);
        // one value far out would make the bins too wide
        if (step > 0.5 * bandwidth) return Exact(values, default, bandwidth, points, values.Length);
        double[] weights = new double[Bins + 1], places = new double[Bins];
        for (int b = 0; b < Bins; b++) places[b] = low + b * step;
        foreach (double x in values)
        {
            double at = (x - low) / step;
            int b = (int)at;
            weights[b] += b + 1 - at;
            weights[b + 1] += at - b;
        }
        return Exact(places, weights.AsSpan(0, Bins), bandwidth, points, values.Length);
    }

    private static double[] Exact(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double bandwidth, ReadOnlySpan<double> points,
        double total)
    {
        var density = new double[points.Length];
        double scale = 1 / (total * bandwidth * Math.Sqrt(2 * Math.PI));
        for (int i = 0; i < density.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < values.Length; k++)
            {
                double z = (points[i] - values[k]) / bandwidth;
                if (Math.Abs(z) < 9) sum += (weights.IsEmpty ? 1 : weights[k]) * Math.Exp(-0.5 * z * z);
            }
            density[i] = sum * scale;
        }
        return density;
    }
}
