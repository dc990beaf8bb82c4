using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>yᵢ ← yᵢ + aᵢbᵢ / d, each operation rounded: the same bits as <see cref="Scalar"/>.</summary>
internal static class AddProduct
{
    public static void To(Span<double> y, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double divisor)
    {
        int width = Vector<double>.Count, n = y.Length, i = 0;
        if (n >= width)
        {
            // The slices check the lengths of a and b once; the loads below are unchecked.
            ref double left = ref MemoryMarshal.GetReference(a[..n]);
            ref double right = ref MemoryMarshal.GetReference(b[..n]);
            ref double target = ref MemoryMarshal.GetReference(y);
            var d = new Vector<double>(divisor);
            for (; i <= n - width; i += width)
            {
                Vector<double> product = Vector.LoadUnsafe(ref left, (nuint)i) * Vector.LoadUnsafe(ref right, (nuint)i);
                (Vector.LoadUnsafe(ref target, (nuint)i) + product / d).StoreUnsafe(ref target, (nuint)i);
            }
        }
        // The tail: fewer elements than a register holds.
        Scalar(y[i..], a[i..], b[i..], divisor);
    }

    /// <summary>The scalar twin.</summary>
    public static void Scalar(Span<double> y, ReadOnlySpan<double> a, ReadOnlySpan<double> b, double divisor)
    {
        for (int i = 0; i < y.Length; i++) y[i] += a[i] * b[i] / divisor;
    }
}
