
namespace Imputation.Numerics;

/// <summary>A = LLᵀ, row by row; matrices are square, row-major, only the lower triangle is read and written.</summary>
internal static class Cholesky
{
    /// <summary>Factors in place. False where a pivot is not above <paramref name="relativeTolerance"/> times its diagonal element:
    /// that pivot is the variance of a column given those before it.</summary>
    /// <param name="a">n × n with rows <paramref name="stride"/> apart.</param>
    /// <param name="n">Order.</param>
    /// <param name="stride">Distance between rows, at least <paramref name="n"/>.</param>
    /// <param name="relativeTolerance">Smallest acceptable pivot relative to its diagonal element.</param>
    public static bool Factor(Span<double> a, int n, int stride, double relativeTolerance = 0)
    {
        for (int i = 0; i < n; i++)
        {
            Span<double> row = a.Slice(i * stride, i + 1);
            for (int j = 0; j < i; j++)
            {
                ReadOnlySpan<double> other = a.Slice(j * stride, j + 1);
                row[j] = (row[j] - Dot.Product(other[..j], row[..j])) / other[j];
            }
            double diagonal = row[i], pivot = diagonal - Dot.Product(row[..i], row[..i]);
            if (!(pivot > relativeTolerance * diagonal && pivot > 0)) return false;
            row[i] = Math.Sqrt(pivot);
        }
        return true;
    }

    /// <summary>Picks rows and columns of a p × p matrix, the same of both, to be factored: the lower triangle, rows as far apart as there are columns.</summary>
    public static void Pick(ReadOnlySpan<double> matrix, int p, ReadOnlySpan<int> columns, Span<double> target)
    {
        for (int a = 0; a < columns.Length; a++)
        {
            ReadOnlySpan<double> row = matrix.Slice(columns[a] * p, p);
            for (int b = 0; b <= a; b++) target[a * columns.Length + b] = row[columns[b]];
        }
    }

    /// <summary>‖L⁻¹x‖² = xᵀA⁻¹x, rows of the factor as far apart as x is long; L⁻¹x is written over x.</summary>
    public static double SolvedLength(ReadOnlySpan<double> factor, Span<double> x)
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
        // L⁻¹ by rows: row i is (eᵢ − Σⱼ Lᵢⱼ · row j) / Lᵢᵢ, and Lᵢⱼ is read before row i is overwritten.
        Span<double> scratch = n <= 128 ? stackalloc double[n] : new double[n];
        for (int i = 0; i < n; i++)
        {
            Span<double> row = factor.Slice(i * stride, i + 1);
            scratch[..(i + 1)].Clear();
            for (int j = 0; j < i; j++) AddScaled.To(scratch[..(j + 1)], -row[j], factor.Slice(j * stride, j + 1));
            double reciprocal = 1 / row[i];
            for (int j = 0; j < i; j++) row[j] = scratch[j] * reciprocal;
            row[i] = reciprocal;
        }
        for (int i = 0; i < n; i++) inverse.Slice(i * stride, n).Clear();
        for (int k = 0; k < n; k++)
        {
            ReadOnlySpan<double> row = factor.Slice(k * stride, k + 1);
            for (int i = 0; i <= k; i++) AddScaled.To(inverse.Slice(i * stride, i + 1), row[i], row[..(i + 1)]);
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) inverse[j * stride + i] = inverse[i * stride + j];
    }

    /// <summary>Solves LX = B in place, B having <paramref name="width"/> columns in rows <paramref name="rightStride"/> apart.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, int stride, Span<double> right, int width, int rightStride)
    {
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
