using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>Sums over the numbers that are not NaN (missing), without a branch for each.</summary>
internal static class ObservedMoments
{
    /// <summary>The count of numbers that are not NaN, and Σ (x − shift) over them.</summary>
    public static (int Count, double Sum) Sum(ReadOnlySpan<double> values, double shift)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> sum = Vector<double>.Zero, center = new(shift);
        Vector<long> counted = Vector<long>.Zero;
        foreach (Vector<double> x in vectors)
        {
            // Only a NaN differs from itself: present has all bits set where x is a number.
            Vector<long> present = Vector.Equals(x, x);
            counted -= present; // all bits set is −1
            // A missing number adds 0.
            sum += Vector.ConditionalSelect(present, x - center, Vector<double>.Zero);
        }
        int count = (int)Vector.Sum(counted);
        double total = Vector.Sum(sum);
        // The tail: fewer numbers than a register holds.
        foreach (double x in values[(vectors.Length * Vector<double>.Count)..])
        {
            if (double.IsNaN(x)) continue;
            count++;
            total += x - shift;
        }
        return (count, total);
    }

    /// <summary>Σ d² and Σ d over the numbers that are not NaN, d = x − shift − offset.</summary>
    public static (double Squares, double Sum) Squares(ReadOnlySpan<double> values, double shift, double offset)
    {
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        Vector<double> squares = Vector<double>.Zero, sum = Vector<double>.Zero, center = new(shift), further = new(offset);
        foreach (Vector<double> x in vectors)
        {
            // Subtract one after the other: shift + offset would round away the digits of a small offset.
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
