using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;
using Imputation.Patterns;

namespace Imputation.Models.Gaussian;

/// <summary>Lays the observed cells of a matrix out by pattern, standardised: rows where a pattern has few, sums where it has
/// many.</summary>
internal static class PatternBlocks
{
    /// <summary>Rows whose sums are made together. Sums of a large pattern are made in such pieces and added in their order: the same bits
    /// on any number of threads.</summary>
    private const int PieceRows = 1 << 15;

    /// <summary>Patterns of one row in a block, of data without rows.</summary>
    private const int MostSingles = 1024;

    /// <summary>Blocks that a large E-step is divided into, about.</summary>
    private const double ManyBlocks = 64;

    /// <summary>The blocks for an E-step; patterns with nothing observed are left out.</summary>
    /// <param name="source">The data.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="parallel">Threads.</param>
    /// <param name="sums">Overrides the choice between sums and rows, for tests.</param>
    public static PatternBlock[] Make(StandardisedRows source, MissingPatterns patterns, ParallelOptions parallel, bool? sums)
    {
        int p = source.ColumnCount;
        List<Plan> plans = Planned(patterns, p, sums, fewestMissing: 0), summed = plans.FindAll(plan => plan.AreSums),
            kept = plans.FindAll(plan => !plan.AreSums);
        return [.. Summed(source, patterns, summed, parallel), .. Kept(source, patterns, kept, parallel)];
    }

    /// <summary>The patterns in which something is observed and something missing, in blocks that have no cells.</summary>
    /// <param name="patterns">All patterns.</param>
    public static PatternBlock[] Incomplete(MissingPatterns patterns) =>
        [.. Planned(patterns, patterns.ColumnCount, sums: false, fewestMissing: 1).Select(plan => plan.Block(patterns, [], 0, null))];

    /// <summary>Which of the patterns are cheaper as sums, and blocks of the rows of the others in the units of the data.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="room">Numbers that the sums may take.</param>
    /// <param name="parallel">Threads.</param>
    public static (int[] Summed, PatternBlock[] Kept) Divide(IncompleteMatrix matrix, MissingPatterns patterns, double room,
        ParallelOptions parallel)
    {
        int p = matrix.ColumnCount;
        double[] zeros = new double[p], ones = [.. Enumerable.Repeat(1.0, p)];
        List<Plan> plans = Planned(patterns, p, sums: null, fewestMissing: 0, room);
        return ([.. plans.FindAll(plan => plan.AreSums).SelectMany(plan => plan.Patterns)],
            Kept(new StandardisedRows(matrix, zeros, ones), patterns, plans.FindAll(plan => !plan.AreSums), parallel));
    }

    /// <summary>Blocks of patterns whose rows are given by their number, means and co-moments; those with nothing observed are left out.
    /// </summary>
    /// <param name="statistics">One for each pattern.</param>
    /// <param name="center">Subtracted from each column.</param>
    /// <param name="scale">Divisor of each column, after centring.</param>
    public static PatternBlock[] From(IReadOnlyList<PatternMoments> statistics, double[] center, double[] scale)
    {
        (int Index, PatternMoments Item)[] all = [.. statistics.Index().Where(s => s.Item is { Weight: > 0, Observed.Length: > 0 })];
        return [.. all.Where(s => s.Item.Weight != 1).Select(s => Summed(s.Index, s.Item, center, scale)),
            .. all.Where(s => s.Item.Weight == 1).GroupBy(s => s.Item.Observed.Length)
                .SelectMany(same => same.Chunk(MostSingles)).Select(rows => Singles(rows, center, scale))];
    }

    /// <summary>Patterns of one row each, which are that row: in an E-step cheaper than sums, and |O| numbers instead of their
    /// square.</summary>
    private static PatternBlock Singles((int Index, PatternMoments Item)[] patterns, double[] center, double[] scale)
    {
        int p = center.Length, o = patterns[0].Item.Observed.Length, m = p - o;
        var cells = new double[patterns.Length * o + MaskedRows.Margin];
        var missing = new int[patterns.Length * m];
        for (int k = 0; k < patterns.Length; k++)
        {
            int[] observed = patterns[k].Item.Observed;
            for (int a = 0; a < o; a++) cells[k * o + a] = (patterns[k].Item.Mean[a] - center[observed[a]]) / scale[observed[a]];
            Enumerable.Range(0, p).Except(observed).ToArray().CopyTo(missing, k * m);
        }
        return new PatternBlock(p, Array.ConvertAll(patterns, s => s.Index), missing, [.. Enumerable.Range(0, patterns.Length + 1)], cells,
            0, patterns.Length * (SidesCost(m, o) + RowCost(m, p)), root: null);
    }

