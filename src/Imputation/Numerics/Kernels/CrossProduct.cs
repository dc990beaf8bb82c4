using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>C ← C + DᵀD for a batch D of rows: the rank-k update in which the E-step spends most of its time.</summary>
/// <remarks>Rows are padded to whole registers, so that no loop has a tail. Only the lower triangle is needed, which halves the
/// work.</remarks>
internal static class CrossProduct
{
    /// <summary>Rows of C that are computed together.</summary>
    private const int Tile = 4;

    /// <summary>Adds DᵀD to the lower triangle of C; elements above it may be overwritten with meaningless values.</summary>
    /// <param name="batch">D, <paramref name="rows"/> rows, <paramref name="stride"/> apart, zero beyond the columns.</param>
    /// <param name="rows">Number of rows of D.</param>
    /// <param name="stride">Distance between rows of D and of C, and number of rows of C: <see cref="Stride"/> of the columns.</param>
    /// <param name="target">C, square.</param>
    public static void Add(ReadOnlySpan<double> batch, int rows, int stride, Span<double> target)
    {
        if (Simd.Is512) Add<Simd512, Vector512<double>>(batch, rows, stride, target);
        else if (Simd.Is256) Add<Simd256, Vector256<double>>(batch, rows, stride, target);
        else if (Simd.Is128) Add<Simd128, Vector128<double>>(batch, rows, stride, target);
        else Add<SimdScalar, double>(batch, rows, stride, target);
    }

    /// <summary>The row length that <see cref="Add"/> works on: columns rounded up to whole registers.</summary>
    public static int Stride(int columns)
    {
        int width = Simd.Is512 ? Simd512.Width : Tile;
        return (columns + width - 1) / width * width;
    }

    /// <summary>The same with registers of a given width; the stride is a multiple of it, and of <see cref="Tile"/>.</summary>
    public static void Add<S, V>(ReadOnlySpan<double> batch, int rows, int stride, Span<double> target) where S : struct, ISimd<V>
        where V : struct
    {
        if (stride % Math.Max(S.Width, Tile) != 0)
            throw new ArgumentException($"A stride of {stride} is not a multiple of {Math.Max(S.Width, Tile)}.", nameof(stride));
        nuint width = (nuint)S.Width, apart = (nuint)stride;
        ref double d = ref MemoryMarshal.GetReference(batch[..(rows * stride)]);
        ref double c = ref MemoryMarshal.GetReference(target[..(stride * stride)]);

        // Rows i to i + 3 of C are Dᵀ[i..i+3, :] D. Element (i, k) of Dᵀ is D[k, i], so its "rows" are 1 apart and its "columns" a stride.
        // The columns end with the register that holds the diagonal element of row i + 3: beyond it is the upper triangle.
        for (nuint i = 0; i < apart; i += Tile)
            BlockProduct.FourRows<S, V>(1, ref Unsafe.Add(ref d, i), 1, apart, ref d, apart, ref Unsafe.Add(ref c, i * apart), apart, rows,
                (i + Tile + width - 1) / width * width);
    }
}
