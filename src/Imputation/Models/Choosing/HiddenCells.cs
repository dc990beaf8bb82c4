using Imputation.Patterns;
using Imputation.Statistics;

namespace Imputation.Models.Choosing;

/// <summary>A table of which observed cells are hidden, several times others, and how well models predict them.</summary>
internal sealed class HiddenCells
{
    /// <summary>Keys the cells that are hidden.</summary>
    private const int Key = 78;

    private readonly Split[] _splits;

    private HiddenCells(Split[] splits) => _splits = splits;

    /// <summary>Number of hidden cells.</summary>
    public int Count => _splits.Sum(s => s.Count);

    /// <summary>Hides cells of the columns that the candidates model.</summary>
    public static HiddenCells Of(Table table, IReadOnlyList<ModelOptions> candidates, ulong seed)
    {
        HashSet<string> modelled = [.. candidates.SelectMany(o => TableEncoder.Uses(table, o.Columns, o.TakesCategories))
            .Where(use => use.Role == ColumnRole.Modelled).Select(use => use.Name)];
        Column[] columns = [.. table.Columns.Where(c => modelled.Contains(c.Name))];
        if (columns.Length == 0) return new HiddenCells([]);
        var matrix = IncompleteMatrix.FromColumns(Array.ConvertAll(columns, ModelFrame.AsNumbers));
        return new HiddenCells([.. HoldoutCells.Several(matrix, MissingPatterns.Of(matrix), seed, Key)
            .Select(hidden => new Split(table, columns, matrix, hidden))]);
    }

    /// <summary>What a model loses on them, fitted to the cells that are left.</summary>
    /// <exception cref="ImputationDataException">It cannot be fitted.</exception>
    public CellLosses LossesOf(ModelOptions options, RunOptions run, CancellationToken cancellation)
    {
        var losses = new CellLosses();
        for (int s = 0; s < _splits.Length; s++) _splits[s].Add(losses, s, options, run, cancellation);
        foreach (ColumnLosses column in losses.Columns.Values) column.Sort();
        return losses;
    }

    /// <summary>The hidden cells of a column.</summary>
    /// <param name="Hidden">In which rows.</param>
    /// <param name="Truth">All cells, hidden ones too: numbers, or indices of levels.</param>
    /// <param name="Deviation">Standard deviation of the cells that are left.</param>
    /// <param name="Baseline">The loss of a prediction by the distribution of these cells.</param>
    private sealed record Cells(bool[] Hidden, double[] Truth, double Deviation, Func<double, double> Baseline);

    /// <summary>One choice of hidden cells.</summary>
    private sealed class Split
    {
        private readonly Table _seen;
        private readonly Dictionary<string, Cells> _columns = [];

