using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Skewness and kurtosis of many columns in Mardia's manner (1970, 1974), from all rows, incomplete ones too.</summary>
/// <remarks> Kurtosis after Yuan, Lambert and Fouladi (2004, Psychometrika 69, 413–436): Σ dᵢ⁴ against its expectation Σ pᵢ(pᵢ + 2),
/// dᵢ² the squared distance of row i with pᵢ observed cells. Their variance, 8 Σ pᵢ(pᵢ + 2), is that of complete data and too small
/// where the pᵢ differ. The other takes into account that Σ is estimated, from incomplete rows:
/// <code>
/// V = Σ 8 pᵢ(pᵢ + 2)(pᵢ + 3) − 4 l(X)      with X solving ½ Σ Pᵢ X Pᵢ = Σ (pᵢ + 2) Pᵢ and l(X) = Σ (pᵢ + 2) tr(Pᵢ X)
/// </code>
/// in the coordinates of <see cref="WhitenedRows"/>, if cells are missing completely at random; of complete rows the two are the
/// same. Where the rows are a share f of those that μ and Σ are estimated from, these absorb only f of what they would: f l(X). For
/// few rows the mean and the variance are multiplied by what makes them exact for complete ones, N rows and p the mean of pᵢ (Mardia
/// 1974, eq. 5.6):
/// <code>
/// (N − 1) / (N + 1)      and      N (N − 3)(N − p − 1)(N − p + 1) / ((N + 1)² (N + 3)(N + 5))
/// </code>
/// Skewness by third-order Hermite tensors of the same coordinates, wᵢ ~ N(0, Pᵢ):
/// <code>
/// T = 1/n Σ (w ⊗ w ⊗ w − 3 sym(P ⊗ w))      b = ‖T‖²      n b / 6 ≈ a χ²_f
/// </code>
/// Of complete rows, whose Σ w is 0, b is Mardia's b₁ₚ and a = 1, f = p(p + 1)(p + 2)/6. They are chosen because errors in μ and Σ do
/// not reach T to first order. Otherwise a and f match mean tr V and variance 2 tr V² (Satterthwaite 1946), V being the mean of the
/// projections that Pᵢ makes of symmetric tensors, with tr = h₃ of the eigenvalues, (t₁³ + 3 t₁t₂ + 2 t₃)/6. Mardia's correction for
/// small n is applied (1974, eq. 5.5).</remarks>
internal sealed record IncompleteMardia
{
    /// <summary>Maximum number of columns for the tensor: p³/6 numbers, each a sum over rows.</summary>
    public const int MostColumns = 40;

    /// <summary>Maximum number of pairs of patterns that are all used; otherwise this number of random pairs of rows.</summary>
    private const int MostPairs = 2000;

    private const int MostSolverSteps = 60;

    /// <summary>Multiplications that the variance may cost.</summary>
    private const double MostVarianceWork = 5e9;

    /// <summary>Rows with something observed.</summary>
    public required int RowCount { get; init; }

    /// <summary>Σ dᵢ⁴ over its expectation: 1 for a normal distribution, above 1 for heavy tails, below 1 for light ones.</summary>
    public required double KurtosisRatio { get; init; }

    /// <summary>z with the variance of Yuan, Lambert and Fouladi.</summary>
    public required double KurtosisZ { get; init; }

    /// <summary>z with the variance V; the same where V was too much work.</summary>
    public required double KurtosisZAsymptotic { get; init; }

    /// <summary>The same, corrected for few rows; NaN where they are too few for it.</summary>
    public required double KurtosisZCorrected { get; init; }

    /// <summary>b; NaN where there are more than <see cref="MostColumns"/> columns.</summary>
    public double Skewness { get; init; } = double.NaN;

    /// <summary>√(b / p), less what chance gives: about the skewness of a column, if all had the same.</summary>
    public double SkewnessSize { get; init; } = double.NaN;

    /// <summary>n b / (6a), corrected for small n.</summary>
    public double SkewnessStatistic { get; init; } = double.NaN;

