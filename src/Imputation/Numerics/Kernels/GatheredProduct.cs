using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>Y[r, a] = Σⱼ A[pickedₐ, j] X[r, j]: some rows of a matrix times each of some vectors.</summary>
internal static class GatheredProduct
{
    /// <summary>Multiplies.</summary>
    /// <param name="matrix">A, rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">As <see cref="CrossProduct.Stride"/> has it; of the vectors too.</param>
    /// <param name="picked">The rows of A wanted.</param>
    /// <param name="vectors">X, one vector after another.</param>
    /// <param name="count">Number of vectors.</param>
    /// <param name="products">Receives Y, row by row.</param>
    public static void Multiply(ReadOnlySpan<double> matrix, int stride, ReadOnlySpan<int> picked, ReadOnlySpan<double> vectors, int count,
        Span<double> products)
    {
        if (Simd.Is512) Multiply<Simd512, Vector512<double>>(matrix, stride, picked, vectors, count, products);
        else if (Simd.Is256) Multiply<Simd256, Vector256<double>>(matrix, stride, picked, vectors, count, products);
        else if (Simd.Is128) Multiply<Simd128, Vector128<double>>(matrix, stride, picked, vectors, count, products);
        else Multiply<SimdScalar, double>(matrix, stride, picked, vectors, count, products);
    }

    /// <summary>The same with registers of a given width, which divides the stride.</summary>
    public static void Multiply<S, V>(ReadOnlySpan<double> matrix, int stride, ReadOnlySpan<int> picked, ReadOnlySpan<double> vectors,
        int count, Span<double> products) where S : struct, ISimd<V> where V : struct
    {
        if (stride % S.Width != 0) throw new ArgumentException($"A stride of {stride} is not a multiple of {S.Width}.", nameof(stride));
        ref double x = ref MemoryMarshal.GetReference(vectors[..(count * stride)]);
        ref double y = ref MemoryMarshal.GetReference(products[..(count * picked.Length)]);
        nuint length = (nuint)stride, m = (nuint)picked.Length;
        for (int a = 0; a < picked.Length; a++)
        {
            // Two rows by two vectors, the last row twice where their number is odd.
            ref double first = ref MemoryMarshal.GetReference(matrix.Slice(picked[a] * stride, stride));
            int next = Math.Min(a + 1, picked.Length - 1);
            ref double second = ref MemoryMarshal.GetReference(matrix.Slice(picked[next] * stride, stride));
            nuint at = 0, to = (nuint)a, beside = (nuint)(next - a);
            int r = 0;
            for (; r + 2 <= count; r += 2, at += 2 * length, to += 2 * m)
            {
                V s00 = default, s01 = default, s10 = default, s11 = default;
                for (nuint k = 0; k < length; k += (nuint)S.Width)
                {
                    V left = S.Load(ref first, k), right = S.Load(ref second, k), upper = S.Load(ref x, at + k),
                        lower = S.Load(ref x, at + length + k);
                    s00 = S.MultiplyAdd(left, upper, s00);
                    s01 = S.MultiplyAdd(right, upper, s01);
                    s10 = S.MultiplyAdd(left, lower, s10);
                    s11 = S.MultiplyAdd(right, lower, s11);
                }
                Unsafe.Add(ref y, to) = S.Sum(s00);
                Unsafe.Add(ref y, to + beside) = S.Sum(s01);
                Unsafe.Add(ref y, to + m) = S.Sum(s10);
                Unsafe.Add(ref y, to + m + beside) = S.Sum(s11);
            }
            if (r < count)
            {
                V s0 = default, s1 = default;
                for (nuint k = 0; k < length; k += (nuint)S.Width)
                {
                    V part = S.Load(ref x, at + k);
                    s0 = S.MultiplyAdd(S.Load(ref first, k), part, s0);
                    s1 = S.MultiplyAdd(S.Load(ref second, k), part, s1);
                }
                Unsafe.Add(ref y, to) = S.Sum(s0);
                Unsafe.Add(ref y, to + beside) = S.Sum(s1);
            }
            a = next;
        }
    }
}
