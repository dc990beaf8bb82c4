using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Imputation.Numerics.Kernels;

/// <summary>Moves the observed cells of a row between packed form, side by side, and spread form, each in its column.</summary>
/// <remarks>A mask has a number for each column of a padded row: all bits set where observed, no bit set where missing or in the padding.
/// It serves as an operand of bitwise instructions, and its sign bits count the observed cells of a register.</remarks>
internal static class MaskedRows
{
    /// <summary>Doubles beyond the last cell that a whole-register load may read; they are masked out.</summary>
    public const int Margin = 8;

    /// <summary>For each of the 16 sets of observed columns among four, the permutation from packed to spread form. It moves 32-bit
    /// halves, since AVX2 cannot permute doubles by indices held in a register.</summary>
    private static readonly Vector256<int>[] s_apart = [.. Enumerable.Range(0, 16).Select(bits => Permutation(bits, together: false))];

    /// <summary>The permutations from spread to packed form.</summary>
    private static readonly Vector256<int>[] s_together = [.. Enumerable.Range(0, 16).Select(bits => Permutation(bits, together: true))];

    /// <summary>Writes the deviations of rows of one pattern from the mean, 0 where missing.</summary>
    /// <param name="cells">The observed cells, row after row, with <see cref="Margin"/> more doubles behind them in the same array.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="missing">The missing columns, ascending.</param>
    /// <param name="mask"><paramref name="stride"/> numbers.</param>
    /// <param name="mean">The mean of each column, 0 where missing or beyond; <paramref name="stride"/> numbers.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="stride"><see cref="CrossProduct.Stride"/> of the columns.</param>
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
            // missing is ascending: skipped counts the missing columns passed so far.
            for (int j = 0, skipped = 0; j < columns; j++)
            {
                if (skipped < missing.Length && missing[skipped] == j) skipped++;
                else row[j] = cells[next++] - mean[j];
            }
        }
    }

    /// <summary>With the AVX-512 instruction that expands packed numbers to the places of a mask.</summary>
    public static void Deviations512(ReadOnlySpan<double> cells, int count, int observedCount, ReadOnlySpan<double> mask,
        ReadOnlySpan<double> mean, int stride, Span<double> target)
    {
        ref double from = ref MemoryMarshal.GetReference(cells[..(count * observedCount)]);
        ref double to = ref MemoryMarshal.GetReference(target[..(count * stride)]);
        ref double masks = ref MemoryMarshal.GetReference(mask[..stride]);
        ref double means = ref MemoryMarshal.GetReference(mean[..stride]);
        nuint done = 0; // observed cells of a row before column k
        // Eight columns at a time for all rows: their mask and means stay in registers, and "done" is the same for every row.
        for (nuint k = 0; k < (nuint)stride; k += 8)
        {
            Vector512<double> present = Vector512.LoadUnsafe(ref masks, k), center = Vector512.LoadUnsafe(ref means, k);
            nuint at = done, place = k;
            for (int r = 0; r < count; r++, at += (nuint)observedCount, place += (nuint)stride)
            {
                // The next packed cells go to the observed columns, 0 to the missing ones, where the mean is 0 too. The load may
                // run into the next row or the margin; there the mask is 0.
                Vector512<double> x = Avx512F.Expand(Vector512<double>.Zero, present, Vector512.LoadUnsafe(ref from, at));
                (x - center).StoreUnsafe(ref to, place);
            }
            done += (nuint)ulong.PopCount(present.ExtractMostSignificantBits());
        }
    }

    /// <summary>With the AVX2 permutation, four columns at a time; otherwise as with AVX-512.</summary>
    public static void Deviations256(ReadOnlySpan<double> cells, int count, int observedCount, ReadOnlySpan<double> mask,
        ReadOnlySpan<double> mean, int stride, Span<double> target)
    {
        ref double from = ref MemoryMarshal.GetReference(cells[..(count * observedCount)]);
        ref double to = ref MemoryMarshal.GetReference(target[..(count * stride)]);
        ref double masks = ref MemoryMarshal.GetReference(mask[..stride]);
        ref double means = ref MemoryMarshal.GetReference(mean[..stride]);
        // Observed cells of a row before column k.
        nuint done = 0;
        for (nuint k = 0; k < (nuint)stride; k += 4)
        {
            Vector256<double> present = Vector256.LoadUnsafe(ref masks, k), center = Vector256.LoadUnsafe(ref means, k);
            uint bits = present.ExtractMostSignificantBits();
            Vector256<int> places = s_apart[bits];
            nuint at = done, place = k;
            for (int r = 0; r < count; r++, at += (nuint)observedCount, place += (nuint)stride)
            {
                // Permute the next packed cells to their columns; "& present" sets the missing ones to 0.
                Vector256<double> x = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref from, at).AsInt32(), places).AsDouble() & present;
                (x - center).StoreUnsafe(ref to, place);
            }
            done += uint.PopCount(bits);
        }
    }

    /// <summary>Writes the missing cells of rows of one pattern: −Wy, with a vector y for each row.</summary>
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
        // One row: for each missing column a, −Σ_b W_ab y_b. W is read through once, row by row ("at").
        for (; count > 0; count--, y = ref Unsafe.Add(ref y, m), to = ref Unsafe.Add(ref to, stride))
        {
            for (nuint a = 0, at = 0; a < m; a++)
            {
                // Scalar, since few columns are missing and they are scattered; two sums, so that an addition need not wait for the last.
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

    /// <summary>Packs the observed cells of a row.</summary>
    /// <param name="row">The row, as long as <paramref name="mask"/>.</param>
    /// <param name="mask">Which cells.</param>
    /// <param name="cells">Receives them; as long as the row. Elements beyond the cells may be overwritten.</param>
    public static void Collect(ReadOnlySpan<double> row, ReadOnlySpan<double> mask, Span<double> cells)
    {
        ref double from = ref MemoryMarshal.GetReference(row[..mask.Length]);
        ref double masks = ref MemoryMarshal.GetReference(mask);
        ref double to = ref MemoryMarshal.GetReference(cells[..mask.Length]);
        nuint k = 0, next = 0;
        if (Simd.Is512)
        {
            // Compress eight columns and store a whole register at "next", which is at most k, so that the store stays in bounds;
            // its unused lanes are overwritten by the next one.
            for (; k + 8 <= (nuint)mask.Length; k += 8)
            {
                Vector512<double> present = Vector512.LoadUnsafe(ref masks, k);
                Avx512F.Compress(Vector512<double>.Zero, present, Vector512.LoadUnsafe(ref from, k)).StoreUnsafe(ref to, next);
                next += (nuint)ulong.PopCount(present.ExtractMostSignificantBits());
            }
        }
        else if (Avx2.IsSupported)
        {
            // The same, four columns at a time.
            for (; k + 4 <= (nuint)mask.Length; k += 4)
            {
                uint bits = Vector256.LoadUnsafe(ref masks, k).ExtractMostSignificantBits();
                Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref from, k).AsInt32(), s_together[bits]).AsDouble().StoreUnsafe(ref to, next);
                next += uint.PopCount(bits);
            }
        }
        // The tail. All bits set is a NaN, which differs from 0.
        for (; k < (nuint)mask.Length; k++)
            if (mask[(int)k] != 0) Unsafe.Add(ref to, next++) = Unsafe.Add(ref from, k);
    }

    /// <summary>Adds packed cells to the observed cells of a row.</summary>
    /// <param name="cells">The cells, with <see cref="Margin"/> more doubles behind them.</param>
    /// <param name="mask">The columns they belong to.</param>
    /// <param name="row">The row, as long as <paramref name="mask"/>.</param>
    public static void AddTo(ReadOnlySpan<double> cells, ReadOnlySpan<double> mask, Span<double> row)
    {
        ref double from = ref MemoryMarshal.GetReference(cells);
        ref double masks = ref MemoryMarshal.GetReference(mask);
        ref double to = ref MemoryMarshal.GetReference(row[..mask.Length]);
        nuint k = 0, next = 0;
        if (Simd.Is512)
        {
            // Expand the next packed cells to eight columns, 0 where missing, and add; "next" moves on by the observed ones.
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
            // The same, four columns at a time.
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
        // The tail, as above.
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

    /// <summary>Separate from the checks and not inlined: a variable that is live across a call, even one that only throws, may be kept on
    /// the stack, and the loop would load it in every pass.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddSquare(ref double from, ref int index, nuint order, double factor, ref double to, int stride)
    {
        for (nuint a = 0; a < order; a++, from = ref Unsafe.Add(ref from, order))
        {
            ref double row = ref Unsafe.Add(ref to, Unsafe.Add(ref index, a) * stride);
            // Ascending indices keep b ≤ a in the lower triangle of A.
            for (nuint b = 0; b <= a; b++) Unsafe.Add(ref row, Unsafe.Add(ref index, b)) += factor * Unsafe.Add(ref from, b);
        }
    }

    // Double j is the 32-bit halves 2j and 2j + 1. Places that receive nothing keep index 0 and are masked or overwritten later.
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
