using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Imputation.Numerics.Kernels;

/// <summary>Between the observed cells of a row side by side and in their columns.</summary>
/// <remarks>A mask has for each column all bits where observed and none where missing or beyond the columns.</remarks>
internal static class MaskedRows
{
    /// <summary>Doubles that may be read, and are ignored, beyond the last cell.</summary>
    public const int Margin = 8;

    /// <summary>For each set of four columns that are observed or not, the permutation of 32-bit halves that puts cells in their
    /// columns.</summary>
    private static readonly Vector256<int>[] s_apart = [.. Enumerable.Range(0, 16).Select(bits => Permutation(bits, together: false))];

    /// <summary>And the one that takes them out again, side by side.</summary>
    private static readonly Vector256<int>[] s_together = [.. Enumerable.Range(0, 16).Select(bits => Permutation(bits, together: true))];

    /// <summary>Writes the deviations of rows of one pattern from the mean, 0 where missing.</summary>
    /// <param name="cells">The observed cells, row after row, with <see cref="Margin"/> more doubles behind them in the same array.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="missing">The missing columns, ascending.</param>
    /// <param name="mask"><paramref name="stride"/> numbers.</param>
    /// <param name="mean">The mean of each column, 0 where missing or beyond; <paramref name="stride"/> numbers.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="stride">As <see cref="CrossProduct.Stride"/> has it.</param>
    /// <param name="target">Receives the rows, <paramref name="stride"/> apart.</param>
    public static void Deviations(ReadOnlySpan<double> cells, int count, ReadOnlySpan<int> missing, ReadOnlySpan<double> mask,
        ReadOnlySpan<double> mean, int columns, int stride, Span<double> target)
    {
        if (Simd.Is512) Deviations512(cells, count, columns - missing.Length, mask, mean, stride, target);
        else if (Avx2.IsSupported) Deviations256(cells, count, columns - missing.Length, mask, mean, stride, target);
        else Scalar(cells, count, missing, mean, columns, stride, target);
    }

    /// <summary>The scalar twin.</summary>
    public static void Scalar(ReadOnlySpan<double> cells, int count, ReadOnlySpan<int> missing, ReadOnlySpan<double> mean, int columns,
        int stride, Span<double> target)
    {
        int next = 0;
        for (int r = 0; r < count; r++)
        {
            Span<double> row = target.Slice(r * stride, stride);
            row.Clear();
            for (int j = 0, skipped = 0; j < columns; j++)
            {
                if (skipped < missing.Length && missing[skipped] == j) skipped++;
                else row[j] = cells[next++] - mean[j];
            }
        }
    }

    /// <summary>With AVX-512's expand.</summary>
    public static void Deviations512(ReadOnlySpan<double> cells, int count, int observedCount, ReadOnlySpan<double> mask,
        ReadOnlySpan<double> mean, int stride, Span<double> target)
    {
        ref double from = ref MemoryMarshal.GetReference(cells[..(count * observedCount)]);
        ref double to = ref MemoryMarshal.GetReference(target[..(count * stride)]);
        ref double masks = ref MemoryMarshal.GetReference(mask[..stride]);
        ref double means = ref MemoryMarshal.GetReference(mean[..stride]);
        nuint done = 0; // observed cells of a row before column k
        for (nuint k = 0; k < (nuint)stride; k += 8)
        {
            Vector512<double> present = Vector512.LoadUnsafe(ref masks, k), center = Vector512.LoadUnsafe(ref means, k);
            nuint at = done, place = k;
            for (int r = 0; r < count; r++, at += (nuint)observedCount, place += (nuint)stride)
            {
                // Where nothing is left to take, what is read is the next row, or the margin, and is masked out.
                Vector512<double> x = Avx512F.Expand(Vector512<double>.Zero, present, Vector512.LoadUnsafe(ref from, at));
                (x - center).StoreUnsafe(ref to, place);
            }
            done += (nuint)ulong.PopCount(present.ExtractMostSignificantBits());
        }
    }

