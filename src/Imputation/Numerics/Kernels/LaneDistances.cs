using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Imputation.Numerics.Kernels;

/// <summary>‖L⁻¹(x − μ)‖² of many rows x at once: rows lie side by side in the lanes of registers, and each has its own forward
/// substitution.</summary>
/// <remarks>Cells are column by column, so that a load takes the same column of neighbouring rows. Four registers of rows are worked on
/// together, which hides the time that a multiply-add takes, and shares the loads of L.</remarks>
internal static class LaneDistances
{
    /// <summary>Rows that are worked on together at most; their number is a multiple of it.</summary>
    public const int Rows = 32;

    private const int Registers = 4;

    /// <summary>Adds the distances.</summary>
    /// <param name="factor">L, lower triangle, rows as far apart as there are columns.</param>
    /// <param name="mean">μ.</param>
    /// <param name="cells">The rows' cells: columns <paramref name="stride"/> apart.</param>
    /// <param name="stride">Distance between columns, at least <paramref name="count"/>.</param>
    /// <param name="count">Number of rows, a multiple of <see cref="Rows"/>.</param>
    /// <param name="work">At least <see cref="Rows"/> + 1 numbers for each column.</param>
    /// <param name="distances">One for each row; added to.</param>
    public static void Add(ReadOnlySpan<double> factor, ReadOnlySpan<double> mean, ReadOnlySpan<double> cells, int stride, int count,
        Span<double> work, Span<double> distances)
    {
        if (Simd.Is512) Add<Simd512, Vector512<double>>(factor, mean, cells, stride, count, work, distances);
        else if (Simd.Is256) Add<Simd256, Vector256<double>>(factor, mean, cells, stride, count, work, distances);
        else if (Simd.Is128) Add<Simd128, Vector128<double>>(factor, mean, cells, stride, count, work, distances);
        else Add<SimdScalar, double>(factor, mean, cells, stride, count, work, distances);
    }

    /// <summary>The same with registers of a given width.</summary>
    public static void Add<S, V>(ReadOnlySpan<double> factor, ReadOnlySpan<double> mean, ReadOnlySpan<double> cells, int stride, int count,
        Span<double> work, Span<double> distances) where S : struct, ISimd<V> where V : struct
    {
        int n = mean.Length;
        if (n == 0) return;
        ArgumentOutOfRangeException.ThrowIfNotEqual(count % Rows, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, stride);
        ref double l = ref MemoryMarshal.GetReference(factor[..(n * n)]);
        ref double x = ref MemoryMarshal.GetReference(cells[..((n - 1) * stride + count)]);
        ref double z = ref MemoryMarshal.GetReference(work[..(n * (Rows + 1))]);
        ref double reciprocal = ref Unsafe.Add(ref z, n * Rows);
        ref double d = ref MemoryMarshal.GetReference(distances[..count]);
        for (int i = 0; i < n; i++) Unsafe.Add(ref reciprocal, i) = 1 / factor[i * n + i];

        nuint w = (nuint)S.Width, step = Registers * w, apart = (nuint)stride;
        for (nuint r = 0; r < (nuint)count; r += step)
        {
            V d0 = S.Load(ref d, r), d1 = S.Load(ref d, r + w), d2 = S.Load(ref d, r + 2 * w), d3 = S.Load(ref d, r + 3 * w);
            for (nuint i = 0; i < (nuint)n; i++)
            {
                // z_i = (x_i − μ_i − Σ_{j<i} L_ij z_j) / L_ii
                ref double row = ref Unsafe.Add(ref l, i * (nuint)n);
                ref double column = ref Unsafe.Add(ref x, i * apart + r);
                V center = S.Broadcast(-mean[(int)i]);
                V z0 = S.Add(S.Load(ref column, 0), center), z1 = S.Add(S.Load(ref column, w), center),
                    z2 = S.Add(S.Load(ref column, 2 * w), center), z3 = S.Add(S.Load(ref column, 3 * w), center);
                ref double earlier = ref z;
                for (nuint j = 0; j < i; j++, earlier = ref Unsafe.Add(ref earlier, step))
                {
                    V factorOf = S.Broadcast(-Unsafe.Add(ref row, j));
                    z0 = S.MultiplyAdd(factorOf, S.Load(ref earlier, 0), z0);
                    z1 = S.MultiplyAdd(factorOf, S.Load(ref earlier, w), z1);
                    z2 = S.MultiplyAdd(factorOf, S.Load(ref earlier, 2 * w), z2);
                    z3 = S.MultiplyAdd(factorOf, S.Load(ref earlier, 3 * w), z3);
                }
                V scale = S.Broadcast(Unsafe.Add(ref reciprocal, i));
                (z0, z1, z2, z3) = (S.Multiply(z0, scale), S.Multiply(z1, scale), S.Multiply(z2, scale), S.Multiply(z3, scale));
                S.Store(z0, ref earlier, 0);
                S.Store(z1, ref earlier, w);
                S.Store(z2, ref earlier, 2 * w);
                S.Store(z3, ref earlier, 3 * w);
                (d0, d1, d2, d3) = (S.MultiplyAdd(z0, z0, d0), S.MultiplyAdd(z1, z1, d1), S.MultiplyAdd(z2, z2, d2),
                    S.MultiplyAdd(z3, z3, d3));
            }
            S.Store(d0, ref d, r);
            S.Store(d1, ref d, r + w);
            S.Store(d2, ref d, r + 2 * w);
            S.Store(d3, ref d, r + 3 * w);
        }
    }
}