        public Split(Table table, Column[] columns, IncompleteMatrix matrix, bool[][] hidden)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                double[] truth = matrix.Column(j).ToArray(), seen = [.. truth.Where((x, row) => !double.IsNaN(x) && !hidden[j][row])];
                Count += hidden[j].Count(h => h);
                if (seen.Length == 0 || !hidden[j].Contains(true)) continue;
                double mean = seen.Average();
                _columns[columns[j].Name] = new Cells(hidden[j], truth, Math.Sqrt(seen.Average(x => (x - mean) * (x - mean))),
                    columns[j] is NumericColumn { Categories: null } ? Crps.Empirical(seen) : Brier(seen));
            }
            _seen = table.With(columns.Where(c => _columns.ContainsKey(c.Name))
                .ToDictionary(c => c.Name, c => c.Hiding(_columns[c.Name].Hidden)));
        }

        /// <summary>Number of hidden cells.</summary>
        public int Count { get; }

        /// <summary>Fits the model and adds what it loses.</summary>
        /// <param name="losses">What is added to.</param>
        /// <param name="split">The number of this choice.</param>
        /// <param name="options">The model.</param>
        /// <param name="run">Seed and threads.</param>
        /// <param name="cancellation">Cancels.</param>
        public void Add(CellLosses losses, int split, ModelOptions options, RunOptions run, CancellationToken cancellation)
        {
            PreparedFit fit = options.Prepare(_seen, run, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (ModelCandidates.WhyUnsound(fit.Model.Report) is { } why) throw new ImputationDataException(why);
            var frame = ModelFrame.Of(fit.Model, _seen, fit.Patterns);
            IConditional model = fit.Model.Over(frame);
            IRowConditional row = model.Workspace(), whole = model.Workspace();
            Cells?[] hidden = [.. frame.Columns.Select(c => _columns.GetValueOrDefault(c.Name))];
            double[]?[] truth = [.. hidden.Select((known, j) => known is null ? null : Indices(frame.Columns[j], known.Truth))];
            // The model may have merged or reordered levels: they are the same by their text.
            int[][] levels = [.. hidden.Select((known, j) => known is null || frame.Columns[j] is NumericColumn { Categories: null } ? []
                : _seen[frame.Columns[j].Name].Levels.Levels.Select(l => frame.Columns[j].Levels.IndexOf(l.Value)).ToArray())];
            var cells = new double[hidden.Length];
            double logDensity = fit.Model.HasDensity ? 0 : double.NaN;
            foreach (MissingPattern pattern in frame.Patterns)
            {
                cancellation.ThrowIfCancellationRequested();
                int[] observed = pattern.Observed, missing = pattern.Missing;
                int[] rows = [.. pattern.Rows.ToArray().Where(i => missing.Any(j => IsHidden(j, i)))];
                if (rows.Length == 0) continue;
                if (!row.Begin(observed, missing, draws: false))
                {
                    logDensity = double.NaN;
                    continue;
                }
                foreach (int i in rows)
                {
                    for (int j = 0; j < cells.Length; j++) cells[j] = frame.Matrix[i, j];
                    row.Given(cells);
                    int[] open = [.. missing.Where(j => IsHidden(j, i))];
                    foreach (int j in open)
                        Add(losses, split, frame.Columns[j].Name, hidden[j]!, levels[j], row, Array.IndexOf(missing, j), i);
                    if (double.IsNaN(logDensity)) continue;
                    // That of the hidden cells given the others: of all that are not missing less of those that are seen.
                    foreach (int j in open) cells[j] = truth[j]![i];
                    if (!whole.Begin([.. observed.Concat(open).Order()], [.. missing.Except(open)], draws: false)) logDensity = double.NaN;
                    else
                    {
                        whole.Given(cells);
                        logDensity += whole.LogDensity - (observed.Length == 0 ? 0 : row.LogDensity);
                    }
                }
            }
            losses.AddLogScore(logDensity, Count);

            bool IsHidden(int j, int i) => hidden[j] is { } known && known.Hidden[i];
        }

        private static void Add(CellLosses losses, int split, string column, Cells known, int[] levels, IRowConditional row, int a,
            int i)
        {
            double truth = known.Truth[i], baseline = known.Baseline(truth);
            if (levels.Length == 0)
            {
                losses.Of(column, levels: 0)
                    .Add(split, i, row.Crps(a, truth), baseline, [(row.Mean(a) - truth) / known.Deviation]);
                return;
            }
            double[] p = new double[row.LevelCount(a)], residuals = new double[levels.Length];
            row.Probabilities(a, p);
            double brier = 0;
            for (int k = 0; k < residuals.Length; k++)
            {
                residuals[k] = (levels[k] >= 0 && levels[k] < p.Length ? p[levels[k]] : 0) - (k == (int)truth ? 1 : 0);
                brier += residuals[k] * residuals[k];
            }
            losses.Of(column, residuals.Length).Add(split, i, brier, baseline, residuals);
        }

        /// <summary>A column's cells as the model counts its levels.</summary>
        private double[] Indices(Column inFrame, double[] truth) => inFrame is NumericColumn { Categories: null } ? truth
            : Array.ConvertAll(truth, x => double.IsNaN(x) ? x : inFrame.Levels.IndexOf(_seen[inFrame.Name].Levels.At(x)));

        private static Func<double, double> Brier(double[] seen)
        {
            Dictionary<double, double> shares = seen.GroupBy(x => x).ToDictionary(g => g.Key, g => g.Count() / (double)seen.Length);
            double squares = shares.Values.Sum(s => s * s);
            return truth => 1 - 2 * shares.GetValueOrDefault(truth) + squares;
        }
    }
}