    /// <summary>f.</summary>
    public double SkewnessDegreesOfFreedom { get; init; } = double.NaN;

    /// <summary>Natural logarithm of the upper tail probability of the skewness.</summary>
    public double SkewnessLogP => double.IsNaN(SkewnessStatistic) ? double.NaN : TailProbability.LogChiSquared(SkewnessStatistic,
        SkewnessDegreesOfFreedom);

    /// <summary>Natural logarithm of the two-sided probability of <see cref="KurtosisZCorrected"/>.</summary>
    public double KurtosisLogP => TailProbability.LogChiSquared(KurtosisZCorrected * KurtosisZCorrected, 1);

    /// <summary>Computes the measures for the given rows.</summary>
    /// <param name="fitted">The model and the rows.</param>
    /// <param name="squared">Their squared distances, NaN where there is none.</param>
    /// <param name="fittedRows">Number of rows that the model was fitted to.</param>
    /// <param name="seed">Seed of pairs of rows.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>Null where fewer than two rows have a distance.</returns>
    public static IncompleteMardia? Of(GaussianRows fitted, double[] squared, int fittedRows, ulong seed, CancellationToken cancellation)
    {
        int n = 0;
        double fourth = 0, expected = 0, raw = 0, cells = 0;
        for (int row = 0; row < squared.Length; row++)
        {
            if (double.IsNaN(squared[row])) continue;
            double size = fitted.Parameters.Count - fitted.Patterns.MissingCountOf(fitted.Patterns.PatternOf(row));
            n++;
            cells += size;
            fourth += squared[row] * squared[row];
            expected += size * (size + 2);
            raw += 8 * size * (size + 2) * (size + 3);
        }
        if (n < 2) return null;
        double all = Math.Max(n, fittedRows), share = n / all, p = cells / n;
        double plain = raw - share * (raw - 8 * expected), variance = raw - share * Explained(fitted, cancellation);
        if (!(variance > 0)) variance = plain;
        double few = all * (all - 3) * (all - p - 1) * (all - p + 1) / ((all + 1) * (all + 1) * (all + 3) * (all + 5));
        var kurtosis = new IncompleteMardia
        {
            RowCount = n,
            KurtosisRatio = fourth / expected,
            KurtosisZ = (fourth - expected) / Math.Sqrt(plain),
            KurtosisZAsymptotic = (fourth - expected) / Math.Sqrt(variance),
            KurtosisZCorrected = all > p + 1 && few > 0 ? (fourth - expected * (all - 1) / (all + 1)) / Math.Sqrt(variance * few)
                : double.NaN,
        };
        return fitted.Parameters.Count > MostColumns ? kurtosis : kurtosis.WithSkewness(fitted, n, seed, cancellation);
    }

    private IncompleteMardia WithSkewness(GaussianRows fitted, int n, ulong seed, CancellationToken cancellation)
    {
        int p = fitted.Parameters.Count;
        var third = new double[p * (p + 1) * (p + 2) / 6]; // a ≤ b ≤ c
        double[] d = new double[p], w = new double[p], sum = new double[p];
        var white = new WhitenedRows(fitted.Parameters);
        foreach (MissingPattern pattern in fitted.Patterns)
        {
            cancellation.ThrowIfCancellationRequested();
            if (pattern.Observed.Length == 0) continue;
            white.Begin(pattern.Observed, pattern.Missing);
            Array.Clear(sum);
            foreach (int row in pattern.Rows)
            {
                fitted.Deviations(row, d);
                white.Row(d, w);
                AddScaled.To(sum, 1, w);
                for (int a = 0, at = 0; a < p; a++)
                {
                    for (int b = a; b < p; b++)
                    {
                        AddScaled.To(third.AsSpan(at, p - b), w[a] * w[b], w.AsSpan(b));
                        at += p - b;
                    }
                }
            }
            double[] projection = white.Projection();
            for (int a = 0, at = 0; a < p; a++)
                for (int b = a; b < p; b++)
                    for (int c = b; c < p; c++) third[at++] -= projection[a * p + b] * sum[c] + projection[a * p + c] * sum[b]
                        + projection[b * p + c] * sum[a];
        }
        double norm = 0;
        for (int a = 0, at = 0; a < p; a++)
            for (int b = a; b < p; b++)
                for (int c = b; c < p; c++, at++) norm += (a == b && b == c ? 1 : a == b || b == c ? 3
                    : 6) * (third[at] / n) * (third[at] / n);

        (double trace, double traceOfSquare) = Traces(fitted, n, seed, cancellation);
        double factor = traceOfSquare / trace, small = (p + 1.0) * (n + 1.0) * (n + 3.0) / (n * ((n + 1.0) * (p + 1.0) - 6));
        double excess = norm - 6 * trace / n;
        return this with
        {
            Skewness = norm,
            SkewnessSize = Math.Sqrt(Math.Max(0, excess) / p),
            SkewnessStatistic = small * n * norm / 6 / factor,
            SkewnessDegreesOfFreedom = trace / factor
        };
    }

