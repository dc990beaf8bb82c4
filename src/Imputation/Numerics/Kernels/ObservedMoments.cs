using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>Sums over the numbers among NaNs, without a branch for each.</summary>
internal static class ObservedMoments
{
    /// <summary>How many numbers there are, and Σ (x − shift).</summary>
    public static (int Count, double Sum) Sum(ReadOnlySpan<double> values, double shift)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> sum = Vector<double>.Zero, center = new(shift);
        Vector<long> counted = Vector<long>.Zero;
        foreach (Vector<double> x in vectors)
        {
            Vector<long> present = Vector.Equals(x, x);
            counted -= present; // all bits set is −1
            sum += Vector.ConditionalSelect(present, x - center, Vector<double>.Zero);
        }
        int count = (int)Vector.Sum(counted);
        double total = Vector.Sum(sum);
        foreach (double x in values[(vectors.Length * Vector<double>.Count)..])
        {
            if (double.IsNaN(x)) continue;
            count++;
            total += x - shift;
        }
        return (count, total);
    }

    /// <summary>Σ d² and Σ d over the numbers, d = x − shift − offset.</summary>
    public static (double Squares, double Sum) Squares(ReadOnlySpan<double> values, double shift, double offset)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> squares = Vector<double>.Zero, sum = Vector<double>.Zero, center = new(shift), further = new(offset);
        foreach (Vector<double> x in vectors)
        {
            Vector<double> d = Vector.ConditionalSelect(Vector.Equals(x, x), x - center - further, Vector<double>.Zero);
            squares += d * d;
            sum += d;
        }
        double total = Vector.Sum(squares), rest = Vector.Sum(sum);
        foreach (double x in values[(vectors.Length * Vector<double>.Count)..])
        {
            if (double.IsNaN(x)) continue;
            double d = x - shift - offset;
            total += d * d;
            rest += d;
        }
        return (total, rest);
    }
}