    private static PatternBlock Summed(int index, PatternMoments pattern, double[] center, double[] scale)
    {
        int p = center.Length, o = pattern.Observed.Length;
        var cells = new double[PatternBlock.SumLength(o) + MaskedRows.Margin];
        var scaled = new double[o * o];
        double[] mean = [.. pattern.Observed.Select((j, a) => (pattern.Mean[a] - center[j]) / scale[j])];
        for (int a = 0; a < o; a++)
        {
            cells[a] = pattern.Weight * mean[a];
            for (int b = 0; b < o; b++)
            {
                scaled[a * o + b] = pattern.CoMoment(a, b) / (scale[pattern.Observed[a]] * scale[pattern.Observed[b]]);
                cells[o + a * o + b] = scaled[a * o + b] + pattern.Weight * mean[a] * mean[b];
            }
        }
        int[] missing = [.. Enumerable.Range(0, p).Except(pattern.Observed)];
        double cost = SidesCost(p - o, o) + ProductsCost(p - o, o);
        return new PatternBlock(p, [index], missing, [0, (int)Math.Min(int.MaxValue, pattern.Weight)], cells, 0, cost, root: null)
            .WithSums(cells, [pattern.Weight], _ => TriangularRoot.Of(scaled, o));
    }

    /// <summary>A block to be: patterns with the same number of missing columns, and the first row of each.</summary>
    private sealed record Plan(int MissingCount, bool AreSums)
    {
        public List<int> Patterns { get; } = [];

        public List<int> Starts { get; } = [0];

        public double Cost { get; set; }

        public PatternBlock Block(MissingPatterns patterns, double[] cells, int first, Func<int, double[]>? root)
        {
            var missing = new int[Patterns.Count * MissingCount];
            for (int k = 0; k < Patterns.Count; k++) patterns.MissingOf(Patterns[k], missing.AsSpan(k * MissingCount, MissingCount));
            return new PatternBlock(patterns.ColumnCount, [.. Patterns], missing, [.. Starts], cells, first, Cost, root);
        }
    }

    private static List<Plan> Planned(MissingPatterns patterns, int p, bool? sums, int fewestMissing,
        double room = double.PositiveInfinity)
    {
        var costs = new double[patterns.Count];
        var asSums = new bool[patterns.Count];
        double total = 0;
        for (int k = 0; k < costs.Length; k++)
        {
            costs[k] = Cost(patterns, k, p, sums, out asSums[k]);
            int length = PatternBlock.SumLength(p - patterns.MissingCountOf(k));
            if (asSums[k] && length > room) costs[k] = Cost(patterns, k, p, sums: false, out asSums[k]);
            if (asSums[k]) room -= length;
            total += costs[k];
        }
        var plans = new List<Plan>();
        Plan? summed = null, kept = null;
        for (int k = 0; k < costs.Length; k++)
        {
            int m = patterns.MissingCountOf(k);
            if (m == p || m < fewestMissing) continue;
            ref Plan? plan = ref asSums[k] ? ref summed : ref kept;
            if (plan is null || plan.MissingCount != m || plan.Cost > total / ManyBlocks) plans.Add(plan = new Plan(m, asSums[k]));
            plan.Patterns.Add(k);
            plan.Starts.Add(plan.Starts[^1] + patterns.RowCountOf(k));
            plan.Cost += costs[k];
        }
        return plans;
    }

    /// <summary>Cost of a pattern in an E-step, in units of a multiplication, by the cheaper of the two methods.</summary>
    private static double Cost(MissingPatterns patterns, int pattern, int p, bool? sums, out bool asSums)
    {
        double m = patterns.MissingCountOf(pattern), o = p - m, n = patterns.RowCountOf(pattern);
        double rows = n * RowCost(m, p), products = ProductsCost(m, o);
        asSums = sums ?? products < rows;
        return SidesCost(m, o) + (asSums ? products : rows);
    }

    /// <summary>Cost of a pattern's regression coefficients and residual covariance.</summary>
    private static double SidesCost(double m, double o)
    {
        double side = Math.Min(m, o);
        return 40 + side * side * side / 4 + 4 * m * m;
    }

