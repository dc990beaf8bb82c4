using System.Numerics;
using System.Runtime.InteropServices;

namespace Imputation.Numerics.Kernels;

/// <summary>From the log densities of many rows under several components to the shares of the components in each row.</summary>
internal static class LaneSoftmax
{
    /// <summary>Replaces log densities by shares, and writes the logarithm of their sum.</summary>
    /// <param name="densities">Of each component one for every row, components <paramref name="stride"/> apart. A row has one that is
    /// finite.</param>
    /// <param name="components">Number of components.</param>
    /// <param name="stride">Distance between components.</param>
    /// <param name="count">Number of rows, a multiple of <see cref="LaneDistances.Rows"/>.</param>
    /// <param name="logSums">Receives log Σ exp of each row.</param>
    public static void Replace(Span<double> densities, int components, int stride, int count, Span<double> logSums)
    {
        ref double from = ref MemoryMarshal.GetReference(densities[..((components - 1) * stride + count)]);
        ref double to = ref MemoryMarshal.GetReference(logSums[..count]);
        nuint width = (nuint)Vector<double>.Count, apart = (nuint)stride, length = (nuint)count, k = (nuint)components;
        for (nuint r = 0; r < length; r += width)
        {
            Vector<double> most = Vector.LoadUnsafe(ref from, r), sum = Vector<double>.Zero;
            for (nuint c = 1; c < k; c++) most = Vector.Max(most, Vector.LoadUnsafe(ref from, c * apart + r));
            for (nuint c = 0; c < k; c++)
            {
                // exp of less than −700 is 0 anyway, and −∞ less −∞ would be none
                Vector<double> share = Vector.Exp(Vector.Max(Vector.LoadUnsafe(ref from, c * apart + r) - most, new Vector<double>(-745)));
                share.StoreUnsafe(ref from, c * apart + r);
                sum += share;
            }
            Vector<double> factor = Vector<double>.One / sum;
            for (nuint c = 0; c < k; c++) (Vector.LoadUnsafe(ref from, c * apart + r) * factor).StoreUnsafe(ref from, c * apart + r);
            (most + Vector.Log(sum)).StoreUnsafe(ref to, r);
        }
    }
}
