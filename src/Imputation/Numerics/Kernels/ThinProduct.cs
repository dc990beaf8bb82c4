using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>P = BS for B with few rows.</summary>
/// <remarks>Four rows of P by one register of columns are held in registers while one loop runs over the rows of S: one load of S serves
/// four multiply-adds.</remarks>
internal static class ThinProduct
{
    /// <summary>Multiplies.</summary>
    /// <param name="left">B, rows <paramref name="stride"/> apart.</param>
    /// <param name="rows">Number of rows of B.</param>
    /// <param name="right">S, square, rows contiguous, with <see cref="MaskedRows.Margin"/> more doubles behind them in the same
    /// array.</param>
    /// <param name="order">Order of S.</param>
    /// <param name="stride"><see cref="CrossProduct.Stride"/> of the columns, at least the order.</param>
    /// <param name="product">Receives P, rows <paramref name="stride"/> apart; columns from the order on are meaningless.</param>
    public static void Multiply(ReadOnlySpan<double> left, int rows, ReadOnlySpan<double> right, int order, int stride,
        Span<double> product)
    {
        if (Simd.Is512) Multiply<Simd512, Vector512<double>>(left, rows, right, order, stride, product);
        else if (Simd.Is256) Multiply<Simd256, Vector256<double>>(left, rows, right, order, stride, product);
        else if (Simd.Is128) Multiply<Simd128, Vector128<double>>(left, rows, right, order, stride, product);
        else Multiply<SimdScalar, double>(left, rows, right, order, stride, product);
    }

    /// <summary>The same with registers of a given width.</summary>
    public static void Multiply<S, V>(ReadOnlySpan<double> left, int rows, ReadOnlySpan<double> right, int order, int stride,
        Span<double> product) where S : struct, ISimd<V> where V : struct
    {
        if (stride % S.Width != 0 || order > stride)
            throw new ArgumentException($"A stride of {stride} is not a multiple of {S.Width} from {order} on.", nameof(stride));
        ref double b = ref MemoryMarshal.GetReference(left[..(rows * stride)]);
        ref double s = ref MemoryMarshal.GetReference(right[..(order * order)]);
        ref double p = ref MemoryMarshal.GetReference(product[..(rows * stride)]);
        nuint apart = (nuint)stride, n = (nuint)order;
        for (int a = 0; a < rows; a += 4)
        {
            // Four rows at a time. If fewer are left, the last row fills the free places and is computed several times.
            nuint r0 = (nuint)a * apart, r1 = (nuint)Math.Min(a + 1, rows - 1) * apart, r2 = (nuint)Math.Min(a + 2, rows - 1) * apart,
                r3 = (nuint)Math.Min(a + 3, rows - 1) * apart;
            // The last register may reach beyond row j of S, into the next row or the margin: those columns of P are the padding.
            for (nuint k = 0; k < n; k += (nuint)S.Width)
            {
                V p0 = default, p1 = default, p2 = default, p3 = default;
                for (nuint j = 0, at = k; j < n; j++, at += n)
                {
                    // p_r ← p_r + b_rj s_j, s_j being one register of row j of S.
                    V row = S.Load(ref s, at);
                    p0 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref b, r0 + j)), row, p0);
                    p1 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref b, r1 + j)), row, p1);
                    p2 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref b, r2 + j)), row, p2);
                    p3 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref b, r3 + j)), row, p3);
                }
                S.Store(p0, ref p, r0 + k);
                S.Store(p1, ref p, r1 + k);
                S.Store(p2, ref p, r2 + k);
                S.Store(p3, ref p, r3 + k);
            }
        }
    }
}
