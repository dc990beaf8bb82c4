using Imputation.Numerics.Distributions;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>Permutation test of MCAR: do the values of a column depend on the missingness of the other columns? It assumes no distribution,
/// and no cell is filled in.</summary>
/// <remarks>Under MCAR, among the rows in which column j is observed, its values are independent of which other cells these rows
/// lack: any permutation of the values among those rows is as likely as the one that was seen. The statistic of column j is
/// <code>
/// T_j = Σ_k n_j r²(x_j, R_k)
/// </code>
/// over the other columns k, R_k being 1 where k is missing, with correlations r over the n_j rows: it grows with differences in
/// means. Its p-value is the share of permutations with a statistic at least as large; if fewer than ten are, it is extrapolated from
/// the tail of a gamma distribution with the mean and variance of the permuted statistics, and labelled so. The smallest p-value,
/// times the number of columns (Bonferroni), is that of all: the columns' tests depend on each other, and this holds however they do.
/// So the test is exact, or errs on the side of caution, up to the gamma tail, whatever the distribution of the data and however many
/// columns there are for few rows.</remarks>
internal static class PermutationTest
{
    /// <summary>Additions that may be spent.</summary>
    private const double Budget = 1e9;

    /// <summary>Permutations as large as the data from which on their share is taken for the p-value.</summary>
    private const int EnoughToCount = 10;

    /// <summary>What came out.</summary>
    /// <param name="LogPValue">Natural logarithm of the p-value over all columns.</param>
    /// <param name="RowCount">Number of rows used.</param>
    /// <param name="IsExtrapolated">Whether the p-value comes from the tail of a gamma distribution fitted to the permuted statistics,
    /// because fewer than <see cref="EnoughToCount"/> permutations reached the observed one.</param>
    public sealed record Outcome(double LogPValue, int RowCount, bool IsExtrapolated);

    /// <summary>Runs the test; null where no column's values can be compared.</summary>
    /// <param name="matrix">The data.</param>
    /// <param name="rows">Rows to look at, ascending.</param>
    /// <param name="permutations">How many.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static Outcome? Run(IncompleteMatrix matrix, int[] rows, int permutations, ulong seed, ParallelOptions parallel)
    {
        int p = matrix.ColumnCount;
        double missing = 0;
        for (int j = 0; j < p; j++)
        {
            ReadOnlySpan<double> column = matrix.Column(j);
            foreach (int row in rows)
                if (double.IsNaN(column[row])) missing++;
        }
        double cost = (double)permutations * p * (missing + rows.Length);
        if (cost > Budget) rows = EvenSubsample.Take(rows, Math.Max((int)(rows.Length * Budget / cost), Math.Min(rows.Length, 200)));

        var logs = new (double LogP, bool IsExtrapolated)[p];
        ParallelWork.For(p, parallel, j => logs[j] = ColumnLog(matrix, rows, j, permutations, seed));
        var tested = Array.FindAll(logs, log => !double.IsNaN(log.LogP));
        if (tested.Length == 0) return null;
        (double smallest, bool extrapolated) = tested.MinBy(log => log.LogP);
        return new Outcome(Math.Min(0, smallest + Math.Log(tested.Length)), rows.Length, extrapolated);
    }

    /// <summary>log p of a column, and whether it comes from the fitted gamma tail; NaN if its values are all equal, or no other column is
    /// missing in some but not all of its rows.</summary>
    private static (double LogP, bool IsExtrapolated) ColumnLog(IncompleteMatrix matrix, int[] rows, int column, int permutations,
        ulong seed)
    {
        ReadOnlySpan<double> cells = matrix.Column(column);
        var observed = new List<int>(rows.Length);
        foreach (int row in rows)
            if (!double.IsNaN(cells[row])) observed.Add(row);
        int n = observed.Count;
        if (n < 3 || Standardised(cells, observed) is not { } x) return (double.NaN, false);

        // The rows that lack column k, as places among those observed, one column after another.
        var places = new List<int>();
        var ends = new List<int>();
        for (int k = 0; k < matrix.ColumnCount; k++)
        {
            if (k == column) continue;
            ReadOnlySpan<double> other = matrix.Column(k);
            int first = places.Count;
            for (int i = 0; i < n; i++)
                if (double.IsNaN(other[observed[i]])) places.Add(i);
            int count = places.Count - first;
            if (count > 0 && count < n) ends.Add(places.Count);
            else places.RemoveRange(first, count);
        }
        if (ends.Count == 0) return (double.NaN, false);

        int[] lacking = [.. places], stops = [.. ends];
        double seen = Statistic(x, lacking, stops), sum = 0, squares = 0;
        int reached = 0;
        for (int b = 0; b < permutations; b++)
        {
            for (int i = n - 1; i > 0; i--)
            {
                int with = (int)(CounterRandom.Uniform(seed, i, column, b) * (i + 1));
                (x[i], x[with]) = (x[with], x[i]);
            }
            double t = Statistic(x, lacking, stops);
            if (t >= seen * (1 - 1e-12)) reached++;
            sum += t;
            squares += t * t;
        }
        double counted = Math.Log((1.0 + reached) / (1.0 + permutations)), mean = sum / permutations, variance = squares / permutations
            - mean * mean;
        if (reached >= EnoughToCount || !(variance > 1e-12 * mean * mean)) return (counted, false);

        // A gamma distribution of shape a and scale s is s/2 times χ² with 2a degrees of freedom.
        double shape = mean * mean / variance, scale = variance / mean;
        return (Math.Min(TailProbability.LogChiSquared(2 * seen / scale, 2 * shape), Math.Log((double)EnoughToCount / permutations)), true);
    }

    /// <summary>Mean 0 and mean square 1; null where all are the same.</summary>
    private static double[]? Standardised(ReadOnlySpan<double> cells, List<int> rows)
    {
        double origin = cells[rows[0]], sum = 0, squares = 0;
        foreach (int row in rows) sum += cells[row] - origin;
        double mean = sum / rows.Count;
        var x = new double[rows.Count];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = cells[rows[i]] - origin - mean;
            squares += x[i] * x[i];
        }
        double size = Math.Sqrt(squares / x.Length);
        if (!(size > 0)) return null;
        for (int i = 0; i < x.Length; i++) x[i] /= size;
        return x;
    }

    /// <summary>Σ n r²: with x standardised, n r² = (Σ x over the m rows that lack k)² n / (m (n − m)).</summary>
    private static double Statistic(double[] x, int[] lacking, int[] stops)
    {
        double total = 0, n = x.Length;
        for (int k = 0, at = 0; k < stops.Length; k++)
        {
            int count = stops[k] - at;
            double sum = 0;
            for (; at < stops[k]; at++) sum += x[lacking[at]];
            total += sum * sum * n / (count * (n - count));
        }
        return total;
    }
}
