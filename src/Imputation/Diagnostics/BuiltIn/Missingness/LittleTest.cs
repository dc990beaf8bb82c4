using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>Little's (1988) statistic: how far the means of each pattern's observed columns lie from the estimated ones.</summary>
/// <remarks><code>
/// d² = Σ_k n_k (ȳ_k − μ_k)ᵀ Σ_kk⁻¹ (ȳ_k − μ_k)      degrees of freedom: Σ_k p_k − p
/// </code>
/// over the patterns k with something observed; n_k rows, p_k observed columns, μ_k and Σ_kk the ML estimates' parts for those
/// columns. A column that the others of its pattern determine adds nothing to d², and is not counted in p_k; nor in p, if all columns
/// together determine it.</remarks>
internal sealed class LittleTest
{
    /// <summary>Patterns that a thread takes at a time.</summary>
    private const int ChunkPatterns = 64;

    /// <summary>Columns from which on, and condition number up to which, the precision is used where few columns are missing.</summary>
    private const int Wide = 32;

    private const double WellConditioned = 1e6;

    private LittleTest(double[] contributions, int[] ranks, double statistic, long degreesOfFreedom)
    {
        Contributions = contributions;
        Ranks = ranks;
        Statistic = statistic;
        DegreesOfFreedom = degreesOfFreedom;
    }

    /// <summary>Each pattern's share of the statistic.</summary>
    public double[] Contributions { get; }

    /// <summary>p_k of each pattern.</summary>
    public int[] Ranks { get; }

    /// <summary>d² with the covariance as it was given.</summary>
    public double Statistic { get; }

    /// <summary>Σ p_k − p.</summary>
    public long DegreesOfFreedom { get; }

    /// <summary>Computes it, or null where a pattern's covariance is not positive definite.</summary>
    /// <param name="matrix">The data.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="mean">μ, in the units of the data.</param>
    /// <param name="covariance">Σ, in the units of the data.</param>
    /// <param name="dependence">The exact relations among the columns.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static LittleTest? Compute(IncompleteMatrix matrix, MissingPatterns patterns, double[] mean, double[,] covariance,
        LinearDependence dependence, ParallelOptions parallel)
    {
        int p = matrix.ColumnCount, count = patterns.Count;
        double[] correlation = Correlations.Of(covariance, out double[] deviations);
        var contributions = new double[count];
        var ranks = new int[count];
        bool failed = false;
        GaussianParameters? whole = p > Wide && dependence.Count == 0 ? GaussianParameters.Create(new double[p], correlation) : null;
        double[]? precision = whole?.Condition < WellConditioned ? whole.Precision : null;
        ParallelWork.For((count + ChunkPatterns - 1) / ChunkPatterns, parallel, () => new Workspace(p), (chunk, work) =>
        {
            for (int k = chunk * ChunkPatterns; k < Math.Min(count, (chunk + 1) * ChunkPatterns); k++)
            {
                ReadOnlySpan<int> kept = work.Kept(patterns, k, dependence);
                ranks[k] = kept.Length;
                if (kept.Length == 0) continue;
                Sums(matrix, patterns.RowsOf(k), kept, mean, deviations, work.Vector);
                double distance = precision is not null && p - kept.Length < kept.Length / 4 ? work.ByPrecision(precision, kept)
                    : work.ByCovariance(correlation, kept);
                contributions[k] = distance / patterns.RowCountOf(k);
                if (double.IsNaN(distance)) failed = true; // a benign race: all write the same
            }
            return work;
        });
        if (failed) return null;

        // In the order of the patterns, whoever made them. All columns together: as if nothing were missing.
        double statistic = 0;
        long degrees = -dependence.Keep([.. Enumerable.Range(0, p)], [], new int[p]);
        for (int k = 0; k < count; k++)
        {
            statistic += contributions[k];
            degrees += ranks[k];
        }
        return new LittleTest(contributions, ranks, statistic, degrees);
    }

    /// <summary>Σ (x − μ) / s over rows, of some columns.</summary>
    private static void Sums(IncompleteMatrix matrix, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, double[] mean, double[] deviations,
        Span<double> sums)
    {
        for (int a = 0; a < columns.Length; a++)
        {
            ReadOnlySpan<double> column = matrix.Column(columns[a]);
            double center = mean[columns[a]], sum = 0;
            foreach (int row in rows) sum += column[row] - center;
            sums[a] = sum / deviations[columns[a]];
        }
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Workspace(int p)
    {
        private readonly double[] _factor = new double[p * p];
        private readonly double[] _whole = new double[p];
        private readonly int[] _missing = new int[p];
        private readonly int[] _observed = new int[p];
        private readonly int[] _kept = new int[p];

        public double[] Vector { get; } = new double[p];

        /// <summary>The observed columns of a pattern but for those that others determine.</summary>
        public ReadOnlySpan<int> Kept(MissingPatterns patterns, int pattern, LinearDependence dependence)
        {
            ReadOnlySpan<int> missing = _missing.AsSpan(0, patterns.MissingCountOf(pattern));
            patterns.MissingOf(pattern, _missing);
            int count = 0;
            for (int j = 0, skipped = 0; j < p; j++)
            {
                if (skipped < missing.Length && missing[skipped] == j) skipped++;
                else _observed[count++] = j;
            }
            return _kept.AsSpan(0, dependence.Keep(_observed.AsSpan(0, count), missing, _kept));
        }

        /// <summary>vᵀ Σ_kk⁻¹ v = ‖L⁻¹v‖² with Σ_kk = LLᵀ; NaN where there is no L.</summary>
        public double ByCovariance(double[] correlation, ReadOnlySpan<int> kept)
        {
            Cholesky.Pick(correlation, p, kept, _factor);
            return Mahalanobis(Vector.AsSpan(0, kept.Length));
        }

        /// <summary>The same by way of K = Σ⁻¹: vᵀ K_kk v − uᵀ K_mm⁻¹ u, u = K_mk v, m the missing columns.</summary>
        public double ByPrecision(double[] precision, ReadOnlySpan<int> kept)
        {
            ReadOnlySpan<int> missing = _missing.AsSpan(0, p - kept.Length);
            Array.Clear(_whole);
            for (int a = 0; a < kept.Length; a++) _whole[kept[a]] = Vector[a];
            double distance = 0;
            for (int a = 0; a < kept.Length; a++) distance += Vector[a] * Dot.Product(precision.AsSpan(kept[a] * p, p), _whole);
            Span<double> pull = Vector.AsSpan(0, missing.Length);
            for (int a = 0; a < missing.Length; a++) pull[a] = Dot.Product(precision.AsSpan(missing[a] * p, p), _whole);
            Cholesky.Pick(precision, p, missing, _factor);
            return distance - Mahalanobis(pull);
        }

        /// <summary>Factors what was picked and gives ‖L⁻¹x‖², writing L⁻¹x over x.</summary>
        private double Mahalanobis(Span<double> x) =>
            Cholesky.Factor(_factor, x.Length, x.Length, 1e-13) ? Cholesky.Mahalanobis(_factor, x) : double.NaN;
    }
}
