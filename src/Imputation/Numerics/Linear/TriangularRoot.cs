using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>The triangular factor R of XᵀX = RᵀR, made from batches of rows of X by Householder reflections.</summary>
/// <remarks>What it saves over the cross-products themselves: their rounding is relative to the largest elements, and drowns a small
/// direction
/// at a condition number of 1e16; the root's drowns it at 1e32.</remarks>
internal static class TriangularRoot
{
    /// <summary>The factor of a positive-semidefinite matrix that is given itself: a row of it is 0 where a column depends on those
    /// before it.</summary>
    /// <param name="matrix">RᵀR, <paramref name="columns"/> × <paramref name="columns"/>, rows contiguous; the upper
    /// triangle is read.</param>
    /// <param name="columns">Number of columns.</param>
    public static double[] Of(ReadOnlySpan<double> matrix, int columns)
    {
        const double rounding = 1e-15;
        var root = new double[columns * columns];
        for (int i = 0; i < columns; i++)
        {
            for (int j = i; j < columns; j++)
            {
                double rest = matrix[i * columns + j];
                for (int k = 0; k < i; k++) rest -= root[k * columns + i] * root[k * columns + j];
                if (j == i && !(rest > rounding * columns * matrix[i * columns + i])) break;
                root[i * columns + j] = j == i ? Math.Sqrt(rest) : rest / root[i * columns + i];
            }
        }
        return root;
    }

    /// <summary>Takes a batch of rows into the factor.</summary>
    /// <param name="root">R, <paramref name="columns"/> × <paramref name="columns"/>, upper triangle, rows contiguous.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="batch">The rows, column by column, <paramref name="rows"/> numbers each; overwritten.</param>
    /// <param name="rows">Number of rows.</param>
    public static void Add(Span<double> root, int columns, Span<double> batch, int rows)
    {
        for (int j = 0; j < columns; j++)
        {
            // The reflection that turns (R_jj, x) into (−sign(R_jj) · length, 0); v = (head, x).
            ReadOnlySpan<double> x = batch.Slice(j * rows, rows);
            double diagonal = root[j * columns + j], squares = Dot.Product(x, x);
            if (squares == 0) continue;
            double length = Math.Sqrt(diagonal * diagonal + squares);
            double head = diagonal + Math.CopySign(length, diagonal);
            double scale = 2 / (head * head + squares);
            root[j * columns + j] = diagonal - head;
            for (int k = j + 1; k < columns; k++)
            {
                Span<double> y = batch.Slice(k * rows, rows);
                double share = scale * (head * root[j * columns + k] + Dot.Product(x, y));
                root[j * columns + k] -= share * head;
                AddScaled.To(y, -share, x);
            }
        }
    }
}