    /// <summary>tr V and tr V².</summary>
    private static (double Trace, double TraceOfSquare) Traces(GaussianRows fitted, int n, ulong seed, CancellationToken cancellation)
    {
        int p = fitted.Parameters.Count;
        int[] patterns = [.. Enumerable.Range(0, fitted.Patterns.Count).Where(k => fitted.Patterns.MissingCountOf(k) < p)];
        double Own(int k) => p - fitted.Patterns.MissingCountOf(k) is var r ? r * (r + 1.0) * (r + 2.0) / 6 : 0;
        double trace = patterns.Sum(k => Own(k) * fitted.Patterns.RowCountOf(k)) / n;
        if (patterns.Length == 1) return (trace, trace);

        WhitenedRows one = new(fitted.Parameters), two = new(fitted.Parameters);
        double[] Projection(WhitenedRows white, int k)
        {
            cancellation.ThrowIfCancellationRequested();
            MissingPattern pattern = fitted.Patterns[k];
            white.Begin(pattern.Observed, pattern.Missing);
            return white.Projection();
        }
        double square = 0;
        if (patterns.Length * (patterns.Length + 1) / 2 <= MostPairs)
        {
            double[][] projections = [.. patterns.Select(k => Projection(one, k))];
            for (int a = 0; a < patterns.Length; a++)
            {
                double rows = fitted.Patterns.RowCountOf(patterns[a]);
                square += rows * rows * Own(patterns[a]);
                for (int b = 0; b < a; b++) square += 2 * rows * fitted.Patterns.RowCountOf(patterns[b]) * Common(projections[a],
                    projections[b], p);
            }
            return (trace, square / ((double)n * n));
        }
        int[] used = [.. Enumerable.Range(0, fitted.Matrix.RowCount)
            .Where(row => fitted.Patterns.MissingCountOf(fitted.Patterns.PatternOf(row)) < p)];
        for (int i = 0; i < MostPairs; i++)
        {
            int Pick(int which) => fitted.Patterns.PatternOf(used[(int)(CounterRandom.Uniform(seed, i, which, 0) * used.Length)]);
            (int j, int k) = (Pick(0), Pick(1));
            square += j == k ? Own(j) : Common(Projection(one, j), Projection(two, k), p);
        }
        return (trace, square / MostPairs);
    }

    /// <summary>h₃ of the eigenvalues of AB, of two projections.</summary>
    private static double Common(double[] a, double[] b, int p)
    {
        double[] product = Product(a, b, p), square = Product(product, product, p);
        double t1 = 0, t2 = 0, t3 = 0;
        for (int i = 0; i < p; i++)
        {
            t1 += product[i * p + i];
            t2 += square[i * p + i];
            for (int j = 0; j < p; j++) t3 += square[i * p + j] * product[j * p + i];
        }
        return (t1 * t1 * t1 + 3 * t1 * t2 + 2 * t3) / 6;
    }

