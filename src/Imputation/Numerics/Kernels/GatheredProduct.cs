using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>Y[r, a] = Σⱼ A[pickedₐ, j] X[r, j]: selected rows of a matrix times each of several vectors.</summary>
/// <remarks>All are dot products along contiguous rows. Rows are padded to whole registers, so there is no tail; the padding has to be 0
/// in A and X. Two rows of A with two vectors give four products for four loads, instead of two loads for each.</remarks>
internal static class GatheredProduct
{
    /// <summary>Multiplies.</summary>
    /// <param name="matrix">A, rows <paramref name="stride"/> apart.</param>
    /// <param name="stride"><see cref="CrossProduct.Stride"/> of the columns; the distance between vectors too.</param>
    /// <param name="picked">Indices of the selected rows of A.</param>
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
            // Rows a and next = a + 1 of the selection; where their number is odd, the last row is its own partner (next = a) and is
            // computed and written twice, which spares a second version of the loop.
            ref double first = ref MemoryMarshal.GetReference(matrix.Slice(picked[a] * stride, stride));
            int next = Math.Min(a + 1, picked.Length - 1);
            ref double second = ref MemoryMarshal.GetReference(matrix.Slice(picked[next] * stride, stride));
            // at: vector r in X; to: its product with row a in Y; beside: from there to its product with row next (1, or 0).
            nuint at = 0, to = (nuint)a, beside = (nuint)(next - a);
            int r = 0;
            for (; r + 2 <= count; r += 2, at += 2 * length, to += 2 * m)
            {
                V s00 = default, s01 = default, s10 = default, s11 = default;
                for (nuint k = 0; k < length; k += (nuint)S.Width)
                {
                    // One register of two rows (left, right) and two vectors (upper, lower): four multiply-adds.
                    V left = S.Load(ref first, k), right = S.Load(ref second, k), upper = S.Load(ref x, at + k),
                        lower = S.Load(ref x, at + length + k);
                    s00 = S.MultiplyAdd(left, upper, s00);
                    s01 = S.MultiplyAdd(right, upper, s01);
                    s10 = S.MultiplyAdd(left, lower, s10);
                    s11 = S.MultiplyAdd(right, lower, s11);
                }
                // Each sum is spread over a register; its lanes are added at the end.
                Unsafe.Add(ref y, to) = S.Sum(s00);
                Unsafe.Add(ref y, to + beside) = S.Sum(s01);
                Unsafe.Add(ref y, to + m) = S.Sum(s10);
                Unsafe.Add(ref y, to + m + beside) = S.Sum(s11);
            }
            // The last vector where their number is odd.
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
            // With the loop's own step, on to the next pair.
            a = next;
        }
    }
}
