using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics;

/// <summary>C ← C + DᵀD for a batch D of rows: the rank-k update that the E-step spends its time in.</summary>
internal static class CrossProduct
{
    /// <summary>Rows and columns of C that are worked on together.</summary>
    private const int Tile = 4;

    /// <summary>Adds DᵀD to the lower triangle of C; elements above it may be written too and mean nothing.</summary>
    /// <param name="batch">D, <paramref name="rows"/> rows, <paramref name="stride"/> apart, zero beyond the columns.</param>
    /// <param name="rows">Number of rows of D.</param>
    /// <param name="stride">Distance between rows of D and of C, and number of rows of C: <see cref="Stride"/> of the columns.</param>
    /// <param name="target">C, square.</param>
    public static void Add(ReadOnlySpan<double> batch, int rows, int stride, Span<double> target)
    {
        if (Simd.Is512) Add<Simd512, Vector512<double>>(batch, rows, stride, target);
        else if (Simd.Is256) Add<Simd256, Vector256<double>>(batch, rows, stride, target);
        else Add<SimdScalar, double>(batch, rows, stride, target);
    }

    /// <summary>The row length that <see cref="Add"/> works on: columns rounded up to whole registers.</summary>
    public static int Stride(int columns)
    {
        int width = Simd.Is512 ? Simd512.Width : Tile;
        return (columns + width - 1) / width * width;
    }

    /// <summary>The same with registers of a given width; the stride is a multiple of it, and of <see cref="Tile"/>.</summary>
    public static void Add<S, V>(ReadOnlySpan<double> batch, int rows, int stride, Span<double> target) where S : struct, ISimd<V> where V : struct
    {
        if (stride % Math.Max(S.Width, Tile) != 0) throw new ArgumentException($"A stride of {stride} is not a multiple of {Math.Max(S.Width, Tile)}.", nameof(stride));
        nuint width = (nuint)S.Width, apart = (nuint)stride;
        ref double d = ref MemoryMarshal.GetReference(batch[..(rows * stride)]);
        ref double c = ref MemoryMarshal.GetReference(target[..(stride * stride)]);

        // Tiles of four rows of C by two registers stay in registers over the whole batch.
        for (nuint i = 0; i < apart; i += Tile)
        {
            nuint end = i + Tile, k = 0; // the tile's last row reaches to its column end − 1
            for (; k + width < end && k + 2 * width <= apart; k += 2 * width)
            {
                V c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
                nuint row = 0;
                for (int r = 0; r < rows; r++, row += apart)
                {
                    V left = S.Load(ref d, row + k), right = S.Load(ref d, row + k + width);
                    V x0 = S.Broadcast(Unsafe.Add(ref d, row + i)), x1 = S.Broadcast(Unsafe.Add(ref d, row + i + 1));
                    V x2 = S.Broadcast(Unsafe.Add(ref d, row + i + 2)), x3 = S.Broadcast(Unsafe.Add(ref d, row + i + 3));
                    c00 = S.MultiplyAdd(x0, left, c00);
                    c01 = S.MultiplyAdd(x0, right, c01);
                    c10 = S.MultiplyAdd(x1, left, c10);
                    c11 = S.MultiplyAdd(x1, right, c11);
                    c20 = S.MultiplyAdd(x2, left, c20);
                    c21 = S.MultiplyAdd(x2, right, c21);
                    c30 = S.MultiplyAdd(x3, left, c30);
                    c31 = S.MultiplyAdd(x3, right, c31);
                }
                nuint at = i * apart + k;
                Accumulate<S, V>(ref c, at, c00);
                Accumulate<S, V>(ref c, at + width, c01);
                Accumulate<S, V>(ref c, at + apart, c10);
                Accumulate<S, V>(ref c, at + apart + width, c11);
                Accumulate<S, V>(ref c, at + 2 * apart, c20);
                Accumulate<S, V>(ref c, at + 2 * apart + width, c21);
                Accumulate<S, V>(ref c, at + 3 * apart, c30);
                Accumulate<S, V>(ref c, at + 3 * apart + width, c31);
            }
            for (; k < end; k += width)
            {
                V c0 = default, c1 = default, c2 = default, c3 = default;
                nuint row = 0;
                for (int r = 0; r < rows; r++, row += apart)
                {
                    V left = S.Load(ref d, row + k);
                    c0 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref d, row + i)), left, c0);
                    c1 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref d, row + i + 1)), left, c1);
                    c2 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref d, row + i + 2)), left, c2);
                    c3 = S.MultiplyAdd(S.Broadcast(Unsafe.Add(ref d, row + i + 3)), left, c3);
                }
                nuint at = i * apart + k;
                Accumulate<S, V>(ref c, at, c0);
                Accumulate<S, V>(ref c, at + apart, c1);
                Accumulate<S, V>(ref c, at + 2 * apart, c2);
                Accumulate<S, V>(ref c, at + 3 * apart, c3);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<S, V>(ref double target, nuint offset, V value) where S : struct, ISimd<V> where V : struct =>
        S.Store(S.Add(S.Load(ref target, offset), value), ref target, offset);
}