    /// <summary>Cost of the expected moments of a row.</summary>
    private static double RowCost(double m, double p) => 60 + 2 * m * p + 4 * m * m + 0.5 * p * p;

    /// <summary>Cost of the expected moments of a pattern from sums.</summary>
    private static double ProductsCost(double m, double o) => 100 + 2 * o * o * (m + 1) + 2 * o * m * m;

    /// <summary>Blocks that keep the rows.</summary>
    private static PatternBlock[] Kept(StandardisedRows source, MissingPatterns patterns, List<Plan> plans, ParallelOptions parallel)
    {
        int p = source.ColumnCount, used = 0;
        var firsts = new int[plans.Count];
        for (int b = 0; b < plans.Count; b++)
        {
            firsts[b] = used;
            used = checked(used + plans[b].Starts[^1] * (p - plans[b].MissingCount));
        }
        double[] cells = GC.AllocateUninitializedArray<double>(used + MaskedRows.Margin);
        var blocks = new PatternBlock[plans.Count];
        ParallelWork.For(plans.Count, parallel, b =>
        {
            PatternBlock block = blocks[b] = plans[b].Block(patterns, cells, firsts[b], null);
            int o = block.ObservedCount;
            var observed = new int[o];
            for (int k = 0; k < block.Count; k++)
            {
                block.Observed(k, observed);
                source.FetchAhead(patterns, block, k);
                source.CopyTo(patterns.RowsOf(block.IndexOf(k)), observed, cells.AsSpan(firsts[b] + plans[b].Starts[k] * o,
                    block.RowCountOf(k) * o), o);
            }
        });
        return blocks;
    }

    /// <summary>Blocks that keep Σ x and Σ xxᵀ over the rows of each pattern.</summary>
    private static PatternBlock[] Summed(StandardisedRows source, MissingPatterns patterns, List<Plan> plans, ParallelOptions parallel)
    {
        var blocks = new PatternBlock[plans.Count];
        var pieces = new List<Piece>();
        for (int b = 0; b < plans.Count; b++)
        {
            Plan plan = plans[b];
            int length = PatternBlock.SumLength(source.ColumnCount - plan.MissingCount);
            var cells = new double[checked(plan.Patterns.Count * length + MaskedRows.Margin)];
            blocks[b] = plan.Block(patterns, cells, 0, k => Root(source, patterns[plan.Patterns[k]], cells.AsSpan(k * length), [],
                plan.Starts[k + 1] - plan.Starts[k]));
            for (int k = 0; k < plan.Patterns.Count; k++)
                for (int first = 0, rows = patterns.RowCountOf(plan.Patterns[k]); first < rows; first += PieceRows)
                    pieces.Add(new Piece(blocks[b], k, first, Math.Min(PieceRows, rows - first),
                        first == 0 ? cells.AsMemory(k * length, length) : new double[length]));
        }
        ParallelWork.For(pieces.Count, parallel, () => new Summing(source), (i, summing) =>
        {
            Piece piece = pieces[i];
            summing.Sum(piece.Block, piece.Pattern, patterns.RowsOf(piece.Block.IndexOf(piece.Pattern)).Slice(piece.First, piece.Count), [],
                piece.Target.Span);
            return summing;
        });
        for (int i = 1, first = 0; i < pieces.Count; i++)
        {
            if (pieces[i].First == 0) first = i;
            else AddScaled.To(pieces[first].Target.Span, 1, pieces[i].Target.Span);
        }
        return blocks;
    }

    /// <summary>Rows of a pattern, and where their sums go: the pattern's own place if they are its first.</summary>
    private sealed record Piece(PatternBlock Block, int Pattern, int First, int Count, Memory<double> Target);

    /// <summary>A workspace to sum rows in.</summary>
    private sealed class Summing(StandardisedRows source)
    {
        private const int BatchRows = 64;

        private readonly int[] _observed = new int[source.ColumnCount];
        private readonly int[] _rows = new int[BatchRows];
        private readonly double[] _batch = new double[BatchRows * CrossProduct.Stride(source.ColumnCount)];
        private readonly double[] _products = new double[CrossProduct.Stride(source.ColumnCount) * CrossProduct.Stride(source.ColumnCount)];

