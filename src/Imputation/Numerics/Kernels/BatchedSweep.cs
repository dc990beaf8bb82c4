using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>Inverts eight small symmetric matrices of the same order at once, one in each lane.</summary>
/// <remarks>A pattern with few missing columns has a matrix too small to fill a register, but the patterns of a block all have matrices
/// of the same order. So the eight matrices are interleaved: element (i, j), j ≤ i, of the matrix in a lane is at
/// (i(i + 1)/2 + j) · <see cref="Lanes"/> + lane, and each vector operation does the same step for several matrices.</remarks>
internal static class BatchedSweep
{
    /// <summary>Number of matrices that are interleaved.</summary>
    public const int Lanes = 8;

    /// <summary>Largest order accepted; a larger matrix fills registers by itself.</summary>
    public const int MostOrder = 64;

    private const int PivotsPerLogarithm = 8;

    /// <summary>Length of the array that holds the lower triangles of matrices of this order.</summary>
    public static int Length(int order) => order * (order + 1) / 2 * Lanes;

    /// <summary>A ← −A⁻¹ by sweeping every row (Beaton 1964; Little and Rubin 2019, §7.4.3), and log|A|; NaN where A is not positive
    /// definite.</summary>
    /// <param name="matrices">The lower triangles; overwritten.</param>
    /// <param name="order">Order, at most <see cref="MostOrder"/>.</param>
    /// <param name="logDeterminants">Receives log|A| of each lane.</param>
    public static void Invert(Span<double> matrices, int order, Span<double> logDeterminants)
    {
        if (Simd.Is512) Invert<Simd512, Vector512<double>>(matrices, order, logDeterminants);
        else if (Simd.Is256) Invert<Simd256, Vector256<double>>(matrices, order, logDeterminants);
        else if (Simd.Is128) Invert<Simd128, Vector128<double>>(matrices, order, logDeterminants);
        else Invert<SimdScalar, double>(matrices, order, logDeterminants);
    }

