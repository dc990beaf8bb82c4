using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>Products and quotients of lower triangular matrices, rows as far apart as there are columns. Results are 0 above the
/// diagonal.</summary>
/// <remarks>Matrices of more than <see cref="Block"/> rows are worked on in blocks, so that most of the multiplications are in
/// <see cref="BlockProduct"/>, which reads memory less often.</remarks>
internal static class LowerTriangle
{
    private const int Block = 64;

    /// <summary>AB.</summary>
    /// <param name="a">A; what is above its diagonal is not read.</param>
    /// <param name="b">B, 0 above the diagonal.</param>
    /// <param name="n">Order.</param>
    public static double[] Multiply(ReadOnlySpan<double> a, double[] b, int n)
    {
        var product = new double[n * n];
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(first + Block, n);
            AddEarlier(1, a, b, product, first, end, n);
            // The triangle of A in these rows, row by row: row i of AB is Σ_{j≤i} A_ij · row j of B.
            for (int i = first; i < end; i++)
                for (int j = first; j <= i; j++) AddScaled.To(product.AsSpan(i * n, j + 1), a[i * n + j], b.AsSpan(j * n, j + 1));
        }
        return product;
    }

    /// <summary>A⁻¹B, by forward substitution on AX = B. What is above the diagonals is not read.</summary>
    public static double[] Solve(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n)
    {
        var solution = new double[n * n];
        for (int i = 0; i < n; i++) b.Slice(i * n, i + 1).CopyTo(solution.AsSpan(i * n));
        for (int first = 0; first < n; first += Block)
        {
            int end = Math.Min(first + Block, n);
            AddEarlier(-1, a, solution, solution, first, end, n);
            // Row i of X is (row i of B − Σ_{j<i} A_ij · row j of X) / A_ii.
            for (int i = first; i < end; i++)
            {
                Span<double> row = solution.AsSpan(i * n, i + 1);
                for (int j = first; j < i; j++) AddScaled.To(row[..(j + 1)], -a[i * n + j], solution.AsSpan(j * n, j + 1));
                for (int j = 0; j <= i; j++) row[j] /= a[i * n + i];
            }
        }
        return solution;
    }

    /// <summary>AAᵀ, both triangles. What is above A's diagonal is not read.</summary>
    public static double[] Square(ReadOnlySpan<double> a, int n)
    {
        var square = new double[n * n];
        if (n <= Block)
        {
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++) square[i * n + j] = Dot.Product(a.Slice(i * n, j + 1), a.Slice(j * n, j + 1));
        }
        else
        {
            var transposed = new double[n * n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++) transposed[j * n + i] = a[i * n + j];
            // Rows of AAᵀ up to the end of their block: Σ over the rows k of Aᵀ that reach them, and row k begins at column k.
            for (int first = 0; first < n; first += Block)
            {
                int end = Math.Min(first + Block, n);
                for (int k = 0; k < end; k += Block)
                    BlockProduct.Add(1, transposed.AsSpan(k * n + first), 1, n, transposed.AsSpan(k * n + k), n,
                        square.AsSpan(first * n + k), n, end - first, Math.Min(Block, end - k), end - k);
            }
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) square[j * n + i] = square[i * n + j];
        return square;
    }

    /// <summary>Adds to the rows of a block what the columns of A before the block contribute: ±A_ij · row j of B, j &lt; first, one block
    /// of rows of B at a time, as far as they reach.</summary>
    private static void AddEarlier(double sign, ReadOnlySpan<double> a, double[] b, double[] target, int first, int end, int n)
    {
        for (int k = 0; k < first; k += Block)
            BlockProduct.Add(sign, a[(first * n + k)..], n, 1, b.AsSpan(k * n), n, target.AsSpan(first * n), n, end - first, Block,
                k + Block);
    }
}
