using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>y ← y + αx.</summary>
internal static class AddScaled
{
    public static void To(Span<double> y, double alpha, ReadOnlySpan<double> x)
    {
        int width = Vector<double>.Count, n = y.Length, i = 0;
        if (n >= width)
        {
            // The slice checks the length of x once; the loads below are unchecked.
            ref double source = ref MemoryMarshal.GetReference(x[..n]);
            ref double target = ref MemoryMarshal.GetReference(y);
            var factor = new Vector<double>(alpha);
            for (; i <= n - width; i += width)
            {
                // One register of y: load x and y, multiply and add, store.
                Vector<double> sum = Simd.MultiplyAdd(factor, Vector.LoadUnsafe(ref source, (nuint)i),
                    Vector.LoadUnsafe(ref target, (nuint)i));
                sum.StoreUnsafe(ref target, (nuint)i);
            }
        }
        // The tail: fewer elements than a register holds.
        Scalar(y[i..], alpha, x[i..]);
    }

    /// <summary>The scalar twin.</summary>
    public static void Scalar(Span<double> y, double alpha, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < y.Length; i++) y[i] += alpha * x[i];
    }
}
