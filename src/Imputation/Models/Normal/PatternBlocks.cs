using Imputation.Data;
using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>Lays the observed cells of a matrix out by pattern, standardised: rows where a pattern has few, sums where it has many.</summary>
internal static class PatternBlocks
{
    /// <summary>Rows moved by one thread at a time.</summary>
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
        List<Plan> plans = Planned(patterns, p, sums, fewestMissing: 0), summed = plans.FindAll(plan => plan.AreSums), kept = plans.FindAll(plan => !plan.AreSums);

        // The rows that only sums are made of come first, a part of them at a time; the others then take their memory.
        List<List<Plan>> parts = Parts(summed, p);
        double[] store = Store([.. parts, kept], p);
        var places = new int[matrix.RowCount];
        var blocks = new List<PatternBlock>();
        foreach (List<Plan> part in parts)
        {
            Lay(matrix, patterns, part, center, scale, parallel, store, places);
            blocks.AddRange(part.Select(plan => SumBlock(matrix, patterns, plan, store, center, scale, parallel)));
        }
        Lay(matrix, patterns, kept, center, scale, parallel, store, places);
        return [.. blocks, .. kept.Select(plan => plan.Block(patterns, p, store, plan.FirstCell, null))];
    }

    /// <summary>The rows in which something is observed and something missing, a part of them at a time: the next part takes the memory of the one before.</summary>
    /// <inheritdoc cref="Make"/>
    public static IEnumerable<PatternBlock[]> Incomplete(IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, ParallelOptions parallel)
    {
        int p = matrix.ColumnCount;
        List<List<Plan>> parts = Parts(Planned(patterns, p, sums: false, fewestMissing: 1), p);
        double[] store = Store(parts, p);
        var places = new int[matrix.RowCount];
        foreach (List<Plan> part in parts)
        {
            Lay(matrix, patterns, part, center, scale, parallel, store, places);
            yield return [.. part.Select(plan => plan.Block(patterns, p, store, plan.FirstCell, null))];
        }
    }

    /// <summary>Memory for the rows of any one part.</summary>
    private static double[] Store(List<List<Plan>> parts, int p) =>
        GC.AllocateUninitializedArray<double>(checked((int)(parts.Max(part => part.Sum(plan => plan.CellCount(p))) + Spread.Margin)));

    /// <summary>The plans in a few parts, each of some size.</summary>
    private static List<List<Plan>> Parts(List<Plan> plans, int p)
    {
        const int few = 4, leastCells = 1 << 20;
        long most = Math.Max(leastCells, plans.Sum(plan => plan.CellCount(p)) / few), cells = 0;
        var parts = new List<List<Plan>> { new() };
        foreach (Plan plan in plans)
        {
            if (cells > 0 && cells + plan.CellCount(p) > most)
            {
                parts.Add([]);
                cells = 0;
            }
            parts[^1].Add(plan);
            cells += plan.CellCount(p);
        }
        return parts;
    }

    /// <summary>A block to be: patterns with the same number of missing columns, and the first row of each.</summary>
    private sealed record Plan(int MissingCount, bool AreSums)
    {
        public List<int> Patterns { get; } = [];

        public List<int> Starts { get; } = [0];

        public double Cost { get; set; }

        /// <summary>Where the rows begin in the memory for them.</summary>
        public int FirstCell { get; set; }

        public long CellCount(int p) => (long)Starts[^1] * (p - MissingCount);

        public PatternBlock Block(MissingPatterns patterns, int p, double[] cells, int first, Func<int, double[]>? root)
        {
            var missing = new int[Patterns.Count * MissingCount];
            for (int k = 0; k < Patterns.Count; k++) patterns.MissingOf(Patterns[k], missing.AsSpan(k * MissingCount, MissingCount));
            return new PatternBlock(p, [.. Patterns], missing, [.. Starts], cells, first, Cost, root);
        }
    }

    private static List<Plan> Planned(MissingPatterns patterns, int p, bool? sums, int fewestMissing)
    {
        (double Least, bool AsSums)[] costs = [.. Enumerable.Range(0, patterns.Count).Select(k => Cost(patterns, k, p, sums))];
        double total = costs.Sum(cost => cost.Least);
        var plans = new List<Plan>();
        var open = new Plan?[2];
        for (int k = 0; k < patterns.Count; k++)
        {
            int m = patterns.MissingCountOf(k);
            if (m == p || m < fewestMissing) continue;
            (double cost, bool asSums) = costs[k];
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

    private static PatternBlock SumBlock(IncompleteMatrix matrix, MissingPatterns patterns, Plan plan, double[] store, double[] center, double[] scale, ParallelOptions parallel)
    {
        int o = matrix.ColumnCount - plan.MissingCount;
        double[] cells = Summed(store.AsMemory(plan.FirstCell), [.. plan.Starts], o, parallel);
        return plan.Block(patterns, matrix.ColumnCount, cells, 0,
            k => Root(matrix, patterns[plan.Patterns[k]], cells.AsSpan(k * PatternBlock.SumLength(o), o), center, scale));
    }

    /// <summary>Writes the standardised observed cells of every plan's rows, row after row.</summary>
    private static void Lay(IncompleteMatrix matrix, MissingPatterns patterns, List<Plan> plans, double[] center, double[] scale, ParallelOptions parallel, double[] store, int[] places)
    {
        if (plans.Count == 0) return;
        int n = matrix.RowCount, p = matrix.ColumnCount;
        var planOf = new int[patterns.Count]; // of each pattern; places are those of each row in its plan
        Array.Fill(planOf, -1);
        int used = 0;
        for (int b = 0; b < plans.Count; b++)
        {
            plans[b].FirstCell = used;
            used += (int)plans[b].CellCount(p);
            for (int k = 0; k < plans[b].Patterns.Count; k++)
            {
                int pattern = plans[b].Patterns[k], next = plans[b].Starts[k];
                planOf[pattern] = b;
                foreach (int row in patterns.RowsOf(pattern)) places[row] = next++;
            }
        }
        int stride = CrossProduct.Stride(p);
        double[] factor = [.. scale.Select(s => 1 / s)];
        double[][] columns = [.. Enumerable.Range(0, p).Select(j => matrix.Columns[j].Array)];
        ParallelWork.For((n + TileRows - 1) / TileRows, parallel, () => (Row: Enumerable.Repeat(double.NaN, stride).ToArray(), Cells: new double[stride]), (t, work) =>
        {
            int end = Math.Min((t + 1) * TileRows, n);
            for (int row = t * TileRows; row < end; row++)
            {
                int b = planOf[patterns.PatternOf(row)];
                if (b < 0) continue;
                int o = p - plans[b].MissingCount;
                Standardise(columns, row, center, factor, work.Row);
                Spread.Numbers(work.Row, work.Cells);
                work.Cells.AsSpan(0, o).CopyTo(store.AsSpan(plans[b].FirstCell + places[row] * o));
            }
            return work;
        });
    }

    private static void Standardise(double[][] columns, int row, double[] center, double[] factor, double[] target)
    {
        for (int j = 0; j < columns.Length; j++) target[j] = (columns[j][row] - center[j]) * factor[j];
    }

    /// <summary>Σ x and Σ xxᵀ over the rows of each pattern.</summary>
    private static double[] Summed(ReadOnlyMemory<double> rows, int[] starts, int o, ParallelOptions parallel)
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
            summing.Sum(rows.Span.Slice(first * o, (end - first) * o), target);
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
            Take(target);
        }

        /// <summary>The same of weighted rows of the data.</summary>
        public void Sum(IncompleteMatrix matrix, ReadOnlySpan<int> rows, int[] weights, int[] observed, double[] center, double[] factor, Span<double> target)
        {
            Array.Clear(_products);
            Span<double> sum = target[..o];
            int count = 0;
            foreach (int row in rows)
            {
                int weight = weights[row];
                if (weight == 0) continue;
                Span<double> cells = _batch.AsSpan(count * stride, o);
                for (int a = 0; a < o; a++)
                {
                    int j = observed[a];
                    cells[a] = (matrix.Columns[j].Array[row] - center[j]) * factor[j];
                }
                AddScaled.To(sum, weight, cells);
                if (weight > 1)
                {
                    double root = Math.Sqrt(weight);
                    foreach (ref double x in cells) x *= root;
                }
                if (++count < BatchRows) continue;
                CrossProduct.Add(_batch, count, stride, _products);
                count = 0;
            }
            CrossProduct.Add(_batch, count, stride, _products);
            Take(target);
        }

        private void Take(Span<double> target)
        {
            for (int a = 0; a < o; a++)
                for (int b = 0; b <= a; b++) target[o + a * o + b] = target[o + b * o + a] = _products[a * stride + b];
        }
    }

    /// <summary>The same blocks with their rows weighted: rows keep their memory, and sums are made again.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="matrix">The data.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="center">What is taken off each column.</param>
    /// <param name="scale">What it is then divided by.</param>
    /// <param name="weights">Weight of each row of the matrix: how often it counts.</param>
    /// <param name="parallel">Threads.</param>
    public static PatternBlock[] Weighted(PatternBlock[] blocks, IncompleteMatrix matrix, MissingPatterns patterns, double[] center, double[] scale, int[] weights, ParallelOptions parallel)
    {
        var weighted = new PatternBlock[blocks.Length];
        double[] factor = [.. scale.Select(s => 1 / s)];
        ParallelWork.For(blocks.Length, parallel, b =>
        {
            PatternBlock block = blocks[b];
            int o = block.ObservedCount, length = PatternBlock.SumLength(o);
            var totals = new double[block.Count];
            for (int k = 0; k < block.Count; k++)
                foreach (int row in patterns.RowsOf(block.IndexOf(k))) totals[k] += weights[row];
            if (block.AreSums)
            {
                var cells = new double[checked(block.Count * length + Spread.Margin)];
                var summing = new Summing(o, CrossProduct.Stride(o));
                var observed = new int[o];
                for (int k = 0; k < block.Count; k++)
                {
                    block.Observed(k, observed);
                    summing.Sum(matrix, patterns.RowsOf(block.IndexOf(k)), weights, observed, center, factor, cells.AsSpan(k * length, length));
                }
                weighted[b] = block.WithSums(cells, totals, k => Root(matrix, patterns[block.IndexOf(k)], cells.AsSpan(k * length, o), center, scale, weights, totals[k]));
            }
            else
            {
                var roots = new double[block.RowCount];
                for (int k = 0, next = 0; k < block.Count; k++)
                    foreach (int row in patterns.RowsOf(block.IndexOf(k))) roots[next++] = Math.Sqrt(weights[row]);
                weighted[b] = block.Weighted(roots, totals);
            }
        });
        return weighted;
    }

    private static double[] Root(IncompleteMatrix matrix, MissingPattern pattern, ReadOnlySpan<double> sum, double[] center, double[] scale, int[]? weights = null, double total = 0)
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
                double mean = sum[a] / (weights is null ? pattern.RowCount : total);
                for (int r = 0; r < rows.Length; r++) columns[a * rows.Length + r] = (column[rows[r]] - center[j]) * (1 / scale[j]) - mean;
                for (int r = 0; weights is not null && r < rows.Length; r++) columns[a * rows.Length + r] *= Math.Sqrt(weights[rows[r]]);
            }
            TriangularRoot.Add(root, o, columns, rows.Length);
        }
        return root;
    }
}
