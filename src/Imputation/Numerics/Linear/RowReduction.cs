using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>A = RQ with R lower triangular and the rows of Q orthonormal: the factor of AAᵀ without forming it.</summary>
internal static class RowReduction
{
    /// <summary>Gram–Schmidt orthogonalisation, done twice for each row: Q is then orthonormal to rounding unless A is numerically singular
    /// (Giraud, Langou and Rozložník 2005).</summary>
    /// <param name="q">A on entry, Q on return: <paramref name="rows"/> rows of <paramref name="columns"/> numbers, linearly
    /// independent.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns, at least as many.</param>
    /// <param name="r">Receives R, rows × rows, diagonal positive; zero above it.</param>
    public static void Reduce(Span<double> q, int rows, int columns, Span<double> r)
    {
        r[..(rows * rows)].Clear();
        for (int i = 0; i < rows; i++)
        {
            Span<double> row = q.Slice(i * columns, columns);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> other = q.Slice(j * columns, columns);
                    // Subtract the projection on an earlier row; the second pass removes what rounding left of it.
                    // R is the sum of both passes.
                    double share = Dot.Product(row, other);
                    AddScaled.To(row, -share, other);
                    r[i * rows + j] += share;
                }
            }
            double length = Math.Sqrt(Dot.Product(row, row));
            r[i * rows + i] = length;
            for (int c = 0; c < columns; c++) row[c] /= length;
        }
    }
}
