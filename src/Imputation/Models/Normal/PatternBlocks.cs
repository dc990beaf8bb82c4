using Imputation.Data;
using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>Lays the observed cells of a matrix out by pattern, standardised: rows where a pattern has few, sums where it has many.</summary>
internal static class PatternBlocks
{
    /// <summary>Rows moved together: a tile of them stays in the cache while it is turned from columns to rows.</summary>
    private const int TileRows = 128;

    /// <summary>Rows whose sums are made together. Sums of a large pattern are made in such pieces and added in their order: the same bits on any number of threads.</summary>
    private const int PieceRows = 1 << 15;

    /// <summary>Blocks that a large E-step is divided into, about.</summary>
    private const double ManyBlocks = 64;

    /// <summary>The blocks for an E-step; patterns with nothing observed are left out.</summary>
    /// <param name="matrix">The data.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="center">What is taken off each column.</param>
    /// <param name="scale">What it is then divided by.</param>
    /// <param name="parallel">Threads.</param>
    /// <param name="sums">Overrides the choice between sums and rows, for tests.</param>
    public static PatternBlock[] Make(IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, ParallelOptions parallel, bool? sums)
    {
        int p = matrix.ColumnCount;
        List<Plan> plans = Planned(patterns, p, sums, fewestMissing: 0);
        PatternBlock[] blocks = [];
        foreach (bool asSums in (ReadOnlySpan<bool>)[true, false])
        {
            // One kind after the other: rows that only sums are made of are gone before others are laid out.
            List<Plan> kind = plans.FindAll(plan => plan.AreSums == asSums);
            double[][] cells = Laid(matrix, patterns, kind, center, scale, parallel);
            blocks = [.. blocks, .. kind.Select((plan, b) => asSums ? SumBlock(matrix, patterns, plan, cells[b], center, scale, parallel) : plan.Block(patterns, p, cells[b], null))];
        }
        return blocks;
    }

    /// <summary>The rows in which something is observed and something missing.</summary>
    /// <inheritdoc cref="Make"/>
    public static PatternBlock[] Incomplete(IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, ParallelOptions parallel)
    {
        List<Plan> plans = Planned(patterns, matrix.ColumnCount, sums: false, fewestMissing: 1);
        double[][] cells = Laid(matrix, patterns, plans, center, scale, parallel);
        return [.. plans.Select((plan, b) => plan.Block(patterns, matrix.ColumnCount, cells[b], null))];
    }

    /// <summary>A block to be: patterns with the same number of missing columns, and the first row of each.</summary>
    private sealed record Plan(int MissingCount, bool AreSums)
    {
        public List<int> Patterns { get; } = [];

        public List<int> Starts { get; } = [0];

        public double Cost { get; set; }

        public PatternBlock Block(MissingPatterns patterns, int p, double[] cells, Func<int, double[]>? root)
        {
            var missing = new int[Patterns.Count * MissingCount];
            for (int k = 0; k < Patterns.Count; k++) patterns.MissingOf(Patterns[k], missing.AsSpan(k * MissingCount, MissingCount));
            return new PatternBlock(p, [.. Patterns], missing, [.. Starts], cells, Cost, root);
        }
    }

    private static List<Plan> Planned(MissingPatterns patterns, int p, bool? sums, int fewestMissing)
    {
        double total = 0;
        for (int k = 0; k < patterns.Count; k++) total += Cost(patterns, k, p, sums).Least;
        var plans = new List<Plan>();
        var open = new Plan?[2];
        for (int k = 0; k < patterns.Count; k++)
        {
            int m = patterns.MissingCountOf(k);
            if (m == p || m < fewestMissing) continue;
            (double cost, bool asSums) = Cost(patterns, k, p, sums);
            ref Plan? plan = ref open[asSums ? 1 : 0];
            if (plan is null || plan.MissingCount != m || plan.Cost > total / ManyBlocks) plans.Add(plan = new Plan(m, asSums));
            plan.Patterns.Add(k);
            plan.Starts.Add(plan.Starts[^1] + patterns.RowCountOf(k));
            plan.Cost += cost;
        }
        return plans;
    }

    /// <summary>What a pattern costs in an E-step, in multiplications or what takes as long, on the cheaper of the two ways.</summary>
    private static (double Least, bool AsSums) Cost(MissingPatterns patterns, int pattern, int p, bool? sums)
    {
        double m = patterns.MissingCountOf(pattern), o = p - m, n = patterns.RowCountOf(pattern), side = Math.Min(m, o);
        double both = 40 + side * side * side / 4 + 4 * m * m;
        double rows = n * (60 + 2 * m * p + 4 * m * m + 0.5 * p * p), products = 100 + 2 * o * o * (m + 1) + 2 * o * m * m;
        bool asSums = sums ?? products < rows;
        return (both + (asSums ? products : rows), asSums);
    }

    private static PatternBlock SumBlock(IncompleteMatrix matrix, MissingPatterns patterns, Plan plan, double[] rows, double[] center, double[] scale, ParallelOptions parallel)
    {
        int o = matrix.ColumnCount - plan.MissingCount;
        double[] cells = Summed(rows, [.. plan.Starts], o, parallel);
        return plan.Block(patterns, matrix.ColumnCount, cells,
            k => Root(matrix, patterns[plan.Patterns[k]], cells.AsSpan(k * PatternBlock.SumLength(o), o), center, scale));
    }

