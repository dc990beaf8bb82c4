using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>Σ aᵢbᵢ.</summary>
internal static class Dot
{
    public static double Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count, n = a.Length;
        if (n < width) return Scalar(a, b);
        ref double x = ref MemoryMarshal.GetReference(a);
        ref double y = ref MemoryMarshal.GetReference(b[..n]);
        Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
        int i = 0;
        // Two sums: each multiply-add waits for the one before it in the same sum, and the other sum fills the wait.
        for (; i <= n - 2 * width; i += 2 * width)
        {
            even = Simd.MultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)i), Vector.LoadUnsafe(ref y, (nuint)i), even);
            odd = Simd.MultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)(i + width)), Vector.LoadUnsafe(ref y, (nuint)(i + width)), odd);
        }
        // A last whole register, then the tail in scalar code.
        if (i <= n - width)
        {
            even = Simd.MultiplyAdd(Vector.LoadUnsafe(ref x, (nuint)i), Vector.LoadUnsafe(ref y, (nuint)i), even);
            i += width;
        }
        return Vector.Sum(even + odd) + Scalar(a[i..], b[i..n]);
    }

    /// <summary>The scalar twin.</summary>
    public static double Scalar(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