        /// <summary>Writes the sums of rows of a pattern.</summary>
        /// <param name="block">The block that the pattern is in.</param>
        /// <param name="pattern">Its place there.</param>
        /// <param name="rows">The rows.</param>
        /// <param name="weights">Weight of each row of the data; empty where every weight is 1.</param>
        /// <param name="target">Receives the sums; 0 before.</param>
        public void Sum(PatternBlock block, int pattern, ReadOnlySpan<int> rows, double[] weights, Span<double> target)
        {
            int o = block.ObservedCount, stride = CrossProduct.Stride(o);
            Span<int> observed = _observed.AsSpan(0, o);
            block.Observed(pattern, observed);
            Span<double> products = _products.AsSpan(0, stride * stride), sum = target[..o];
            products.Clear();
            while (rows.Length > 0)
            {
                int count = 0, taken = 0;
                for (; taken < rows.Length && count < BatchRows; taken++)
                    if (weights.Length == 0 || weights[rows[taken]] > 0) _rows[count++] = rows[taken];
                rows = rows[taken..];
                source.CopyTo(_rows.AsSpan(0, count), observed, _batch, stride);
                for (int r = 0; r < count; r++)
                {
                    Span<double> row = _batch.AsSpan(r * stride, o);
                    double weight = weights.Length == 0 ? 1 : weights[_rows[r]];
                    AddScaled.To(sum, weight, row);
                    if (weight == 1) continue;
                    double root = Math.Sqrt(weight);
                    foreach (ref double x in row) x *= root;
                }
                CrossProduct.Add(_batch, count, stride, products);
            }
            for (int a = 0; a < o; a++)
                for (int b = 0; b <= a; b++) target[o + a * o + b] = target[o + b * o + a] = products[a * stride + b];
        }
    }

    /// <summary>The same blocks with their rows weighted: rows keep their memory, and sums are made again.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="source">The data.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="weights">Weight of each row of the data, 0 or more; 1 counts it once.</param>
    /// <param name="parallel">Threads.</param>
    public static PatternBlock[] Weighted(PatternBlock[] blocks, StandardisedRows source, MissingPatterns patterns, double[] weights,
        ParallelOptions parallel)
    {
        var weighted = new PatternBlock[blocks.Length];
        ParallelWork.For(blocks.Length, parallel, () => new Summing(source), (b, summing) =>
        {
            PatternBlock block = blocks[b];
            int length = PatternBlock.SumLength(block.ObservedCount);
            var totals = new double[block.Count];
            for (int k = 0; k < block.Count; k++)
                foreach (int row in patterns.RowsOf(block.IndexOf(k))) totals[k] += weights[row];
            if (block.AreSums)
            {
                var cells = new double[checked(block.Count * length + MaskedRows.Margin)];
                for (int k = 0; k < block.Count; k++) summing.Sum(block, k, patterns.RowsOf(block.IndexOf(k)), weights,
                    cells.AsSpan(k * length, length));
                weighted[b] = block.WithSums(cells, totals, k => Root(source, patterns[block.IndexOf(k)], cells.AsSpan(k * length), weights,
                    totals[k]));
            }
            else
            {
                var roots = new double[block.RowCount];
                for (int k = 0, next = 0; k < block.Count; k++)
                    foreach (int row in patterns.RowsOf(block.IndexOf(k))) roots[next++] = Math.Sqrt(weights[row]);
                weighted[b] = block.Weighted(roots, totals);
            }
            return summing;
        });
        return weighted;
    }

    /// <summary>R with RᵀR = Σ (x − x̄)(x − x̄)ᵀ, from the rows and Σ x.</summary>
    private static double[] Root(StandardisedRows source, MissingPattern pattern, ReadOnlySpan<double> sum, double[] weights, double total)
    {
        const int batchRows = 256;
        int o = pattern.Observed.Length;
        var root = new double[o * o];
        double[] batch = new double[batchRows * o], columns = new double[batchRows * o];
        for (int start = 0; start < pattern.RowCount; start += batchRows)
        {
            ReadOnlySpan<int> rows = pattern.Rows.Slice(start, Math.Min(batchRows, pattern.RowCount - start));
            source.CopyTo(rows, pattern.Observed, batch, o);
            for (int a = 0; a < o; a++)
            {
                double mean = sum[a] / total;
                for (int r = 0; r < rows.Length; r++) columns[a * rows.Length + r] = (batch[r * o + a] - mean) * (weights.Length == 0 ? 1
                    : Math.Sqrt(weights[rows[r]]));
            }
            TriangularRoot.Add(root, o, columns, rows.Length);
        }
        return root;
    }
}
