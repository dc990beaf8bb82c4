using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>yᵢ ← yᵢ + α aᵢbᵢ.</summary>
internal static class AddProduct
{
    public static void To(Span<double> y, double alpha, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int width = Vector<double>.Count, n = y.Length, i = 0;
        if (n >= width)
        {
            // The slices check the lengths of a and b once; the loads below are unchecked.
            ref double left = ref MemoryMarshal.GetReference(a[..n]);
            ref double right = ref MemoryMarshal.GetReference(b[..n]);
            ref double target = ref MemoryMarshal.GetReference(y);
            var factor = new Vector<double>(alpha);
            for (; i <= n - width; i += width)
            {
                Vector<double> scaled = factor * Vector.LoadUnsafe(ref left, (nuint)i);
                Simd.MultiplyAdd(scaled, Vector.LoadUnsafe(ref right, (nuint)i), Vector.LoadUnsafe(ref target, (nuint)i))
                    .StoreUnsafe(ref target, (nuint)i);
            }
        }
        // The tail: fewer elements than a register holds.
        Scalar(y[i..], alpha, a[i..], b[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void Scalar(Span<double> y, double alpha, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        for (int i = 0; i < y.Length; i++) y[i] += alpha * a[i] * b[i];
    }
}
