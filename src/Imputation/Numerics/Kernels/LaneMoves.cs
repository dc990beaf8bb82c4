using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>Changes A ← A + αccᵀ of the matrices of <see cref="LaneMatrices"/>, c being a column of A, that are collected and made four at
/// a time.</summary>
/// <remarks>Most of the time of such a change goes into reading and writing A. What is asked of A in between, a diagonal element and a
/// column, is computed with the changes that are outstanding, by the same operations, so that no bit depends on when they are
/// made.</remarks>
/// <param name="most">Largest order.</param>
internal sealed class LaneMoves(int most)
{
    private const int Lanes = LaneMatrices.Lanes, Most = 4;

    private readonly double[] _columns = new double[Most * most * Lanes];
    private readonly double[] _alphas = new double[Most * Lanes];
    private int _count;

    /// <summary>Forgets the changes that are outstanding.</summary>
    public void Clear() => _count = 0;

    /// <summary>A_jj of every lane.</summary>
    /// <param name="a">The matrices.</param>
    /// <param name="order">Their order.</param>
    /// <param name="j">The place.</param>
    /// <param name="target">Receives them.</param>
    public void Diagonal(ReadOnlySpan<double> a, int order, int j, Span<double> target)
    {
        if (Simd.Is512) Diagonal<Simd512, Vector512<double>>(a, order, j, target);
        else if (Simd.Is256) Diagonal<Simd256, Vector256<double>>(a, order, j, target);
        else if (Simd.Is128) Diagonal<Simd128, Vector128<double>>(a, order, j, target);
        else Diagonal<SimdScalar, double>(a, order, j, target);
    }

