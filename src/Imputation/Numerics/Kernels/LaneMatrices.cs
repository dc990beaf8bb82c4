using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>Eight small symmetric matrices of the same order at once, one in each lane: those of eight rows whose missing cells
/// differ.</summary>
/// <remarks>Interleaved as in <see cref="BatchedSweep"/>: element (i, j), j ≤ i, of the matrix in a lane is at (i(i + 1)/2 + j) · <see
/// cref="Lanes"/> + lane, element i of its vectors at i · <see cref="Lanes"/> + lane. A lane's results do not depend on the other
/// lanes.</remarks>
internal static class LaneMatrices
{
    /// <summary>Number of matrices.</summary>
    public const int Lanes = BatchedSweep.Lanes;

    /// <summary>Length of the array that holds the lower triangles of matrices of this order.</summary>
    public static int Length(int order) => order * (order + 1) / 2 * Lanes;

    /// <summary>Conditions on the first variables: the other elements become A_ij − A_iC A_CC⁻¹ A_Cj, and a column of C keeps what it was
    /// when the variables before it were known.</summary>
    /// <param name="a">The matrices.</param>
    /// <param name="order">Their order.</param>
    /// <param name="known">Number of variables that are known.</param>
    public static void Condition(Span<double> a, int order, int known)
    {
        if (Simd.Is512) Condition<Simd512, Vector512<double>>(a, order, known);
        else if (Simd.Is256) Condition<Simd256, Vector256<double>>(a, order, known);
        else if (Simd.Is128) Condition<Simd128, Vector128<double>>(a, order, known);
        else Condition<SimdScalar, double>(a, order, known);
    }

