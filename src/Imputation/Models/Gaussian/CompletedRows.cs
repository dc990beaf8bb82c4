using Imputation.Numerics.Kernels;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>Goes through the rows with both observed and missing cells, each completed with its conditional means.</summary>
internal static class CompletedRows
{
    private const int RowsAtOnce = 64;

    /// <summary>Receives some rows of a pattern; called from several threads.</summary>
    /// <param name="rows">Their indices.</param>
    /// <param name="conditional">The distribution of their missing columns.</param>
    /// <param name="cells">Their observed cells, standardised, row after row.</param>
    /// <param name="completed">Their deviations from μ, completed, <see cref="BlockConditional.Stride"/> apart.</param>
    public delegate void Receiver(ReadOnlySpan<int> rows, BlockConditional conditional, ReadOnlySpan<double> cells,
        ReadOnlySpan<double> completed);

    /// <summary>Goes through the rows.</summary>
    /// <param name="source">The rows, on the scale of the parameters.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="parameters">μ and Σ.</param>
    /// <param name="parallel">Threads.</param>
    /// <param name="receive">Receives them.</param>
    /// <returns>Index of a pattern whose covariance could not be factored; its rows were not received. Null for none.</returns>
    public static int? Visit(StandardisedRows source, MissingPatterns patterns, GaussianParameters parameters, ParallelOptions parallel,
        Receiver receive)
    {
        int p = parameters.Count;
        PatternBlock[] blocks = PatternBlocks.Incomplete(patterns);
        var failed = new int?[blocks.Length];
        ParallelWork.For(blocks.Length, parallel, () => new Work(p, parameters), (b, work) =>
        {
            PatternBlock block = blocks[b];
            int o = block.ObservedCount;
            Span<int> observed = work.Observed.AsSpan(0, o);
            for (int k = 0; k < block.Count; k++)
            {
                if (!work.Conditional.Select(block, k))
                {
                    failed[b] = block.IndexOf(k);
                    break;
                }
                block.Observed(k, observed);
                source.FetchAhead(patterns, block, k);
                ReadOnlySpan<int> rows = patterns.RowsOf(block.IndexOf(k));
                while (rows.Length > 0)
                {
                    int count = Math.Min(rows.Length, RowsAtOnce);
                    source.CopyTo(rows[..count], observed, work.Cells, o);
                    work.Conditional.Complete(work.Cells, count, work.Rows);
                    receive(rows[..count], work.Conditional, work.Cells.AsSpan(0, count * o), work.Rows);
                    rows = rows[count..];
                }
            }
            return work;
        });
        return failed.FirstOrDefault(pattern => pattern is not null);
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
