using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>A ← A + αccᵀ for small square matrices, whose rows are padded with zeros to whole registers.</summary>
internal static class RankOne
{
    /// <summary>The distance of rows, n rounded up to whole registers.</summary>
    public static int Stride(int n) => (n + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;

    /// <param name="a">n rows, <see cref="Stride"/> apart.</param>
    /// <param name="n">Order of A.</param>
    /// <param name="alpha">α.</param>
    /// <param name="c">n elements, and zeros up to the stride.</param>
    public static void To(Span<double> a, int n, double alpha, ReadOnlySpan<double> c)
    {
        int width = Vector<double>.Count, stride = Stride(n);
        // The slices check the lengths once; the loads below are unchecked.
        ref double row = ref MemoryMarshal.GetReference(a[..(n * stride)]);
        ref double column = ref MemoryMarshal.GetReference(c[..stride]);
        for (int i = 0; i < n; i++)
        {
            var factor = new Vector<double>(alpha * System.Runtime.CompilerServices.Unsafe.Add(ref column, i));
            for (int j = 0; j < stride; j += width)
            {
                Vector<double> sum = Simd.MultiplyAdd(factor, Vector.LoadUnsafe(ref column, (nuint)j),
                    Vector.LoadUnsafe(ref row, (nuint)(i * stride + j)));
                sum.StoreUnsafe(ref row, (nuint)(i * stride + j));
            }
        }
    }

    /// <summary>The scalar twin.</summary>
    public static void Scalar(Span<double> a, int n, double alpha, ReadOnlySpan<double> c)
    {
        int stride = Stride(n);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[i * stride + j] += alpha * c[i] * c[j];
    }
}