    /// <summary>The same with registers of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Condition<S, V>(Span<double> a, int order, int known) where S : struct, ISimd<V> where V : struct
    {
        ref double first = ref MemoryMarshal.GetReference(a[..Length(order)]);
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            for (int p = 0; p < known; p++)
            {
                V minusReciprocal = S.Divide(S.Broadcast(-1), S.Load(ref first, At(p, p) + lane));
                for (int i = p + 1; i < order; i++)
                {
                    // A_ij ← A_ij − A_ip A_jp / A_pp for j from p + 1 to i; column p runs down the rows.
                    V factor = S.Multiply(minusReciprocal, S.Load(ref first, At(i, p) + lane));
                    nuint at = At(i, p + 1) + lane, column = At(p + 1, p) + lane;
                    for (int j = p + 1; j <= i; at += Lanes, j++, column += (nuint)j * Lanes)
                        S.Store(S.MultiplyAdd(factor, S.Load(ref first, column), S.Load(ref first, at)), ref first, at);
                }
            }
        }
    }

    /// <summary>What the first variables say of the others: g_i ← g_i + A_iC A_CC⁻¹ d_C, after <see cref="Condition"/>.</summary>
    /// <param name="a">The matrices.</param>
    /// <param name="order">Their order.</param>
    /// <param name="known">Number of variables that are known.</param>
    /// <param name="mean">g of all variables, 0 before.</param>
    /// <param name="deviations">d_C.</param>
    /// <param name="quadratics">Receives d_Cᵀ A_CC⁻¹ d_C of each lane.</param>
    public static void Regress(ReadOnlySpan<double> a, int order, int known, Span<double> mean, ReadOnlySpan<double> deviations,
        Span<double> quadratics)
    {
        if (Simd.Is512) Regress<Simd512, Vector512<double>>(a, order, known, mean, deviations, quadratics);
        else if (Simd.Is256) Regress<Simd256, Vector256<double>>(a, order, known, mean, deviations, quadratics);
        else if (Simd.Is128) Regress<Simd128, Vector128<double>>(a, order, known, mean, deviations, quadratics);
        else Regress<SimdScalar, double>(a, order, known, mean, deviations, quadratics);
    }

    /// <summary>The same with registers of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Regress<S, V>(ReadOnlySpan<double> a, int order, int known, Span<double> mean, ReadOnlySpan<double> deviations,
        Span<double> quadratics) where S : struct, ISimd<V> where V : struct
    {
        ref double first = ref MemoryMarshal.GetReference(a[..Length(order)]);
        ref double g = ref MemoryMarshal.GetReference(mean[..(order * Lanes)]);
        ref double d = ref MemoryMarshal.GetReference(deviations[..(known * Lanes)]);
        ref double squares = ref MemoryMarshal.GetReference(quadratics[..Lanes]);
        V minusOne = S.Broadcast(-1);
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            V square = default;
            for (int p = 0; p < known; p++)
            {
                // e: by how much variable p is off what those before it say; its share in the others goes with their covariances.
                nuint place = (nuint)p * Lanes + lane;
                V e = S.MultiplyAdd(minusOne, S.Load(ref g, place), S.Load(ref d, place));
                V scaled = S.Divide(e, S.Load(ref first, At(p, p) + lane));
                square = S.MultiplyAdd(e, scaled, square);
                for (int i = p + 1; i < order; i++)
                {
                    nuint other = (nuint)i * Lanes + lane;
                    S.Store(S.MultiplyAdd(scaled, S.Load(ref first, At(i, p) + lane), S.Load(ref g, other)), ref g, other);
                }
            }
            S.Store(square, ref squares, lane);
        }
    }

    /// <summary>Extends a posterior covariance V of the first variables, which differs from the prior one by measurements of these with the
    /// precisions T, to the other variables: V_MI = P_MI (1 − TV) and V_MM = P_MM − P_MI T V_IM.</summary>
    /// <param name="prior">P, of <paramref name="skipped"/> + <paramref name="measured"/> + <paramref name="others"/> variables, of which
    /// the first ones do not count.</param>
    /// <param name="skipped">Number of variables that do not count.</param>
    /// <param name="measured">Number of variables measured.</param>
    /// <param name="others">Number of other variables.</param>
    /// <param name="precision">T of each variable measured.</param>
    /// <param name="posterior">V of all that count; the rows of those measured are there, the others are written.</param>
    /// <param name="row">At least as long as the precisions; overwritten.</param>
    public static void Extend(ReadOnlySpan<double> prior, int skipped, int measured, int others, ReadOnlySpan<double> precision,
        Span<double> posterior, Span<double> row)
    {
        if (Simd.Is512) Extend<Simd512, Vector512<double>>(prior, skipped, measured, others, precision, posterior, row);
        else if (Simd.Is256) Extend<Simd256, Vector256<double>>(prior, skipped, measured, others, precision, posterior, row);
        else if (Simd.Is128) Extend<Simd128, Vector128<double>>(prior, skipped, measured, others, precision, posterior, row);
        else Extend<SimdScalar, double>(prior, skipped, measured, others, precision, posterior, row);
    }

    /// <summary>The same with registers of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Extend<S, V>(ReadOnlySpan<double> prior, int skipped, int measured, int others, ReadOnlySpan<double> precision,
        Span<double> posterior, Span<double> row) where S : struct, ISimd<V> where V : struct
    {
        ref double p = ref MemoryMarshal.GetReference(prior[..Length(skipped + measured + others)]);
        ref double v = ref MemoryMarshal.GetReference(posterior[..Length(measured + others)]);
        ref double precisions = ref MemoryMarshal.GetReference(precision[..(measured * Lanes)]);
        ref double scaled = ref MemoryMarshal.GetReference(row[..(measured * Lanes)]);
        nuint k = (nuint)measured * Lanes;
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            for (int a = 0; a < others; a++)
            {
                nuint from = At(skipped + measured + a, skipped), to = At(measured + a, 0);
                for (nuint j = lane; j < k; j += Lanes)
                {
                    V own = S.Load(ref p, from + j);
                    S.Store(own, ref v, to + j);
                    // −P_aj T_j
                    S.Store(S.Multiply(S.Broadcast(-1), S.Multiply(own, S.Load(ref precisions, j))), ref scaled, j);
                }
                // P_aI − (P_aI T) V by rows of the lower triangle of V, which serve as columns too.
                nuint at = lane;
                for (nuint i = lane; i < k; i += Lanes)
                {
                    V own = S.Load(ref scaled, i), sum = S.Load(ref v, to + i);
                    for (nuint j = lane; j < i; j += Lanes, at += Lanes)
                    {
                        V element = S.Load(ref v, at);
                        S.Store(S.MultiplyAdd(own, element, S.Load(ref v, to + j)), ref v, to + j);
                        sum = S.MultiplyAdd(S.Load(ref scaled, j), element, sum);
                    }
                    S.Store(S.MultiplyAdd(own, S.Load(ref v, at), sum), ref v, to + i);
                    at += Lanes;
                }
                // V_ab = P_ab − P_aI T V_Ib.
                for (int b = 0; b <= a; b++)
                {
                    nuint other = At(measured + b, 0);
                    V sum = S.Load(ref p, At(skipped + measured + a, skipped + measured + b) + lane);
                    for (nuint j = lane; j < k; j += Lanes) sum = S.MultiplyAdd(S.Load(ref scaled, j), S.Load(ref v, other + j), sum);
                    S.Store(sum, ref v, At(measured + a, measured + b) + lane);
                }
            }
        }
    }

    /// <summary>Adds a multiple of one lane's matrix to a matrix of more variables: element (i, j) to row o_i and column o_j, which may be
    /// on either side of the diagonal.</summary>
    /// <param name="a">The matrices.</param>
    /// <param name="order">Their order.</param>
    /// <param name="lane">The lane.</param>
    /// <param name="places">o of every lane, interleaved; less than <paramref name="columns"/>.</param>
    /// <param name="weight">The factor.</param>
    /// <param name="target">The other matrix.</param>
    /// <param name="columns">Its order.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(ReadOnlySpan<double> a, int order, int lane, ReadOnlySpan<int> places, double weight, Span<double> target,
        int columns)
    {
        ref double from = ref MemoryMarshal.GetReference(a[..Length(order)]);
        ref int place = ref MemoryMarshal.GetReference(places[..(order * Lanes)]);
        for (int i = 0, at = lane; i < order; i++)
        {
            // The slice checks the row; the columns are unchecked.
            ref double row = ref MemoryMarshal.GetReference(target.Slice(Unsafe.Add(ref place, i * Lanes + lane) * columns, columns));
            for (int j = 0; j <= i; j++, at += Lanes)
                Unsafe.Add(ref row, Unsafe.Add(ref place, j * Lanes + lane)) += weight * Unsafe.Add(ref from, at);
        }
    }

    private static nuint At(int i, int j) => (nuint)((i * (i + 1) / 2 + j) * Lanes);
}