    /// <summary>The same with registers of a given width.</summary>
    [SkipLocalsInit]
    public static void Invert<S, V>(Span<double> matrices, int order, Span<double> logDeterminants) where S : struct, ISimd<V>
        where V : struct
    {
        // Scratch: Lanes doubles for the products of pivots, then one column of the matrices, Lanes doubles for each element.
        Span<double> scratch = stackalloc double[(MostOrder + 1) * Lanes];
        ref double a = ref MemoryMarshal.GetReference(matrices[..Length(order)]);
        ref double logs = ref MemoryMarshal.GetReference(logDeterminants[..Lanes]);
        ref double products = ref MemoryMarshal.GetReference(scratch);
        ref double column = ref MemoryMarshal.GetReference(scratch.Slice(Lanes, order * Lanes));
        // i, j, k count rows in steps of Lanes, so that they are offsets too: row i has i/Lanes + 1 elements of Lanes doubles,
        // hence "row += i" after "i += Lanes" moves to the start of the next row.
        nuint end = (nuint)order * Lanes;
        V minusOne = S.Broadcast(-1);
        // One pass for each register: it inverts the Width matrices from this lane on (one pass with AVX-512, two with AVX2).
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            V product = S.Broadcast(1);
            for (int i = 0; i < S.Width; i++) Unsafe.Add(ref logs, (int)lane + i) = 0;
            nuint rowK = lane; // where row k begins
            int pivots = 0;
            // Sweep on row k. The pivot is a_kk after the sweeps on the rows before it; |A| is the product of all pivots.
            for (nuint k = 0; k < end; k += Lanes, rowK += k)
            {
                V pivot = S.Load(ref a, rowK + k), negative = S.Divide(minusOne, pivot);
                product = S.Multiply(product, pivot);
                // log|A| without a logarithm for each pivot: eight pivots are multiplied first; they are too few to overflow.
                if (++pivots % PivotsPerLogarithm == 0)
                {
                    S.Store(product, ref products, lane);
                    AddLogarithms(ref Unsafe.Add(ref products, lane), ref Unsafe.Add(ref logs, lane), S.Width);
                    product = S.Broadcast(1);
                }

                // Copy column k first, since the update overwrites it while later rows still need it. Only the lower triangle is
                // stored: left of the diagonal the column is read from row k, below the diagonal from the rows below.
                // With c the column k: a_ij ← a_ij − c_i c_j / a_kk, c_i ← c_i / a_kk, a_kk ← −1 / a_kk.
                nuint i = 0, row = lane;
                for (; i < k; i += Lanes) S.Store(S.Load(ref a, rowK + i), ref column, i);
                for (row = rowK; i < end; i += Lanes, row += i) S.Store(S.Load(ref a, row + k), ref column, i);
                // All rows but row k. Element j = k of a row below k is updated too and then overwritten by c_i / a_kk.
                for (i = 0, row = lane; i < end; i += Lanes, row += i)
                {
                    if (i == k) continue;
                    // share = −c_i / a_kk
                    V share = S.Multiply(negative, S.Load(ref column, i));
                    for (nuint j = 0; j <= i; j += Lanes)
                        S.Store(S.MultiplyAdd(share, S.Load(ref column, j), S.Load(ref a, row + j)), ref a, row + j);
                    S.Store(S.Multiply(minusOne, share), ref a, i < k ? rowK + i : row + k);
                }
                S.Store(negative, ref a, rowK + k);
            }
            // The pivots left over since the last logarithm.
            S.Store(product, ref products, lane);
            AddLogarithms(ref Unsafe.Add(ref products, lane), ref Unsafe.Add(ref logs, lane), S.Width);
        }
    }

    /// <summary>Adds the logarithm of each lane's product of pivots; scalar code, since only one pivot in eight comes here.</summary>
    private static void AddLogarithms(ref double products, ref double logs, int count)
    {
        for (int i = 0; i < count; i++) Unsafe.Add(ref logs, i) += Math.Log(Unsafe.Add(ref products, i));
    }

    /// <summary>Copies A[indices, indices] into a lane.</summary>
    /// <param name="matrix">A, symmetric, rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">Distance between rows, above every index.</param>
    /// <param name="indices">Rows and columns taken, ascending.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="matrices">The interleaved matrices.</param>
    public static void Gather(ReadOnlySpan<double> matrix, int stride, ReadOnlySpan<int> indices, int lane, Span<double> matrices)
    {
        if (indices.Length == 0) return;
        ref double from = ref MemoryMarshal.GetReference(matrix[..((indices[^1] + 1) * stride)]);
        ref double to = ref Unsafe.Add(ref MemoryMarshal.GetReference(matrices[..Length(indices.Length)]), lane);
        ref int index = ref MemoryMarshal.GetReference(indices);
        // The lower triangle row by row, which is its order in memory: the target moves on by Lanes for each element.
        for (nuint a = 0; a < (nuint)indices.Length; a++)
        {
            ref double row = ref Unsafe.Add(ref from, Unsafe.Add(ref index, a) * stride);
            for (nuint b = 0; b <= a; b++, to = ref Unsafe.Add(ref to, Lanes)) to = Unsafe.Add(ref row, Unsafe.Add(ref index, b));
        }
    }

    /// <summary>Copies the matrix in a lane, with the opposite sign, to a dense matrix with both triangles.</summary>
    public static void ExtractNegative(ReadOnlySpan<double> matrices, int order, int lane, Span<double> dense)
    {
        if (order == 0) return;
        ref double from = ref Unsafe.Add(ref MemoryMarshal.GetReference(matrices[..Length(order)]), lane);
        ref double square = ref MemoryMarshal.GetReference(dense[..(order * order)]);
        nuint n = (nuint)order;
        // across: row a of the dense matrix; down: column a. Each element goes to (a, b) and (b, a).
        for (nuint a = 0, across = 0; a < n; a++, across += n)
        {
            for (nuint b = 0, down = a; b <= a; b++, down += n, from = ref Unsafe.Add(ref from, Lanes))
                Unsafe.Add(ref square, across + b) = Unsafe.Add(ref square, down) = -from;
        }
    }
}
