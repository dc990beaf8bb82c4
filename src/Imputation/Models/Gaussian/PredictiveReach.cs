using Imputation.Numerics.Kernels;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>How far from their columns' means a model's predictions of the missing cells reach: where it is absurdly far, the parameters
/// are hardly determined, although an estimate of them exists.</summary>
/// <remarks>A covariance near singularity regresses missing cells on differences of observed ones that hardly vary, with coefficients of
/// any size; a row that is unusual in just this difference is then filled with a value that nobody ever saw.</remarks>
internal static class PredictiveReach
{
    /// <summary>Standard deviations of a column's observed values within which its predictions are plausible.</summary>
    public const double Plausible = 8;

    /// <summary>Standard deviations of a prediction that count as its reach: 1 draw in 700 is further off.</summary>
    private const double Margin = 3;

    /// <summary>A row's own largest standard score may be carried over to its missing cells, and a fifth more.</summary>
    private const double CarriedOver = 1.2;

    /// <summary>Smallest share of a column's variance that is left given the columns before it, at which draws still have digits.</summary>
    private const double LeastLeft = 1e-9;

    /// <summary>Rows for each column, and condition number of the covariance, that leave no doubt.</summary>
    private const double ManyRows = 100, WellConditioned = 1e4;

    private const int RowsAtOnce = 64;

    /// <summary>Whether all predictions are plausible, with the column means and standard deviations of the observed values.</summary>
    /// <remarks>Many rows with a covariance far from singular need no look at each row.</remarks>
    public static bool IsPlausible(GaussianData data, GaussianParameters parameters, ParallelOptions parallel)
    {
        if (IsNearSingular(parameters)) return false;
        bool determined = data.RowCount >= ManyRows * data.ColumnCount && parameters.Condition < WellConditioned;
        return determined || Largest(data, parameters, parallel) <= Plausible;
    }

    /// <summary>Whether the covariance is so near to singular that its inverse has no digits to speak of.</summary>
    public static bool IsNearSingular(GaussianParameters parameters)
    {
        int p = parameters.Count;
        for (int j = 0; j < p; j++)
        {
            double pivot = parameters.Factor[j * p + j];
            if (!(pivot * pivot > LeastLeft * parameters.Covariance[j * p + j])) return true;
        }
        return false;
    }

    /// <summary>Largest |E[x_j | x_O] − x̄_j| + 3 sd(x_j | x_O) over the missing cells, in standard deviations of the observed values
    /// of the column; rows that are themselves further out are measured by their own largest score. Infinite where nothing can be computed.
    /// </summary>
    public static double Largest(GaussianData data, GaussianParameters parameters, ParallelOptions parallel)
    {
        int p = data.ColumnCount;
        MissingPatterns patterns = data.Patterns;
        PatternBlock[] blocks = PatternBlocks.Incomplete(patterns);
        var largest = new double[blocks.Length];
        ParallelWork.For(blocks.Length, parallel, () => new Work(p, parameters), (b, work) =>
        {
            largest[b] = Block(data, parameters, patterns, blocks[b], work);
            return work;
        });
        double all = largest.Length == 0 ? 0 : largest.Max();
        // In a row with nothing observed the prediction is the mean.
        for (int k = patterns.Count - 1; k >= 0 && patterns.MissingCountOf(k) == p; k--)
            for (int j = 0; j < p; j++)
                all = Math.Max(all, Math.Abs(parameters.Mean[j]) + Margin * Math.Sqrt(parameters.Covariance[j * p + j]));
        return all;
    }

    private static double Block(GaussianData data, GaussianParameters parameters, MissingPatterns patterns, PatternBlock block, Work work)
    {
        double largest = 0;
        int o = block.ObservedCount;
        Span<int> observed = work.Observed.AsSpan(0, o);
        for (int k = 0; k < block.Count; k++)
        {
            if (!work.Conditional.Select(block, k)) return double.PositiveInfinity;
            block.Observed(k, observed);
            ReadOnlySpan<int> missing = work.Conditional.Missing;
            for (ReadOnlySpan<int> rest = patterns.RowsOf(block.IndexOf(k)); rest.Length > 0;
                rest = rest[Math.Min(rest.Length, RowsAtOnce)..])
            {
                int count = Math.Min(rest.Length, RowsAtOnce);
                data.Rows.CopyTo(rest[..count], observed, work.Cells, o);
                work.Conditional.Complete(work.Cells, count, work.Rows);
                for (int r = 0; r < count; r++)
                {
                    double own = 0;
                    foreach (double z in work.Cells.AsSpan(r * o, o)) own = Math.Max(own, Math.Abs(z));
                    for (int a = 0; a < missing.Length; a++)
                    {
                        double mean = parameters.Mean[missing[a]] + work.Rows[r * work.Conditional.Stride + missing[a]];
                        double deviation = Math.Sqrt(Math.Max(0, work.Conditional.Covariance[a * missing.Length + a]));
                        double reach = Math.Max(0, Math.Abs(mean) - Math.Max(0, CarriedOver * own - Plausible / 2)) + Margin * deviation;
                        if (!(reach <= largest)) largest = double.IsNaN(reach) ? double.PositiveInfinity : reach;
                    }
                }
            }
        }
        return largest;
    }

    private sealed class Work
    {
        public Work(int p, GaussianParameters parameters)
        {
            Conditional = new BlockConditional(p);
            Conditional.Begin(parameters);
            Observed = new int[p];
            Cells = new double[RowsAtOnce * p + MaskedRows.Margin];
            Rows = new double[RowsAtOnce * Conditional.Stride];
        }

        public BlockConditional Conditional { get; }

        public int[] Observed { get; }

        public double[] Cells { get; }

        public double[] Rows { get; }
    }
}
