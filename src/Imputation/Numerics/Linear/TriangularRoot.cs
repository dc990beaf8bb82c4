using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>The triangular factor R of XᵀX = RᵀR, updated with batches of rows of X by Householder reflections.</summary>
/// <remarks>The rounding error of cross-products is relative to their largest elements, so that a small direction of XᵀX is lost at a
/// condition number of 1e16. R is accurate relative to X itself, whose condition number is the square root: it loses it at 1e32.</remarks>
internal static class TriangularRoot
{
    /// <summary>The factor of a given positive-semidefinite matrix; row j of R is 0 where column j depends linearly on the columns before
    /// it.</summary>
    /// <param name="matrix">RᵀR, <paramref name="columns"/> × <paramref name="columns"/>, rows contiguous; the upper
    /// triangle is read.</param>
    /// <param name="columns">Number of columns.</param>
    public static double[] Of(ReadOnlySpan<double> matrix, int columns)
    {
        const double rounding = 1e-15;
        var root = new double[columns * columns];
        for (int i = 0; i < columns; i++)
        {
            // Row i of R: R_ij = (A_ij − Σ_{k<i} R_ki R_kj) / R_ii. A pivot within rounding of 0 leaves the whole row at 0.
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

    /// <summary>Updates the factor with a batch of rows.</summary>
    /// <param name="root">R, <paramref name="columns"/> × <paramref name="columns"/>, upper triangle, rows contiguous.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="batch">The rows, column by column, <paramref name="rows"/> numbers each; overwritten.</param>
    /// <param name="rows">Number of rows.</param>
    public static void Add(Span<double> root, int columns, Span<double> batch, int rows)
    {
        for (int j = 0; j < columns; j++)
        {
            // Reduce R stacked on the batch to a triangle, column by column. x: column j of the batch. The reflection with
            // v = (head, x) takes (R_jj, x) to (−sign(R_jj) · length, 0) and leaves the other rows of R as they are; scale = 2 / vᵀv.
            ReadOnlySpan<double> x = batch.Slice(j * rows, rows);
            double diagonal = root[j * columns + j], squares = Dot.Product(x, x);
            if (squares == 0) continue;
            double length = Math.Sqrt(diagonal * diagonal + squares);
            double head = diagonal + Math.CopySign(length, diagonal);
            double scale = 2 / (head * head + squares);
            root[j * columns + j] = diagonal - head;
            for (int k = j + 1; k < columns; k++)
            {
                // Apply it to the later columns: (R_jk, y) ← (R_jk, y) − scale · vᵀ(R_jk, y) · v.
                Span<double> y = batch.Slice(k * rows, rows);
                double share = scale * (head * root[j * columns + k] + Dot.Product(x, y));
                root[j * columns + k] -= share * head;
                AddScaled.To(y, -share, x);
            }
        }
    }
}