    /// <summary>With AVX2's permutation.</summary>
    public static void Deviations256(ReadOnlySpan<double> cells, int count, int observedCount, ReadOnlySpan<double> mask,
        ReadOnlySpan<double> mean, int stride, Span<double> target)
    {
        ref double from = ref MemoryMarshal.GetReference(cells[..(count * observedCount)]);
        ref double to = ref MemoryMarshal.GetReference(target[..(count * stride)]);
        ref double masks = ref MemoryMarshal.GetReference(mask[..stride]);
        ref double means = ref MemoryMarshal.GetReference(mean[..stride]);
        nuint done = 0;
        for (nuint k = 0; k < (nuint)stride; k += 4)
        {
            Vector256<double> present = Vector256.LoadUnsafe(ref masks, k), center = Vector256.LoadUnsafe(ref means, k);
            uint bits = present.ExtractMostSignificantBits();
            Vector256<int> places = s_apart[bits];
            nuint at = done, place = k;
            for (int r = 0; r < count; r++, at += (nuint)observedCount, place += (nuint)stride)
            {
                Vector256<double> x = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref from, at).AsInt32(), places).AsDouble() & present;
                (x - center).StoreUnsafe(ref to, place);
            }
            done += uint.PopCount(bits);
        }
    }

    /// <summary>Writes the missing cells of rows of one pattern: those of a row are −Wy, y being its vector.</summary>
    /// <param name="weights">W, symmetric, of the order of <paramref name="missing"/>.</param>
    /// <param name="vectors">y of each row, one after another.</param>
    /// <param name="missing">The missing columns.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="stride">Distance between rows.</param>
    /// <param name="rows">The rows.</param>
    public static void FillNegative(ReadOnlySpan<double> weights, ReadOnlySpan<double> vectors, ReadOnlySpan<int> missing, int count,
        int stride, Span<double> rows)
    {
        nuint m = (nuint)missing.Length;
        if (m == 0) return;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)missing[^1], (uint)stride);
        ref double w = ref MemoryMarshal.GetReference(weights[..(missing.Length * missing.Length)]);
        ref double y = ref MemoryMarshal.GetReference(vectors[..(count * missing.Length)]);
        ref double to = ref MemoryMarshal.GetReference(rows[..(count * stride)]);
        ref int columns = ref MemoryMarshal.GetReference(missing);
        for (; count > 0; count--, y = ref Unsafe.Add(ref y, m), to = ref Unsafe.Add(ref to, stride))
        {
            for (nuint a = 0, at = 0; a < m; a++)
            {
                double even = 0, odd = 0;
                nuint b = 0;
                for (; b + 2 <= m; b += 2, at += 2)
                {
                    even += Unsafe.Add(ref w, at) * Unsafe.Add(ref y, b);
                    odd += Unsafe.Add(ref w, at + 1) * Unsafe.Add(ref y, b + 1);
                }
                if (b < m) even += Unsafe.Add(ref w, at++) * Unsafe.Add(ref y, b);
                Unsafe.Add(ref to, Unsafe.Add(ref columns, a)) = -(even + odd);
            }
        }
    }

    /// <summary>Copies the observed cells out of a row, side by side.</summary>
    /// <param name="row">The row, as long as <paramref name="mask"/>.</param>
    /// <param name="mask">Which cells.</param>
    /// <param name="cells">Receives them; as long as the row, and what is written beyond them means nothing.</param>
    public static void Collect(ReadOnlySpan<double> row, ReadOnlySpan<double> mask, Span<double> cells)
    {
        ref double from = ref MemoryMarshal.GetReference(row[..mask.Length]);
        ref double masks = ref MemoryMarshal.GetReference(mask);
        ref double to = ref MemoryMarshal.GetReference(cells[..mask.Length]);
        nuint k = 0, next = 0;
        if (Simd.Is512)
        {
            for (; k + 8 <= (nuint)mask.Length; k += 8)
            {
                Vector512<double> present = Vector512.LoadUnsafe(ref masks, k);
                Avx512F.Compress(Vector512<double>.Zero, present, Vector512.LoadUnsafe(ref from, k)).StoreUnsafe(ref to, next);
                next += (nuint)ulong.PopCount(present.ExtractMostSignificantBits());
            }
        }
        else if (Avx2.IsSupported)
        {
            for (; k + 4 <= (nuint)mask.Length; k += 4)
            {
                uint bits = Vector256.LoadUnsafe(ref masks, k).ExtractMostSignificantBits();
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref from, k).AsInt32(), s_together[bits]).AsDouble().StoreUnsafe(ref to, next);
                next += uint.PopCount(bits);
            }
        }
        for (; k < (nuint)mask.Length; k++)
            if (mask[(int)k] != 0) Unsafe.Add(ref to, next++) = Unsafe.Add(ref from, k);
    }

    /// <summary>Adds cells that stand side by side to the observed cells of a row.</summary>
    /// <param name="cells">The cells, with <see cref="Margin"/> more doubles behind them.</param>
    /// <param name="mask">Where they belong.</param>
    /// <param name="row">The row, as long as <paramref name="mask"/>.</param>
    public static void AddTo(ReadOnlySpan<double> cells, ReadOnlySpan<double> mask, Span<double> row)
    {
        ref double from = ref MemoryMarshal.GetReference(cells);
        ref double masks = ref MemoryMarshal.GetReference(mask);
        ref double to = ref MemoryMarshal.GetReference(row[..mask.Length]);
        nuint k = 0, next = 0;
        if (Simd.Is512)
        {
            for (; k + 8 <= (nuint)mask.Length; k += 8)
            {
                Vector512<double> present = Vector512.LoadUnsafe(ref masks, k);
                (Avx512F.Expand(Vector512<double>.Zero, present, Vector512.LoadUnsafe(ref from, next)) + Vector512.LoadUnsafe(ref to, k))
                    .StoreUnsafe(ref to, k);
                next += (nuint)ulong.PopCount(present.ExtractMostSignificantBits());
            }
        }
        else if (Avx2.IsSupported)
        {
            for (; k + 4 <= (nuint)mask.Length; k += 4)
            {
                Vector256<double> present = Vector256.LoadUnsafe(ref masks, k);
                uint bits = present.ExtractMostSignificantBits();
                Vector256<double> x = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref from, next).AsInt32(), s_apart[bits])
                    .AsDouble() & present;
                (x + Vector256.LoadUnsafe(ref to, k)).StoreUnsafe(ref to, k);
                next += uint.PopCount(bits);
            }
        }
        for (; k < (nuint)mask.Length; k++)
            if (mask[(int)k] != 0) Unsafe.Add(ref to, k) += Unsafe.Add(ref from, next++);
    }

    /// <summary>Adds a factor times a symmetric matrix to A[indices, indices], lower triangle.</summary>
    /// <param name="dense">The matrix, of the order of <paramref name="indices"/>.</param>
    /// <param name="indices">Rows and columns of A, ascending.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="matrix">A.</param>
    /// <param name="stride">Distance between rows of A, above every index.</param>
    public static void AddSquare(ReadOnlySpan<double> dense, ReadOnlySpan<int> indices, double factor, Span<double> matrix, int stride)
    {
        if (indices.Length == 0) return;
        ref double from = ref MemoryMarshal.GetReference(dense[..(indices.Length * indices.Length)]);
        ref double to = ref MemoryMarshal.GetReference(matrix[..((indices[^1] + 1) * stride)]);
        AddSquare(ref from, ref MemoryMarshal.GetReference(indices), (nuint)indices.Length, factor, ref to, stride);
    }

    /// <summary>A method without the checks: a number in use across a call, even a call that only throws, is kept in memory, and the loop
    /// would wait for it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSquare(ref double from, ref int index, nuint order, double factor, ref double to, int stride)
    {
        for (nuint a = 0; a < order; a++, from = ref Unsafe.Add(ref from, order))
        {
            ref double row = ref Unsafe.Add(ref to, Unsafe.Add(ref index, a) * stride);
            for (nuint b = 0; b <= a; b++) Unsafe.Add(ref row, Unsafe.Add(ref index, b)) += factor * Unsafe.Add(ref from, b);
        }
    }

    private static Vector256<int> Permutation(int bits, bool together)
    {
        var places = new int[8];
        for (int j = 0, next = 0; j < 4; j++)
        {
            if ((bits >> j & 1) == 0) continue;
            (int to, int from) = together ? (next, j) : (j, next);
            (places[2 * to], places[2 * to + 1]) = (2 * from, 2 * from + 1);
            next++;
        }
        return Vector256.Create<int>(places);
    }
}
