using Imputation.Numerics.Kernels;

namespace Imputation.Numerics.Linear;

/// <summary>A = LLᵀ, row by row; matrices are square, row-major, only the lower triangle is read and written.</summary>
internal static class Cholesky
{
    /// <summary>Rows and columns that are worked on together in matrices of more than <see cref="Small"/> rows.</summary>
    private const int Block = 32, Small = 64;

    /// <summary>Factors in place. False where a pivot is not above <paramref name="relativeTolerance"/> times its diagonal element:
    /// that pivot is the variance of a column given those before it.</summary>
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
            for (int i = first; i < end; i++)
            {
                Span<double> row = a.Slice(i * stride, i + 1);
                for (int j = first; j < i; j++)
                {
                    ReadOnlySpan<double> other = a.Slice(j * stride, j + 1);
                    row[j] = (row[j] - Dot.Product(other[..j], row[..j])) / other[j];
                }
                double diagonal = row[i], pivot = diagonal - Dot.Product(row[..i], row[..i]);
                if (!(pivot > relativeTolerance * diagonal && pivot > 0)) return false;
                row[i] = Math.Sqrt(pivot);
            }
            if (end == n) break;

            // The columns of this block in the rows below: first what the columns before take from them, all at once.
            for (int j = first; j < end; j++)
                for (int k = 0; k < first; k++) above[k * block + j - first] = a[j * stride + k];
            BlockProduct.Add(-1, a[(end * stride)..], stride, 1, above, block, a[(end * stride + first)..], stride, n - end, first, width);
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

    /// <summary>Picks rows and columns of a p × p matrix, the same of both, to be factored: the lower triangle, rows as far apart as there
    /// are columns.</summary>
    public static void Pick(ReadOnlySpan<double> matrix, int p, ReadOnlySpan<int> columns, Span<double> target)
    {
        for (int a = 0; a < columns.Length; a++)
        {
            ReadOnlySpan<double> row = matrix.Slice(columns[a] * p, p);
            for (int b = 0; b <= a; b++) target[a * columns.Length + b] = row[columns[b]];
        }
    }

    /// <summary>‖L⁻¹x‖² = xᵀA⁻¹x, rows of the factor as far apart as x is long; L⁻¹x is written over x.</summary>
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
        Span<double> scratch = stackalloc double[Math.Min(block, Small)];
        for (int first = 0; first < n; first += block)
        {
            // L⁻¹ by rows: those of the block, left of it, are −(L_BB)⁻¹ L_BA (L_AA)⁻¹, A being the columns before.
            int end = Math.Min(first + block, n), count = end - first;
            if (first > 0)
            {
                Array.Clear(below);
                for (int k = 0; k < first; k += block)
                {
                    BlockProduct.Add(-1, factor[(first * stride + k)..], stride, 1, factor[(k * stride)..], stride, below, n, count,
                        block, k);
                    for (int r = 0; r < count; r++)
                        for (int j = k; j < k + block; j++)
                            AddScaled.To(below.AsSpan(r * n + k, j - k + 1), -factor[(first + r) * stride + j],
                                factor.Slice(j * stride + k, j - k + 1));
                }
                SolveLower(factor[(first * stride + first)..], count, stride, below, first, n);
            }

            // In the block row i is (eᵢ − Σⱼ Lᵢⱼ · row j) / Lᵢᵢ, and Lᵢⱼ is read before row i is overwritten.
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

        // A⁻¹ = L⁻ᵀL⁻¹: rows below a block add to it as a whole, its own as far as they reach.
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

    /// <summary>Solves LX = B in place, B having <paramref name="width"/> columns in rows <paramref name="rightStride"/> apart.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, int stride, Span<double> right, int width, int rightStride)
    {
        if (width == 1 && rightStride == 1)
        {
            for (int i = 0; i < n; i++)
            {
                ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
                right[i] = (right[i] - Dot.Product(row[..i], right[..i])) / row[i];
            }
            return;
        }
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
            Span<double> x = right.Slice(i * rightStride, width);
            for (int j = 0; j < i; j++) AddScaled.To(x, -row[j], right.Slice(j * rightStride, width));
            double reciprocal = 1 / row[i];
            for (int c = 0; c < x.Length; c++) x[c] *= reciprocal;
        }
    }

    /// <summary>Solves LᵀX = B in place, B having <paramref name="width"/> columns in rows <paramref name="rightStride"/> apart.</summary>
    public static void SolveUpper(ReadOnlySpan<double> factor, int n, int stride, Span<double> right, int width, int rightStride)
    {
        if (width == 1 && rightStride == 1)
        {
            for (int i = n - 1; i >= 0; i--)
            {
                ReadOnlySpan<double> row = factor.Slice(i * stride, i + 1);
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