    private static double[] Product(double[] a, double[] b, int p)
    {
        var product = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int k = 0; k < p; k++) AddScaled.To(product.AsSpan(i * p, p), a[i * p + k], b.AsSpan(k * p, p));
        return product;
    }

    /// <summary>4 l(X), by conjugate gradients; NaN where it is too much work.</summary>
    private static double Explained(GaussianRows fitted, CancellationToken cancellation)
    {
        int p = fitted.Parameters.Count;
        int[] patterns = [.. Enumerable.Range(0, fitted.Patterns.Count).Where(k => fitted.Patterns.MissingCountOf(k) < p)];
        double work = patterns.Sum(k => fitted.Patterns.MissingCountOf(k) is var m ? p * (double)p * (m * m + 3.0 * m + 1) : 0);
        if (!(work * 20 < MostVarianceWork)) return double.NaN;

        var white = new WhitenedRows(fitted.Parameters);
        double[] Weighted(Func<int, double> weight)
        {
            var sum = new double[p * p];
            foreach (int k in patterns)
            {
                white.Begin(fitted.Patterns[k].Observed, fitted.Patterns[k].Missing);
                AddScaled.To(sum, weight(k) * fitted.Patterns.RowCountOf(k), white.Projection());
            }
            return sum;
        }
        double[] right = Weighted(k => p - fitted.Patterns.MissingCountOf(k) + 2);

        // ½ Σ P X P, with P = I − QQᵀ: X − Q(XQ)ᵀ − (XQ)Qᵀ + Q(QᵀXQ)Qᵀ.
        double[] Apply(double[] x)
        {
            var sum = new double[p * p];
            foreach (int k in patterns)
            {
                cancellation.ThrowIfCancellationRequested();
                white.Begin(fitted.Patterns[k].Observed, fitted.Patterns[k].Missing);
                double half = 0.5 * fitted.Patterns.RowCountOf(k);
                ReadOnlySpan<double> basis = white.Basis;
                int m = basis.Length / p;
                var across = new double[m * p];
                for (int a = 0; a < m; a++)
                    for (int i = 0; i < p; i++) across[a * p + i] = Dot.Product(x.AsSpan(i * p, p), basis.Slice(a * p, p));
                var rest = new double[m * p]; // XQ − ½ Q(QᵀXQ), so that the three terms are two
                for (int a = 0; a < m; a++)
                {
                    across.AsSpan(a * p, p).CopyTo(rest.AsSpan(a * p, p));
                    for (int b = 0; b < m; b++) AddScaled.To(rest.AsSpan(a * p, p), -0.5 * Dot.Product(across.AsSpan(a * p, p),
                        basis.Slice(b * p, p)), basis.Slice(b * p, p));
                }
                AddScaled.To(sum, half, x);
                for (int a = 0; a < m; a++)
                {
                    for (int i = 0; i < p; i++)
                    {
                        AddScaled.To(sum.AsSpan(i * p, p), -half * basis[a * p + i], rest.AsSpan(a * p, p));
                        AddScaled.To(sum.AsSpan(i * p, p), -half * rest[a * p + i], basis.Slice(a * p, p));
                    }
                }
            }
            return sum;
        }

        double[] solution = new double[p * p], residual = (double[])right.Clone(), direction = (double[])right.Clone();
        double size = Dot.Product(residual, residual), first = size;
        for (int step = 0; step < MostSolverSteps && size > 1e-24 * first; step++)
        {
            double[] image = Apply(direction);
            double length = size / Dot.Product(direction, image);
            AddScaled.To(solution, length, direction);
            AddScaled.To(residual, -length, image);
            double next = Dot.Product(residual, residual);
            for (int i = 0; i < direction.Length; i++) direction[i] = residual[i] + next / size * direction[i];
            size = next;
        }
        return 4 * Dot.Product(right, solution);
    }
}
