using Imputation.Numerics.Random;
using Imputation.Patterns;
using Imputation.Statistics;

namespace Imputation.Models.Choosing;

/// <summary>A table of which observed cells are hidden, several times others, and how well models predict them.</summary>
internal sealed class HiddenCells
{
    /// <summary>Share of the observed cells that are hidden at a time.</summary>
    private const double Share = 0.1;

    /// <summary>Hidden cells that are wanted, and the most times that some are hidden for it.</summary>
    private const int Wanted = 1500, MostSplits = 5;

    private readonly Split[] _splits;

    private HiddenCells(Split[] splits) => _splits = splits;

    /// <summary>Number of hidden cells.</summary>
    public int Count => _splits.Sum(s => s.Count);

    /// <summary>Hides cells of the columns that the candidates model.</summary>
    public static HiddenCells Of(Table table, IReadOnlyList<ModelOptions> candidates, ulong seed)
    {
        Column[] columns = [.. table.Columns.Where(c => candidates.Any(o => Models(o, table, c.Name)))];
        if (columns.Length == 0) return new HiddenCells([]);
        var matrix = IncompleteMatrix.FromColumns([.. columns.Select(c => c is NumericColumn { Categories: null } number ? number
            : c.Levels.AsNumbers(c))]);
        MissingPatterns patterns = MissingPatterns.Of(matrix);
        var splits = new List<Split>();
        int count = 0;
        do
        {
            bool[][] hidden = HoldoutCells.Choose(matrix, patterns, Share, CounterRandom.Derive(seed, splits.Count, 78));
            splits.Add(new Split(table, columns, matrix, hidden));
            count += splits[^1].Count;
        }
        while (splits.Count < MostSplits && count < Wanted);
        return new HiddenCells([.. splits]);
    }

    /// <summary>What a model loses on them, fitted to the cells that are left.</summary>
    /// <exception cref="ImputationDataException">It cannot be fitted.</exception>
    public CellLosses LossesOf(ModelOptions options, RunOptions run, CancellationToken cancellation)
    {
        var losses = new CellLosses();
        foreach (Split split in _splits) split.Add(losses, options, run, cancellation);
        return losses;
    }

    private static bool Models(ModelOptions options, Table table, string column) =>
        TableEncoder.Uses(table, options.Columns, options.TakesCategories).Any(u => u.Name == column && u.Role == ColumnRole.Modelled);

    /// <summary>One choice of hidden cells.</summary>
    private sealed class Split
    {
        private readonly Table _seen;
        private readonly Dictionary<string, (bool[] Hidden, ReadOnlyMemory<double> Truth, double Deviation)> _columns = [];
        private readonly Dictionary<string, Func<double, double>> _baselines = [];

