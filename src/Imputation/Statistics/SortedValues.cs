namespace Imputation.Statistics;

/// <summary>Sorted values, their quantiles and moments.</summary>
internal static class SortedValues
{
    /// <summary>The values that are not NaN, ascending; −0 is 0.</summary>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        var sorted = new double[values.Length];
        int count = 0;
        foreach (double value in values)
            if (!double.IsNaN(value)) sorted[count++] = value + 0.0;
        Array.Resize(ref sorted, count);
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The q-quantile by linear interpolation between order statistics at (n − 1)q (Hyndman and Fan 1996, type 7, R's default);
    /// NaN of nothing.</summary>
    /// <param name="sorted">The values, ascending.</param>
    /// <param name="q">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double q)
    {
        if (sorted.IsEmpty) return double.NaN;
        double place = (sorted.Length - 1) * q;
        int below = (int)place;
        double part = place - below;
        return part == 0 ? sorted[below] : sorted[below] + part * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>Mean, standard deviation with divisor n, skewness m₃ / m₂^1.5 and excess kurtosis m₄ / m₂² − 3, mₖ being the k-th central
    /// moment with divisor n.</summary>
    /// <param name="sorted">The values, ascending; at least one. Where all are equal, skewness and kurtosis are NaN.</param>
    public static (double Mean, double Deviation, double Skewness, double ExcessKurtosis) Moments(ReadOnlySpan<double> sorted)
    {
        // About the middle value and on the scale of the range, so that neither offset nor unit costs digits.
        int n = sorted.Length;
        double origin = sorted[n / 2], scale = sorted[^1] - sorted[0];
        if (!(scale > 0)) return (origin, 0, double.NaN, double.NaN);
        double mean = 0, m2 = 0, m3 = 0, m4 = 0;
        foreach (double x in sorted) mean += (x - origin) / scale;
        mean /= n;
        foreach (double x in sorted)
        {
            double d = (x - origin) / scale - mean, square = d * d;
            m2 += square;
            m3 += square * d;
            m4 += square * square;
        }
        (m2, m3, m4) = (m2 / n, m3 / n, m4 / n);
        return (origin + scale * mean, scale * Math.Sqrt(m2), m3 / (m2 * Math.Sqrt(m2)), m4 / (m2 * m2) - 3);
    }
}
