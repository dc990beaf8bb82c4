using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>C ← C + αAB for blocks of larger matrices; blocked algorithms spend most of their time here.</summary>
/// <remarks>A tile of C, four rows by two registers of columns, is held in registers while one loop runs over k, the columns of A and
/// rows of B: each k multiplies four elements of A by two registers of B. So every number loaded is used several times, and C is read
/// and written once for each panel of <see cref="Depth"/> values of k.</remarks>
internal static class BlockProduct
{
    /// <summary>Columns of A, and rows of B, in one panel: few enough for the panel of B to stay in the cache for all rows of C.</summary>
    private const int Depth = 128;

    /// <summary>Adds αAB to C. The terms of each element of C are added in the same order, whichever tile the element is in.</summary>
    /// <param name="alpha">α.</param>
    /// <param name="a">A, its rows <paramref name="rowApart"/> and its columns <paramref name="columnApart"/> apart;
    /// exchanging the two distances transposes it.</param>
    /// <param name="rowApart">Distance between rows of A.</param>
    /// <param name="columnApart">Distance between columns of A.</param>
    /// <param name="b">B, elements of a row side by side.</param>
    /// <param name="bApart">Distance between rows of B.</param>
    /// <param name="c">C, elements of a row side by side; may be in the same array as A and B, but not overlap them.</param>
    /// <param name="cApart">Distance between rows of C.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A and rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    public static void Add(double alpha, ReadOnlySpan<double> a, int rowApart, int columnApart, ReadOnlySpan<double> b, int bApart,
        Span<double> c, int cApart, int rows, int inner, int columns)
    {
        if (Simd.Is512) Add<Simd512, Vector512<double>>(alpha, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner, columns);
        else if (Simd.Is256) Add<Simd256, Vector256<double>>(alpha, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner, columns);
        else if (Simd.Is128) Add<Simd128, Vector128<double>>(alpha, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner, columns);
        else Add<SimdScalar, double>(alpha, a, rowApart, columnApart, b, bApart, c, cApart, rows, inner, columns);
    }

    /// <summary>The same with registers of a given width.</summary>
    public static void Add<S, V>(double alpha, ReadOnlySpan<double> a, int rowApart, int columnApart, ReadOnlySpan<double> b, int bApart,
        Span<double> c, int cApart, int rows, int inner, int columns)
        where S : struct, ISimd<V> where V : struct
    {
        if (rows == 0 || inner == 0 || columns == 0) return;
        // The slices check all bounds once, for the last element that each matrix reads; below there are no checks.
        ref double left = ref MemoryMarshal.GetReference(a[..((rows - 1) * rowApart + (inner - 1) * columnApart + 1)]);
        ref double right = ref MemoryMarshal.GetReference(b[..((inner - 1) * bApart + columns)]);
        ref double target = ref MemoryMarshal.GetReference(c[..((rows - 1) * cApart + columns)]);
        // One panel of k after another; each adds its part of AB to all of C.
        for (int first = 0; first < inner; first += Depth)
        {
            int depth = Math.Min(Depth, inner - first);
            ref double la = ref Unsafe.Add(ref left, first * columnApart), rb = ref Unsafe.Add(ref right, first * bApart);
            int i = 0;
            // Four rows of C at a time, then the one to three rows left over, singly.
            for (; i + 4 <= rows; i += 4) FourRows<S, V>(alpha, ref Unsafe.Add(ref la, i * rowApart), (nuint)rowApart, (nuint)columnApart,
                ref rb, (nuint)bApart, ref Unsafe.Add(ref target, i * cApart), (nuint)cApart, depth, (nuint)columns);
            for (; i < rows; i++) OneRow<S, V>(alpha, ref Unsafe.Add(ref la, i * rowApart), (nuint)columnApart, ref rb, (nuint)bApart,
                ref Unsafe.Add(ref target, i * cApart), depth, (nuint)columns);
        }
    }

    /// <summary>Adds αAB to four rows of C, whose sums stay in registers over all k.</summary>
    public static void FourRows<S, V>(double alpha, ref double a, nuint rowApart, nuint columnApart, ref double b, nuint bApart,
        ref double c, nuint cApart, int depth, nuint columns)
        where S : struct, ISimd<V> where V : struct
    {
        nuint width = (nuint)S.Width, j = 0;
        V factor = S.Broadcast(alpha);
        // Two registers of columns: eight independent sums, enough to keep the multiply-add units busy while each waits for its
        // previous result, and few enough for sixteen registers.
        for (; j + 2 * width <= columns; j += 2 * width)
        {
            V c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
            nuint at = 0, row = j;
            for (int k = 0; k < depth; k++, at += columnApart, row += bApart)
            {
                // c_r ← c_r + a_rk b_k for rows r = 0..3, b_k being two registers of row k of B.
                V left = S.Load(ref b, row), right = S.Load(ref b, row + width);
                V x0 = S.Broadcast(Unsafe.Add(ref a, at)), x1 = S.Broadcast(Unsafe.Add(ref a, at + rowApart));
                V x2 = S.Broadcast(Unsafe.Add(ref a, at + 2 * rowApart)), x3 = S.Broadcast(Unsafe.Add(ref a, at + 3 * rowApart));
                c00 = S.MultiplyAdd(x0, left, c00);
                c01 = S.MultiplyAdd(x0, right, c01);
                c10 = S.MultiplyAdd(x1, left, c10);
                c11 = S.MultiplyAdd(x1, right, c11);
                c20 = S.MultiplyAdd(x2, left, c20);
                c21 = S.MultiplyAdd(x2, right, c21);
                c30 = S.MultiplyAdd(x3, left, c30);
                c31 = S.MultiplyAdd(x3, right, c31);
            }
            // C ← C + α · sum; α is applied once, not for every k.
            Accumulate<S, V>(ref c, j, factor, c00);
            Accumulate<S, V>(ref c, j + width, factor, c01);
            Accumulate<S, V>(ref c, cApart + j, factor, c10);
            Accumulate<S, V>(ref c, cApart + j + width, factor, c11);
            Accumulate<S, V>(ref c, 2 * cApart + j, factor, c20);
            Accumulate<S, V>(ref c, 2 * cApart + j + width, factor, c21);
            Accumulate<S, V>(ref c, 3 * cApart + j, factor, c30);
            Accumulate<S, V>(ref c, 3 * cApart + j + width, factor, c31);
        }
        // One register of columns, where an odd one is left.
        for (; j + width <= columns; j += width)
        {
            V c0 = default, c1 = default, c2 = default, c3 = default;
            nuint at = 0, row = j;
            for (int k = 0; k < depth; k++, at += columnApart, row += bApart)
            {
                V left = S.Load(ref b, row);
                c0 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref a, at)), left, c0);
                c1 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref a, at + rowApart)), left, c1);
                c2 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref a, at + 2 * rowApart)), left, c2);
                c3 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref a, at + 3 * rowApart)), left, c3);
            }
            Accumulate<S, V>(ref c, j, factor, c0);
            Accumulate<S, V>(ref c, cApart + j, factor, c1);
            Accumulate<S, V>(ref c, 2 * cApart + j, factor, c2);
            Accumulate<S, V>(ref c, 3 * cApart + j, factor, c3);
        }
        // The tail, fewer columns than a register: scalar, row by row.
        if (j == columns) return;
        for (nuint r = 0; r < 4; r++)
            Rest<S, V>(alpha, ref Unsafe.Add(ref a, r * rowApart), columnApart, ref b, bApart, ref Unsafe.Add(ref c, r * cApart), depth, j,
                columns);
    }

    // The same for a single row of C.
    private static void OneRow<S, V>(double alpha, ref double a, nuint columnApart, ref double b, nuint bApart, ref double c, int depth,
        nuint columns)
        where S : struct, ISimd<V> where V : struct
    {
        nuint width = (nuint)S.Width, j = 0;
        V factor = S.Broadcast(alpha);
        for (; j + 2 * width <= columns; j += 2 * width)
        {
            V c0 = default, c1 = default;
            nuint at = 0, row = j;
            for (int k = 0; k < depth; k++, at += columnApart, row += bApart)
            {
                V x = S.Broadcast(Unsafe.Add(ref a, at));
                c0 = S.MultiplyAdd(x, S.Load(ref b, row), c0);
                c1 = S.MultiplyAdd(x, S.Load(ref b, row + width), c1);
            }
            Accumulate<S, V>(ref c, j, factor, c0);
            Accumulate<S, V>(ref c, j + width, factor, c1);
        }
        Rest<S, V>(alpha, ref a, columnApart, ref b, bApart, ref c, depth, j, columns);
    }

    /// <summary>Columns of a row that are less than two registers, from <paramref name="j"/> on.</summary>
    private static void Rest<S, V>(double alpha, ref double a, nuint columnApart, ref double b, nuint bApart, ref double c, int depth,
        nuint j, nuint columns)
        where S : struct, ISimd<V> where V : struct
    {
        nuint width = (nuint)S.Width;
        // A last whole register, then single columns: Σ_k a_k b_kj.
        for (; j + width <= columns; j += width)
        {
            V sum = default;
            nuint at = 0, row = j;
            for (int k = 0; k < depth; k++, at += columnApart, row += bApart)
                sum = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref a, at)), S.Load(ref b, row), sum);
            Accumulate<S, V>(ref c, j, S.Broadcast(alpha), sum);
        }
        for (; j < columns; j++)
        {
            double sum = 0;
            nuint at = 0, row = j;
            for (int k = 0; k < depth; k++, at += columnApart, row += bApart) sum += Unsafe.Add(ref a, at) * Unsafe.Add(ref b, row);
            Unsafe.Add(ref c, j) += alpha * sum;
        }
    }

    // C ← C + factor · value, one register.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<S, V>(ref double target, nuint offset, V factor, V value) where S : struct, ISimd<V> where V : struct =>
        S.Store(S.MultiplyAdd(factor, value, S.Load(ref target, offset)), ref target, offset);
}
