using Imputation.Numerics.Kernels;
using Imputation.Numerics.Threading;

namespace Imputation.Patterns;

/// <summary>Counts the rows of a matrix by pattern: number, means and co-moments.</summary>
internal static class PatternCounting
{
    /// <summary>Rows that are counted together. The moments of a large pattern are made in such pieces and merged in their order: the same
    /// bits on any number of threads.</summary>
    private const int PieceRows = 1 << 15;

    /// <summary>The moments of each pattern, in the order of <see cref="MissingPatterns"/>.</summary>
    public static PatternMoments[] Of(IncompleteMatrix matrix, ParallelOptions parallel)
    {
        MissingPatterns patterns = MissingPatterns.Of(matrix, parallel);
        return Of(matrix, patterns, [.. Enumerable.Range(0, patterns.Count)], parallel);
    }

    /// <summary>The moments of some of the patterns, in their order.</summary>
    public static PatternMoments[] Of(IncompleteMatrix matrix, MissingPatterns patterns, int[] chosen, ParallelOptions parallel)
    {
        var pieces = new List<(int Place, int First, int Count)>();
        for (int k = 0; k < chosen.Length; k++)
            for (int first = 0, rows = patterns.RowCountOf(chosen[k]); first < rows; first += PieceRows)
                pieces.Add((k, first, Math.Min(PieceRows, rows - first)));
        var counted = new PatternMoments[pieces.Count];
        ParallelWork.For(pieces.Count, parallel, () => new Work(matrix), (i, work) =>
        {
            (int place, int first, int count) = pieces[i];
            MissingPattern pattern = patterns[chosen[place]];
            counted[i] = work.Count(pattern.Observed, pattern.Rows.Slice(first, count));
            return work;
        });
        var merged = new PatternMoments[chosen.Length];
        for (int i = 0; i < counted.Length; i++)
        {
            if (pieces[i].First == 0) merged[pieces[i].Place] = counted[i];
            else merged[pieces[i].Place].Merge(counted[i]);
        }
        return merged;
    }

    /// <summary>A workspace of one thread.</summary>
    private sealed class Work(IncompleteMatrix matrix)
    {
        private const int BatchRows = 256;

        private readonly double[] _batch = new double[BatchRows * CrossProduct.Stride(matrix.ColumnCount)];
        private readonly double[] _products = new double[CrossProduct.Stride(matrix.ColumnCount) * CrossProduct.Stride(matrix.ColumnCount)];

        /// <summary>The moments of rows of one pattern.</summary>
        public PatternMoments Count(int[] observed, ReadOnlySpan<int> rows)
        {
            int o = observed.Length;
            var moments = new PatternMoments(observed);
            double[] mean = new double[o], coMoments = new double[rows.Length == 1 ? 0 : o * o];
            for (int first = 0; first < rows.Length; first += BatchRows)
            {
                ReadOnlySpan<int> batch = rows.Slice(first, Math.Min(BatchRows, rows.Length - first));
                Batch(observed, batch, mean, coMoments);
                moments.Add(batch.Length, mean, batch.Length == 1 ? [] : coMoments);
            }
            return moments;
        }

        /// <summary>Means and co-moments of a few rows in two passes, of which the second is about the means of the first: equal values
        /// have co-moments of exactly 0.</summary>
        private void Batch(int[] observed, ReadOnlySpan<int> rows, double[] mean, double[] coMoments)
        {
            int o = observed.Length, stride = CrossProduct.Stride(o);
            Span<double> batch = _batch.AsSpan(0, rows.Length * stride), products = _products.AsSpan(0, stride * stride);
            batch.Clear(); // the padding of the rows
            for (int a = 0; a < o; a++)
            {
                ReadOnlySpan<double> column = matrix.Column(observed[a]);
                double from = column[rows[0]], sum = 0;
                for (int r = 0; r < rows.Length; r++) sum += batch[r * stride + a] = column[rows[r]] - from;
                double offset = sum / rows.Length;
                for (int r = 0; r < rows.Length; r++) batch[r * stride + a] -= offset;
                mean[a] = from + offset;
            }
            if (rows.Length == 1) return;
            products.Clear();
            CrossProduct.Add(batch, rows.Length, stride, products);
            for (int a = 0; a < o; a++)
                for (int b = 0; b <= a; b++) coMoments[a * o + b] = coMoments[b * o + a] = products[a * stride + b];
        }
    }
}