    /// <summary>The same with registers of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Diagonal<S, V>(ReadOnlySpan<double> a, int order, int j, Span<double> target) where S : struct, ISimd<V> where V : struct
    {
        ref double from = ref MemoryMarshal.GetReference(a.Slice(At(j, j), Lanes));
        ref double to = ref MemoryMarshal.GetReference(target[..Lanes]);
        ref double columns = ref MemoryMarshal.GetReference(_columns.AsSpan(0, _count * order * Lanes));
        ref double alphas = ref MemoryMarshal.GetReference(_alphas.AsSpan());
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            V sum = S.Load(ref from, lane);
            for (int l = 0; l < _count; l++)
            {
                V c = S.Load(ref columns, (nuint)((l * order + j) * Lanes) + lane);
                sum = S.MultiplyAdd(S.Multiply(S.Load(ref alphas, (nuint)(l * Lanes) + lane), c), c, sum);
            }
            S.Store(sum, ref to, lane);
        }
    }

    /// <summary>A ← A + αccᵀ and m ← m + βc, with c column j of A.</summary>
    /// <param name="a">The matrices.</param>
    /// <param name="order">Their order.</param>
    /// <param name="j">The column.</param>
    /// <param name="alpha">α of each lane.</param>
    /// <param name="beta">β of each lane.</param>
    /// <param name="mean">m.</param>
    public void Add(Span<double> a, int order, int j, ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta, Span<double> mean)
    {
        if (Simd.Is512) Add<Simd512, Vector512<double>>(a, order, j, alpha, beta, mean);
        else if (Simd.Is256) Add<Simd256, Vector256<double>>(a, order, j, alpha, beta, mean);
        else if (Simd.Is128) Add<Simd128, Vector128<double>>(a, order, j, alpha, beta, mean);
        else Add<SimdScalar, double>(a, order, j, alpha, beta, mean);
    }

    /// <summary>The same with registers of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<S, V>(Span<double> a, int order, int j, ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta, Span<double> mean)
        where S : struct, ISimd<V> where V : struct
    {
        ref double first = ref MemoryMarshal.GetReference(a[..LaneMatrices.Length(order)]);
        ref double columns = ref MemoryMarshal.GetReference(_columns.AsSpan(0, (_count + 1) * order * Lanes));
        ref double m = ref MemoryMarshal.GetReference(mean[..(order * Lanes)]);
        ref double alphas = ref MemoryMarshal.GetReference(_alphas.AsSpan());
        ref double betas = ref MemoryMarshal.GetReference(beta[..Lanes]);
        alpha[..Lanes].CopyTo(_alphas.AsSpan(_count * Lanes));
        nuint apart = (nuint)(order * Lanes);
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            // Up to the diagonal column j is row j; from there on it runs down the rows.
            V shift = S.Load(ref betas, lane);
            nuint at = (nuint)At(j, 0) + lane, own = (nuint)(j * Lanes) + lane;
            for (int i = 0; i < order; i++)
            {
                V c = S.Load(ref first, at);
                nuint place = (nuint)(i * Lanes) + lane;
                for (int l = 0; l < _count; l++)
                {
                    // As in Make: the row's element times α, then times the column's.
                    V factor = S.Load(ref alphas, (nuint)(l * Lanes) + lane), inRow = S.Load(ref columns, (nuint)l * apart + place),
                        inColumn = S.Load(ref columns, (nuint)l * apart + own);
                    c = i < j ? S.MultiplyAdd(S.Multiply(factor, inColumn), inRow, c)
                        : S.MultiplyAdd(S.Multiply(factor, inRow), inColumn, c);
                }
                S.Store(c, ref columns, (nuint)_count * apart + place);
                S.Store(S.MultiplyAdd(shift, c, S.Load(ref m, place)), ref m, place);
                at += (nuint)((i < j ? 1 : i + 1) * Lanes);
            }
        }
        if (++_count == Most) Make<S, V>(a, order);
    }

    /// <summary>Makes the changes that are outstanding.</summary>
    /// <param name="a">The matrices.</param>
    /// <param name="order">Their order.</param>
    public void Make(Span<double> a, int order)
    {
        if (Simd.Is512) Make<Simd512, Vector512<double>>(a, order);
        else if (Simd.Is256) Make<Simd256, Vector256<double>>(a, order);
        else if (Simd.Is128) Make<Simd128, Vector128<double>>(a, order);
        else Make<SimdScalar, double>(a, order);
    }

    /// <summary>The same with registers of a given width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Make<S, V>(Span<double> a, int order) where S : struct, ISimd<V> where V : struct
    {
        if (_count == 0) return;
        // Those that are missing to four change nothing.
        _columns.AsSpan(_count * order * Lanes, (Most - _count) * order * Lanes).Clear();
        _alphas.AsSpan(_count * Lanes).Clear();
        _count = 0;
        ref double first = ref MemoryMarshal.GetReference(a[..LaneMatrices.Length(order)]);
        ref double c = ref MemoryMarshal.GetReference(_columns.AsSpan(0, Most * order * Lanes));
        ref double alphas = ref MemoryMarshal.GetReference(_alphas.AsSpan());
        nuint apart = (nuint)(order * Lanes);
        for (nuint lane = 0; lane < Lanes; lane += (nuint)S.Width)
        {
            V alpha0 = S.Load(ref alphas, lane), alpha1 = S.Load(ref alphas, lane + Lanes), alpha2 = S.Load(ref alphas, lane + 2 * Lanes),
                alpha3 = S.Load(ref alphas, lane + 3 * Lanes);
            nuint at = lane;
            for (nuint i = lane; i < apart; i += Lanes)
            {
                V row0 = S.Multiply(alpha0, S.Load(ref c, i)), row1 = S.Multiply(alpha1, S.Load(ref c, i + apart)),
                    row2 = S.Multiply(alpha2, S.Load(ref c, i + 2 * apart)), row3 = S.Multiply(alpha3, S.Load(ref c, i + 3 * apart));
                for (nuint j = lane; j <= i; j += Lanes, at += Lanes)
                {
                    V sum = S.MultiplyAdd(row0, S.Load(ref c, j), S.Load(ref first, at));
                    sum = S.MultiplyAdd(row1, S.Load(ref c, j + apart), sum);
                    sum = S.MultiplyAdd(row2, S.Load(ref c, j + 2 * apart), sum);
                    S.Store(S.MultiplyAdd(row3, S.Load(ref c, j + 3 * apart), sum), ref first, at);
                }
            }
        }
    }

    private static int At(int i, int j) => (i * (i + 1) / 2 + j) * Lanes;
}