        public Split(Table table, Column[] columns, IncompleteMatrix matrix, bool[][] hidden)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                double[] truth = matrix.Column(j).ToArray(), seen = [.. truth.Where((x, row) => !double.IsNaN(x) && !hidden[j][row])];
                Count += hidden[j].Count(h => h);
                if (seen.Length == 0 || !hidden[j].Contains(true)) continue;
                double mean = seen.Average();
                _columns[columns[j].Name] = (hidden[j], truth, Math.Sqrt(seen.Average(x => (x - mean) * (x - mean))));
                _baselines[columns[j].Name] = columns[j] is NumericColumn { Categories: null } ? Crps.Empirical(seen) : Brier(seen);
            }
            _seen = table.With(columns.Where(c => _columns.ContainsKey(c.Name))
                .ToDictionary(c => c.Name, c => c.Hiding(_columns[c.Name].Hidden)));
        }

        /// <summary>Number of hidden cells.</summary>
        public int Count { get; }

        /// <summary>Fits the model and adds what it loses.</summary>
        public void Add(CellLosses losses, ModelOptions options, RunOptions run, CancellationToken cancellation)
        {
            PreparedFit fit = options.Prepare(_seen, run, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (ModelCandidates.WhyUnsound(fit.Model.Report) is { } why) throw new ImputationDataException(why);
            var frame = ModelFrame.Of(fit.Model, _seen, fit.Patterns);
            IRowConditional row = fit.Model.Over(frame).Workspace();
            bool[]?[] hidden = [.. frame.Columns.Select(c => _columns.TryGetValue(c.Name, out var known) ? known.Hidden : null)];
            var cells = new double[frame.Columns.Length];
            foreach (MissingPattern pattern in frame.Patterns)
            {
                cancellation.ThrowIfCancellationRequested();
                int[] rows = [.. pattern.Rows.ToArray().Where(i => pattern.Missing.Any(j => hidden[j] is { } h && h[i]))];
                if (rows.Length == 0 || !row.Begin(pattern.Observed, pattern.Missing, draws: false)) continue;
                foreach (int i in rows)
                {
                    for (int j = 0; j < cells.Length; j++) cells[j] = frame.Matrix[i, j];
                    row.Given(cells);
                    for (int a = 0; a < pattern.Missing.Length; a++)
                        if (hidden[pattern.Missing[a]] is { } h && h[i]) Add(losses, frame.Columns[pattern.Missing[a]], row, a, i);
                }
            }
            if (fit.Model.HasDensity) losses.AddLogScore(LogDensity(fit.Model, frame, hidden, cells), Count);
            else losses.AddLogScore(double.NaN, Count);
        }

        private void Add(CellLosses losses, Column column, IRowConditional row, int a, int i)
        {
            (_, ReadOnlyMemory<double> truths, double deviation) = _columns[column.Name];
            double truth = truths.Span[i];
            if (column is NumericColumn { Categories: null })
            {
                double error = (row.Mean(a) - truth) / deviation;
                losses.Add(column.Name, row.Crps(a, truth), _baselines[column.Name](truth), error * error, isCategory: false);
                return;
            }
            // The model may have merged or reordered levels: they are the same by their text.
            Span<double> p = new double[row.LevelCount(a)];
            row.Probabilities(a, p);
            int at = column.Levels.IndexOf(_seen[column.Name].Levels.At(truth));
            double brier = at >= 0 && at < p.Length ? 1 - 2 * p[at] : 1;
            foreach (double share in p) brier += share * share;
            losses.Add(column.Name, brier, _baselines[column.Name](truth), brier, isCategory: true);
        }

        /// <summary>Log density of the hidden cells given the others of their rows: that of all cells less that of those seen.</summary>
        private double LogDensity(FittedModel model, ModelFrame frame, bool[]?[] hidden, double[] cells)
        {
            IRowConditional row = model.Over(frame).Workspace();
            double[]?[] truth = [.. frame.Columns.Select(c => _columns.TryGetValue(c.Name, out var known) ? Indices(c, known.Truth)
                : null)];
            double sum = 0;
            foreach (MissingPattern pattern in frame.Patterns)
            {
                foreach (int i in pattern.Rows)
                {
                    int[] open = [.. pattern.Missing.Where(j => hidden[j] is { } h && h[i])];
                    if (open.Length == 0) continue;
                    for (int j = 0; j < cells.Length; j++) cells[j] = frame.Matrix[i, j];
                    double Of(int[] observed, int[] missing)
                    {
                        if (!row.Begin(observed, missing, draws: false)) return double.NaN;
                        row.Given(cells);
                        return row.LogDensity;
                    }
                    double seen = pattern.Observed.Length == 0 ? 0 : Of(pattern.Observed, pattern.Missing);
                    foreach (int j in open) cells[j] = truth[j]![i];
                    sum += Of([.. pattern.Observed.Concat(open).Order()], [.. pattern.Missing.Except(open)]) - seen;
                }
            }
            return sum;
        }

        /// <summary>A column's cells as the model counts its levels.</summary>
        private double[] Indices(Column inFrame, ReadOnlyMemory<double> truth) => inFrame is NumericColumn { Categories: null }
            ? truth.ToArray() : [.. truth.ToArray().Select(x => double.IsNaN(x) ? x
                : inFrame.Levels.IndexOf(_seen[inFrame.Name].Levels.At(x)))];

        private static Func<double, double> Brier(double[] seen)
        {
            Dictionary<double, double> shares = seen.GroupBy(x => x).ToDictionary(g => g.Key, g => g.Count() / (double)seen.Length);
            double squares = shares.Values.Sum(s => s * s);
            return truth => 1 - 2 * shares.GetValueOrDefault(truth) + squares;
        }
    }
}