    /// <summary>The standardised observed cells of every plan's rows, row after row.</summary>
    private static double[][] Laid(IncompleteMatrix matrix, MissingPatterns patterns, List<Plan> plans, double[] center, double[] scale, ParallelOptions parallel)
    {
        int n = matrix.RowCount, p = matrix.ColumnCount;
        double[][] cells = [.. plans.Select(plan => GC.AllocateUninitializedArray<double>(checked(plan.Starts[^1] * (p - plan.MissingCount) + Spread.Margin)))];
        var planOf = new int[patterns.Count]; // of each pattern, and of each row its place there
        var place = new int[n];
        Array.Fill(planOf, -1);
        for (int b = 0; b < plans.Count; b++)
        {
            for (int k = 0; k < plans[b].Patterns.Count; k++)
            {
                int pattern = plans[b].Patterns[k], next = plans[b].Starts[k];
                planOf[pattern] = b;
                foreach (int row in patterns.RowsOf(pattern)) place[row] = next++;
            }
        }
        int stride = CrossProduct.Stride(p);
        ParallelWork.For((n + TileRows - 1) / TileRows, parallel, () => (Tile: Enumerable.Repeat(double.NaN, TileRows * stride).ToArray(), Row: new double[stride]), (t, work) =>
        {
            int first = t * TileRows, count = Math.Min(TileRows, n - first);
            for (int j = 0; j < p; j++) Standardise(matrix.Column(j).Slice(first, count), center[j], 1 / scale[j], work.Tile.AsSpan(j), stride);
            for (int r = 0; r < count; r++)
            {
                int b = planOf[patterns.PatternOf(first + r)];
                if (b < 0) continue;
                int o = p - plans[b].MissingCount;
                Spread.Numbers(work.Tile.AsSpan(r * stride, stride), work.Row);
                work.Row.AsSpan(0, o).CopyTo(cells[b].AsSpan(place[first + r] * o));
            }
            return work;
        });
        return cells;
    }

    private static void Standardise(ReadOnlySpan<double> column, double shift, double factor, Span<double> target, int stride)
    {
        for (int r = 0, at = 0; r < column.Length; r++, at += stride) target[at] = (column[r] - shift) * factor;
    }

    /// <summary>Σ x and Σ xxᵀ over the rows of each pattern.</summary>
    private static double[] Summed(double[] rows, int[] starts, int o, ParallelOptions parallel)
    {
        int length = PatternBlock.SumLength(o), stride = CrossProduct.Stride(o);
        (int Pattern, int First)[] pieces = [.. Enumerable.Range(0, starts.Length - 1)
            .SelectMany(k => Enumerable.Range(0, (starts[k + 1] - starts[k] + PieceRows - 1) / PieceRows).Select(i => (k, starts[k] + i * PieceRows)))];
        var cells = new double[checked((starts.Length - 1) * length + Spread.Margin)];
        var later = new double[pieces.Length][]; // pieces of a pattern after its first
        ParallelWork.For(pieces.Length, parallel, () => new Summing(o, stride), (i, summing) =>
        {
            (int k, int first) = pieces[i];
            Span<double> target = first == starts[k] ? cells.AsSpan(k * length, length) : later[i] = new double[length];
            int end = Math.Min(first + PieceRows, starts[k + 1]);
            summing.Sum(rows.AsSpan(first * o, (end - first) * o), target);
            return summing;
        });
        for (int i = 0; i < pieces.Length; i++)
            if (later[i] is { } more) AddScaled.To(cells.AsSpan(pieces[i].Pattern * length, length), 1, more);
        return cells;
    }

    /// <summary>A workspace to sum rows in.</summary>
    private sealed class Summing(int o, int stride)
    {
        private const int BatchRows = 64;

        private readonly double[] _batch = new double[BatchRows * stride];
        private readonly double[] _products = new double[stride * stride];

        public void Sum(ReadOnlySpan<double> rows, Span<double> target)
        {
            Array.Clear(_products);
            Span<double> sum = target[..o];
            for (; rows.Length > 0; rows = rows[Math.Min(rows.Length, BatchRows * o)..])
            {
                int count = Math.Min(BatchRows, rows.Length / o);
                for (int r = 0; r < count; r++)
                {
                    ReadOnlySpan<double> row = rows.Slice(r * o, o);
                    row.CopyTo(_batch.AsSpan(r * stride, o));
                    AddScaled.To(sum, 1, row);
                }
                CrossProduct.Add(_batch, count, stride, _products);
            }
            for (int a = 0; a < o; a++)
                for (int b = 0; b <= a; b++) target[o + a * o + b] = target[o + b * o + a] = _products[a * stride + b];
        }
    }

    private static double[] Root(IncompleteMatrix matrix, MissingPattern pattern, ReadOnlySpan<double> sum, double[] center, double[] scale)
    {
        const int batchRows = 256;
        int o = pattern.Observed.Length;
        var root = new double[o * o];
        var columns = new double[batchRows * o];
        for (int start = 0; start < pattern.RowCount; start += batchRows)
        {
            ReadOnlySpan<int> rows = pattern.Rows.Slice(start, Math.Min(batchRows, pattern.RowCount - start));
            for (int a = 0; a < o; a++)
            {
                int j = pattern.Observed[a];
                ReadOnlySpan<double> column = matrix.Column(j);
                double mean = sum[a] / pattern.RowCount;
                for (int r = 0; r < rows.Length; r++) columns[a * rows.Length + r] = (column[rows[r]] - center[j]) * (1 / scale[j]) - mean;
            }
            TriangularRoot.Add(root, o, columns, rows.Length);
        }
        return root;
    }
}
