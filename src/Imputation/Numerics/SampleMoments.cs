using Imputation.Numerics.Kernels;

namespace Imputation.Numerics;

/// <summary>Count, mean and sum of squared deviations of some numbers: the one place that computes a mean and a variance.</summary>
/// <param name="Count">How many numbers there are, NaNs left out.</param>
/// <param name="Mean">Their mean; NaN where there are none.</param>
/// <param name="SumOfSquares">Σ (x − mean)²; exactly 0 where all are equal.</param>
internal readonly record struct SampleMoments(int Count, double Mean, double SumOfSquares)
{
    /// <summary>Of no numbers.</summary>
    public static SampleMoments None { get; } = new(0, double.NaN, 0);

    /// <summary>Variance with divisor n − 1; NaN of fewer than two numbers.</summary>
    public double Variance => Count < 2 ? double.NaN : SumOfSquares / (Count - 1);

    /// <summary>Standard deviation with divisor n − 1; NaN of fewer than two numbers.</summary>
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>Standard deviation with divisor n; NaN of no numbers.</summary>
    public double PopulationDeviation => Count == 0 ? double.NaN : Math.Sqrt(SumOfSquares / Count);

    /// <summary>Of the numbers among NaNs, in two passes about the first of them, so that an offset costs no digits. The second pass is
    /// about the mean to rounding, and the correction Σd²−(Σd)²/n removes what that rounding adds (Chan, Golub and LeVeque 1983, eq. 1.7).
    /// </summary>
    public static SampleMoments Of(ReadOnlySpan<double> values)
    {
        double first = double.NaN;
        foreach (double x in values)
        {
            first = x;
            if (!double.IsNaN(x)) break;
        }
        (int count, double sum) = ObservedMoments.Sum(values, first);
        if (count == 0) return None;
        double offset = sum / count;
        (double squares, double rest) = ObservedMoments.Squares(values, first, offset);
        return new SampleMoments(count, first + offset, Math.Max(0, squares - rest * rest / count));
    }

    /// <summary>Of the numbers of both.</summary>
    /// <remarks>Chan, Golub and LeVeque (1983), eq. 2.1.</remarks>
    public SampleMoments Merge(SampleMoments other)
    {
        if (Count == 0 || other.Count == 0) return Count == 0 ? other : this;
        double n = Count, m = other.Count, apart = other.Mean - Mean;
        return new SampleMoments(Count + other.Count, Mean + m / (n + m) * apart,
            SumOfSquares + other.SumOfSquares + n * m / (n + m) * apart * apart);
    }
}
