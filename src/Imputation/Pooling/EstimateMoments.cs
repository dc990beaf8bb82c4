namespace Imputation.Pooling;

/// <summary>Mean and variance of a few numbers.</summary>
internal static class EstimateMoments
{
    /// <summary>The mean, and the variance with divisor m − 1, which is exactly 0 where all numbers are the same.</summary>
    public static (double Mean, double Variance) Of(IReadOnlyList<double> values)
    {
        // From the first number on, then once more from that mean: equal numbers give themselves, and an outlier in front costs no digits.
        double mean = values[0] + Deviations(values, values[0]).Sum / values.Count;
        (double sum, double squares) = Deviations(values, mean);
        return (mean + sum / values.Count, Math.Max(0, squares - sum * sum / values.Count) / (values.Count - 1));
    }

    private static (double Sum, double Squares) Deviations(IReadOnlyList<double> values, double center)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < values.Count; i++)
        {
            double deviation = values[i] - center;
            sum += deviation;
            squares += deviation * deviation;
        }
        return (sum, squares);
    }
}
