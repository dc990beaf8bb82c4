using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>A = LLᵀ, row by row; matrices are square, row-major, only the lower triangle is read and written.</summary>
/// <remarks>Golub and Van Loan (2013, §4.2). Matrices of more than <see cref="Small"/> rows are worked on in blocks of columns, so that
/// most of the multiplications are in <see cref="BlockProduct"/>, which reads memory less often.</remarks>
internal static class Cholesky
{
    /// <summary>Rows and columns of a block in matrices of more than <see cref="Small"/> rows; smaller ones are one block.</summary>
    private const int Block = 32, Small = 64;

    /// <summary>Factors in place. False where a pivot is not above <paramref name="relativeTolerance"/> times its diagonal element.
    /// The pivot is the variance of a column given the columns before it.</summary>
    /// <param name="a">n × n with rows <paramref name="stride"/> apart.</param>
    /// <param name="n">Order.</param>
    /// <param name="stride">Distance between rows, at least <paramref name="n"/>.</param>
    /// <param name="relativeTolerance">Smallest acceptable pivot relative to its diagonal element.</param>
    public static bool Factor(Span<double> a, int n, int stride, double relativeTolerance = 0)
    {
        int block = n <= Small ? n : Block;
        double[] above = n <= Small ? [] : new double[(n - 1) / Block * Block * Block];
        for (int first = 0; first < n; first += block)
        {
            int end = Math.Min(first + block, n), width = end - first;
            // The diagonal block: L_ij = (A_ij − Σ_{k<j} L_ik L_jk) / L_jj, both rows read from the first column on.
            for (int i = first; i < end; i++)
            {
                Span<double> row = a.Slice(i * stride, i + 1);
                for (int j = first; j < i; j++)
                {
                    ReadOnlySpan<double> other = a.Slice(j * stride, j + 1);
                    row[j] = (row[j] - Dot.Product(other[..j], row[..j])) / other[j];
                }
                // The pivot L_ii² = A_ii − Σ_k L_ik². The test is negated so that a NaN fails too.
                double diagonal = row[i], pivot = diagonal - Dot.Product(row[..i], row[..i]);
                if (!(pivot > relativeTolerance * diagonal && pivot > 0)) return false;
                row[i] = Math.Sqrt(pivot);
            }
            if (end == n) break;

            // The columns of this block in the rows below: subtract the part of the earlier columns, Σ_{k<first} L_ik L_jk, in one
            // matrix product. Its right factor is this block's rows of L, transposed ("above").
            for (int j = first; j < end; j++)
                for (int k = 0; k < first; k++) above[k * block + j - first] = a[j * stride + k];
            BlockProduct.Add(-1, a[(end * stride)..], stride, 1, above, block, a[(end * stride + first)..], stride, n - end, first, width);
            // Then solve with the triangle of the block: Σ over its own columns is still to be subtracted.
            for (int i = end; i < n; i++)
            {
                Span<double> row = a.Slice(i * stride + first, width);
                for (int j = 0; j < width; j++)
                {
                    ReadOnlySpan<double> other = a.Slice((first + j) * stride + first, j + 1);
                    row[j] = (row[j] - Dot.Product(other[..j], row[..j])) / other[j];
                }
            }
        }
        return true;
    }

    /// <summary>Copies a principal submatrix of a p × p matrix, the given rows and columns, to be factored: its lower triangle, rows as far
    /// apart as there are columns.</summary>
    public static void Pick(ReadOnlySpan<double> matrix, int p, ReadOnlySpan<int> columns, Span<double> target)
    {
        for (int a = 0; a < columns.Length; a++)
        {
            ReadOnlySpan<double> row = matrix.Slice(columns[a] * p, p);
            for (int b = 0; b <= a; b++) target[a * columns.Length + b] = row[columns[b]];
        }
    }

