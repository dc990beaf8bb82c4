using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>Weighted first and second moments of many rows about a centre, the rows side by side in the lanes of registers as in
/// <see cref="LaneDistances"/>.</summary>
internal static class LaneMoments
{
    /// <summary>Adds Σ w (x − c) to the sums and Σ w (x − c)(x − c)ᵀ to the lower triangle of the products.</summary>
    /// <param name="weights">w of each row.</param>
    /// <param name="center">c.</param>
    /// <param name="cells">The rows' cells: columns <paramref name="stride"/> apart.</param>
    /// <param name="stride">Distance between columns, at least <paramref name="count"/>.</param>
    /// <param name="count">Number of rows, a multiple of <see cref="LaneDistances.Rows"/>.</param>
    /// <param name="work">At least as long as <paramref name="cells"/> and one more column.</param>
    /// <param name="sums">One for each column; added to.</param>
    /// <param name="products">Square, rows as far apart as there are columns; the lower triangle is added to.</param>
    public static void Add(ReadOnlySpan<double> weights, ReadOnlySpan<double> center, ReadOnlySpan<double> cells, int stride, int count,
        Span<double> work, Span<double> sums, Span<double> products)
    {
        if (Simd.Is512) Add<Simd512, Vector512<double>>(weights, center, cells, stride, count, work, sums, products);
        else if (Simd.Is256) Add<Simd256, Vector256<double>>(weights, center, cells, stride, count, work, sums, products);
        else if (Simd.Is128) Add<Simd128, Vector128<double>>(weights, center, cells, stride, count, work, sums, products);
        else Add<SimdScalar, double>(weights, center, cells, stride, count, work, sums, products);
    }

    /// <summary>The same with registers of a given width.</summary>
    public static void Add<S, V>(ReadOnlySpan<double> weights, ReadOnlySpan<double> center, ReadOnlySpan<double> cells, int stride,
        int count, Span<double> work, Span<double> sums, Span<double> products) where S : struct, ISimd<V> where V : struct
    {
        int n = center.Length;
        if (n == 0) return;
        ArgumentOutOfRangeException.ThrowIfNotEqual(count % LaneDistances.Rows, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, stride);
        ref double weight = ref MemoryMarshal.GetReference(weights[..count]);
        ref double x = ref MemoryMarshal.GetReference(cells[..((n - 1) * stride + count)]);
        ref double d = ref MemoryMarshal.GetReference(work[..((n + 1) * stride)]);
        ref double scaled = ref Unsafe.Add(ref d, n * stride);
        nuint w = (nuint)S.Width, length = (nuint)count, apart = (nuint)stride;
        for (nuint i = 0; i < (nuint)n; i++)
        {
            // Column i: the deviations d_i, kept for the columns after it, and w d_i with its sum.
            ref double column = ref Unsafe.Add(ref x, i * apart);
            ref double deviation = ref Unsafe.Add(ref d, i * apart);
            V minus = S.Broadcast(-center[(int)i]), sum = default;
            for (nuint r = 0; r < length; r += w)
            {
                V at = S.Add(S.Load(ref column, r), minus), weighted = S.Multiply(at, S.Load(ref weight, r));
                S.Store(at, ref deviation, r);
                S.Store(weighted, ref scaled, r);
                sum = S.Add(sum, weighted);
            }
            sums[(int)i] += S.Sum(sum);

            // Its products with the columns up to it, four at a time: one load of w d_i serves four multiply-adds.
            Span<double> row = products.Slice((int)i * n, (int)i + 1);
            nuint j = 0;
            for (; j + 4 <= i + 1; j += 4)
            {
                ref double other = ref Unsafe.Add(ref d, j * apart);
                V s0 = default, s1 = default, s2 = default, s3 = default;
                for (nuint r = 0; r < length; r += w)
                {
                    V own = S.Load(ref scaled, r);
                    s0 = S.MultiplyAdd(own, S.Load(ref other, r), s0);
                    s1 = S.MultiplyAdd(own, S.Load(ref other, r + apart), s1);
                    s2 = S.MultiplyAdd(own, S.Load(ref other, r + 2 * apart), s2);
                    s3 = S.MultiplyAdd(own, S.Load(ref other, r + 3 * apart), s3);
                }
                row[(int)j] += S.Sum(s0);
                row[(int)j + 1] += S.Sum(s1);
                row[(int)j + 2] += S.Sum(s2);
                row[(int)j + 3] += S.Sum(s3);
            }
            for (; j <= i; j++)
            {
                ref double other = ref Unsafe.Add(ref d, j * apart);
                V s0 = default;
                for (nuint r = 0; r < length; r += w) s0 = S.MultiplyAdd(S.Load(ref scaled, r), S.Load(ref other, r), s0);
                row[(int)j] += S.Sum(s0);
            }
        }
    }
}