    /// <summary>Squared Mahalanobis distance ‖L⁻¹x‖² = xᵀA⁻¹x. Rows of the factor are as far apart as x is long; x becomes L⁻¹x.</summary>
    public static double Mahalanobis(ReadOnlySpan<double> factor, Span<double> x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            ReadOnlySpan<double> row = factor.Slice(i * x.Length, i + 1);
            x[i] = (x[i] - Dot.Product(row[..i], x[..i])) / row[i];
            sum += x[i] * x[i];
        }
        return sum;
    }

    /// <summary>log|A| from its factor.</summary>
    public static double LogDeterminant(ReadOnlySpan<double> factor, int n, int stride)
    {
        // Products of pivots, split before they can over- or underflow: one logarithm for many pivots.
        double product = 1, sum = 0;
        for (int i = 0; i < n; i++)
        {
            product *= factor[i * stride + i];
            if (product is > 1e100 or < 1e-100)
            {
                sum += Math.Log(product);
                product = 1;
            }
        }
        return 2 * (sum + Math.Log(product));
    }

    /// <summary>A⁻¹, both triangles, from the factor of A.</summary>
    /// <param name="factor">The factor L, lower triangle; overwritten with L⁻¹.</param>
    /// <param name="n">Order.</param>
    /// <param name="stride">Distance between rows of both matrices.</param>
    /// <param name="inverse">Receives A⁻¹ = L⁻ᵀL⁻¹.</param>
    public static void Invert(Span<double> factor, int n, int stride, Span<double> inverse)
    {
        int block = n <= Small ? n : Block;
        double[] below = n <= Small ? [] : new double[Block * n];
        // below: the rows of L⁻¹ of one block, left of its triangle. scratch: one row within the triangle.
        Span<double> scratch = stackalloc double[Math.Min(block, Small)];
        for (int first = 0; first < n; first += block)
        {
            // L⁻¹ block by block in place: (L_AA)⁻¹ of the earlier columns A is already there. With B the rows of this block,
            // the part of L⁻¹ left of the diagonal block is −(L_BB)⁻¹ L_BA (L_AA)⁻¹.
            int end = Math.Min(first + block, n), count = end - first;
            if (first > 0)
            {
                Array.Clear(below);
                // −L_BA (L_AA)⁻¹, one block of rows of (L_AA)⁻¹ at a time: its rectangle by a matrix product, its triangle row by row.
                for (int k = 0; k < first; k += block)
                {
                    BlockProduct.Add(-1, factor[(first * stride + k)..], stride, 1, factor[(k * stride)..], stride, below, n, count,
                        block, k);
                    for (int r = 0; r < count; r++)
                        for (int j = k; j < k + block; j++)
                            AddScaled.To(below.AsSpan(r * n + k, j - k + 1), -factor[(first + r) * stride + j],
                                factor.Slice(j * stride + k, j - k + 1));
                }
                // times (L_BB)⁻¹, L_BB being not yet overwritten.
                SolveLower(factor[(first * stride + first)..], count, stride, below, first, n);
            }

            // In the diagonal block, row i of the inverse is (eᵢ − Σⱼ Lᵢⱼ · row j) / Lᵢᵢ; Lᵢⱼ is read before row i is overwritten.
            for (int i = first; i < end; i++)
            {
                Span<double> row = factor.Slice(i * stride + first, i - first + 1);
                scratch[..row.Length].Clear();
                for (int j = 0; j < row.Length - 1; j++) AddScaled.To(scratch[..(j + 1)], -row[j],
                    factor.Slice((first + j) * stride + first, j + 1));
                double reciprocal = 1 / row[^1];
                for (int j = 0; j < row.Length - 1; j++) row[j] = scratch[j] * reciprocal;
                row[^1] = reciprocal;
                if (first > 0) below.AsSpan((i - first) * n, first).CopyTo(factor[(i * stride)..]);
            }
        }

        // A⁻¹ = L⁻ᵀL⁻¹: with M = L⁻¹, row i is Σ_{k≥i} M_ki · row k of M. The rows k of the same block are triangular and are added
        // one by one; those below it are full there and are added in one matrix product. The lower triangle, then mirrored.
        for (int i = 0; i < n; i++) inverse.Slice(i * stride, n).Clear();
        for (int first = 0; first < n; first += block)
        {
            int end = Math.Min(first + block, n);
            for (int k = first; k < end; k++)
            {
                ReadOnlySpan<double> row = factor.Slice(k * stride, k + 1);
                for (int i = first; i <= k; i++) AddScaled.To(inverse.Slice(i * stride, i + 1), row[i], row[..(i + 1)]);
            }
            if (end < n) BlockProduct.Add(1, factor[(end * stride + first)..], 1, stride, factor[(end * stride)..], stride,
                inverse[(first * stride)..], stride, end - first, n - end, end);
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) inverse[j * stride + i] = inverse[i * stride + j];
    }

    /// <summary>Forward substitution: solves LX = B in place, B with <paramref name="width"/> columns, rows <paramref name="rightStride"/>
    /// apart.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, int stride, Span<double> right, int width, int rightStride)
    {
        if (width == 1 && rightStride == 1)
        {
            for (int i = 0; i < n; i++)
            {
                ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
                // A single right side: x_i = (b_i − Σ_{j<i} L_ij x_j) / L_ii, a dot product along a row of L.
                right[i] = (right[i] - Dot.Product(row[..i], right[..i])) / row[i];
            }
            return;
        }
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
            Span<double> x = right.Slice(i * rightStride, width);
            // The same for all columns of B at once, by whole rows, which are contiguous.
            for (int j = 0; j < i; j++) AddScaled.To(x, -row[j], right.Slice(j * rightStride, width));
            double reciprocal = 1 / row[i];
            for (int c = 0; c < x.Length; c++) x[c] *= reciprocal;
        }
    }

    /// <summary>Back substitution: solves LᵀX = B in place, B with <paramref name="width"/> columns, rows <paramref name="rightStride"/>
    /// apart.</summary>
    public static void SolveUpper(ReadOnlySpan<double> factor, int n, int stride, Span<double> right, int width, int rightStride)
    {
        if (width == 1 && rightStride == 1)
        {
            for (int i = n - 1; i >= 0; i--)
            {
                ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
                // Column i of Lᵀ is row i of L, which is contiguous: once x_i is known, its part is subtracted from all b_j, j < i.
                right[i] /= row[i];
                AddScaled.To(right[..i], -right[i], row[..i]);
            }
            return;
        }
        for (int i = n - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
            Span<double> x = right.Slice(i * rightStride, width);
            double reciprocal = 1 / row[i];
            for (int c = 0; c < x.Length; c++) x[c] *= reciprocal;
            for (int j = 0; j < i; j++) AddScaled.To(right.Slice(j * rightStride, width), -row[j], x);
        }
    }
}
