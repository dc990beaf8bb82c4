using Imputation.Data;
using Imputation.Models;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Surveys.Derived;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>The filling of one table from one fit: new columns, counts, and the ledger of filled cells.</summary>
internal sealed class TableFilling
{
    /// <summary>Half-width of the central 95 % of a standard normal distribution.</summary>
    private const double Normal95 = 1.959963984540054;

    private readonly FittedModel _fit;
    private readonly SurveyReading _survey;
    private readonly Table _table;
    private readonly FillOptions _options;
    private readonly FillMethod _method;     // Auto is a mean under rules of its own
    private readonly RunOptions _run;
    private readonly DonorPool? _pool;
    private readonly CancellationToken _cancellation;
    private readonly ModelFrame _frame;
    private readonly Column[] _columns;      // model columns that the table has, in model order
    private readonly IConditional _conditional;
    private readonly ObservedValues?[] _values;
    private readonly CellRule[] _rules;
    private readonly RelationRow[] _relations;
    private readonly MissingPatterns _patterns;
    private readonly CellNotes[][] _notes;   // by column, of its missing cells
    private readonly int[][] _donors;        // the same, rows of donors (from 1); empty where nothing is matched
    private readonly Column[] _others;       // columns besides those, whose missing cells follow from others
    private FilledColumns? _filled;
    private double[][]? _means;              // the same, where another value than the mean was filled in
    private double[][]? _deviations;         // by pattern, of its missing columns; where they depend on the pattern alone
    private double[][]? _limits;             // the same, or by cell of each column: half-width of the 95 % limits over Normal95
    private Spreads? _spreads;               // by cell, where they do not

    /// <param name="fit">The model.</param>
    /// <param name="survey">The table, read.</param>
    /// <param name="options">How to fill.</param>
    /// <param name="run">Seed and threads.</param>
    /// <param name="frame">The model's columns in the table.</param>
    /// <param name="pool">Donors, where cells are to be matched.</param>
    /// <param name="cancellation">Cancels.</param>
    public TableFilling(FittedModel fit, SurveyReading survey, FillOptions options, RunOptions run, ModelFrame frame, DonorPool? pool,
        CancellationToken cancellation)
    {
        _pool = pool;
        _fit = fit;
        _survey = survey;
        _table = survey.Table;
        _options = options;
        _method = options.Method == FillMethod.Auto ? FillMethod.Mean : options.Method;
        _run = run;
        _cancellation = cancellation;
        _frame = frame;
        _columns = frame.Columns;
        _conditional = fit.Over(frame);
        ColumnUses = [.. _table.Columns.Select(Use)];
        // Numbers beside the table's columns have no use of their own.
        _values = [.. _columns.Select(c => ColumnUses.FirstOrDefault(use => use.Name == c.Name)?.Values)];
        _rules = [.. _columns.Select((c, j) => options.Method == FillMethod.Auto
            ? CellRule.For(c, options, _values[j], survey.Codebook?[c.Name]?.Measure) : CellRule.For(c, options))];
        _relations = [.. fit.Report.Relations
            .Where(r => r.Columns.All(name => _columns.Any(c => c.Name == name)))
            .Select(r => RelationRow.From(r, [.. _columns.Select(c => c.Name)]))];
        _patterns = frame.Patterns;
        _notes = [.. _columns.Select(c => new CellNotes[c.MissingCount])];
        _donors = pool is null ? [] : [.. _columns.Select(c => new int[c.MissingCount])];
        _others = [.. _table.Columns.Where(c => !_columns.Any(m => m.Name == c.Name) && IsFilled(c.Name) && c.MissingCount > 0
            && UseOf(c.Name).Role != ColumnRole.Constant).Select(Following).OfType<Column>()];
    }

    /// <summary>Use of each column of the table.</summary>
    public IReadOnlyList<ColumnUse> ColumnUses { get; }

    /// <summary>Counts for each column with a filled cell, in column order.</summary>
    public IReadOnlyList<ColumnFill> Fills { get; private set; } = [];

    /// <summary>What could not be made consistent with derived columns and edits.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>Fills, and returns the changed columns by name.</summary>
    public Dictionary<string, Column> Run()
    {
        double[][] cells = Cells(_method, _rules, _notes);
        for (int j = 0; j < _columns.Length; j++)
            if (Array.FindIndex(cells[j], x => !double.IsFinite(x)) is >= 0 and var odd) throw NotFinite(_columns[j], odd, cells[j][odd]);
        _filled = Settle(cells);
        cells = _filled.Values;
        CellNotes[][] notes = _filled.Notes;
        HashSet<string> derived = [.. _survey.DerivedColumns.Select(d => d.Column)];
        var filled = new Dictionary<string, Column>();
        var fills = new Dictionary<string, ColumnFill>();
        for (int j = 0; j < _filled.Columns.Length; j++)
        {
            Column column = _filled.Columns[j];
            if (column.MissingCount == 0 || !IsFilled(column.Name)) continue;
            bool whole = column.Kind == ColumnKind.Integer && (_filled.Rules[j].Decimals == 0
                || ((_pool is not null || !_conditional.IsNormalByPattern || derived.Contains(column.Name))
                    && Array.TrueForAll(cells[j], x => x == Math.Floor(x) || double.IsNaN(x))));
            int count = cells[j].Count(x => !double.IsNaN(x));
            if (count == 0) continue;
            filled[column.Name] = column.Filled(cells[j], whole ? ColumnKind.Integer : ColumnKind.Number);
            if (j < _columns.Length && _values[j] is { } values)
                for (int i = 0; i < cells[j].Length; i++)
                    if (cells[j][i] < values.Lowest || cells[j][i] > values.Highest) notes[j][i] |= CellNotes.BeyondObserved;
            int Count(CellNotes note)
            {
                int some = 0;
                for (int i = 0; i < cells[j].Length; i++) some += (notes[j][i] & note) != 0 && !double.IsNaN(cells[j][i]) ? 1 : 0;
                return some;
            }
            fills[column.Name] = new ColumnFill(column.Name, count, Count(CellNotes.Clamped), Count(CellNotes.Truncated),
                Count(CellNotes.Rounded), Count(CellNotes.Determined))
            {
                DerivedCount = Count(CellNotes.Derived),
                BeyondObservedCount = Count(CellNotes.BeyondObserved),
                UndecidedCount = Count(CellNotes.Undecided),
            };
        }
        foreach (ColumnUse constant in ColumnUses.Where(d => d.Role == ColumnRole.Constant && d.MissingCount > 0
            && IsFilled(d.Name)))
        {
            Column column = _table[constant.Name];
            // −0 becomes 0
            filled[column.Name] = column.Filled([.. Enumerable.Repeat(constant.Constant + 0.0, column.MissingCount)], column.Kind);
            fills[column.Name] = new ColumnFill(column.Name, column.MissingCount, 0, 0, 0, 0);
        }
        Fills = [.. _table.Columns.Where(c => fills.ContainsKey(c.Name)).Select(c => fills[c.Name])];
        return filled;
    }

    /// <summary>The filled cells, consistent with derived columns, edits, and the questions that were asked.</summary>
    private FilledColumns Settle(double[][] cells)
    {
        var filled = new FilledColumns(_table, [.. _columns, .. _others], _columns.Length,
            [.. cells, .. _others.Select(c => Enumerable.Repeat(double.NaN, c.MissingCount).ToArray())],
            [.. _notes, .. _others.Select(c => new CellNotes[c.MissingCount])], _donors,
            [.. _rules, .. _others.Select(c => CellRule.For(c, _options))],
            name => UseOf(name) is { Role: ColumnRole.Constant, Constant: var constant } ? constant : double.NaN)
        { FillsNotAsked = _options.FillNotAsked };
        var findings = new List<Finding>();
        EditRule[] edits = EditRule.Of(_table, _survey.Codebook, findings);
        GroupConstants.Apply(_survey, filled);
        var derived = new DerivedCells(_survey, edits, filled, _method, _run.Seed, LevelProbabilities);
        if (!_options.FillNotAsked) AskedCells.Empty(_survey, filled);
        derived.Settle();
        if (!_options.FillNotAsked && _survey.SkipRules.Count > 0)
        {
            // A question may be asked because of a derived cell, and a cell that a derived one follows from may lead to a question.
            AskedCells.Apply(_survey, filled);
            filled.IsOthersOpen = false;
            derived.Settle();
        }
        findings.AddRange(derived.Findings());
        findings.AddRange(EditRule.Failures(edits, _table, new RuleEvaluator(filled.Cells)));
        Findings = findings;
        return filled;
    }

    private (double[] Values, double[] Probabilities)? LevelProbabilities(int j, int place)
    {
        if (j >= _columns.Length || _conditional.IsNormalByPattern) return null;
        _spreads ??= CellSpreads();
        return _spreads.Levels[j][place] is { Length: > 0 } probabilities ? (_spreads.Values[j]!, probabilities) : null;
    }

    /// <summary>A column that is not modelled, with the levels that its rule can give; null where its cells follow from no
    /// others.</summary>
    private Column? Following(Column column)
    {
        if (_survey.DerivedColumns.FirstOrDefault(d => d.Column == column.Name) is not { } derived)
            return column is TextColumn or NumericColumn && _survey.Groups.Any(g => g.Constant.Contains(column.Name)) ? column : null;
        return column is TextColumn && derived.Exact is RuleCall { Function: "cut" or "recode" } call
            ? column.AsCategorical(new Categories(call.Levels.OfType<string>().Distinct().Select(v => new Category(v)))) : column;
    }

    private ColumnUse UseOf(string name) => ColumnUses.First(d => d.Name == name);

    private bool IsFilled(string name) => _options.Fill.Count == 0 || _options.Fill.Contains(name);

    /// <param name="column">A column.</param>
    /// <param name="index">Which of its missing cells.</param>
    /// <param name="value">What was to be filled in.</param>
    private ImputationDataException NotFinite(Column column, int index, double value)
    {
        int row = 0;
        for (int left = index; !column.IsMissing(row) || left-- > 0;) row++;
        return new ImputationDataException($"Column '{column.Name}', row {_table.NumberOf(row)}: the model would fill in "
            + $"{TextFormat.Compact(value)}, since its means and covariances, or values of the row, are near the largest number, 1.8e308. "
            + "Use other units for such columns, and fit the model again.", column.Name, (int)_table.NumberOf(row));
    }

    /// <summary>Every filled cell by row, then by column of the table.</summary>
    public IEnumerable<ImputedCell> Ledger(Table completed)
    {
        if (_conditional.IsNormalByPattern)
        {
            // Intervals are about the conditional mean, which is made again where another value was filled in.
            bool meansStand = _method == FillMethod.Mean && _rules.All(r => r.IsFree);
            if (!meansStand) _means ??= Cells(FillMethod.Mean, [.. _columns.Select(c => CellRule.For(c, FillOptions.Default))], null);
            _deviations ??= Deviations();
            if (!_conditional.IsPredictionByPattern) _limits ??= Limits();
        }
        else _spreads ??= CellSpreads();
        Spreads? levels = _spreads;

        (Column Column, int Index, int Filled)[] columns = [.. completed.Columns.Where(c => c.Original is not null)
            .Select(c => (c, Array.FindIndex(_columns, m => m.Name == c.Name), _filled!.IndexOf(c.Name)))];
        var next = new int[_columns.Length]; // missing cells of each column in the rows done
        for (int row = 0; row < completed.RowCount; row++)
        {
            int k = _patterns.PatternOf(row);
            MissingPattern pattern = _patterns[k];
            foreach ((Column column, int j, int filled) in columns)
            {
                if (!column.WasFilled(row))
                {
                    if (j >= 0 && column.Original!.IsMissing(row)) next[j]++; // was not asked
                    continue;
                }
                double value = column is NumericColumn numeric ? numeric[row] : double.NaN;
                if (filled >= 0 && _filled!.PlaceOf(filled, row) is var cell && _filled.IsSettled(filled, cell))
                {
                    if (j >= 0) next[j]++;
                    yield return new ImputedCell((int)_table.NumberOf(row), column.Name, _method, value, double.NaN, double.NaN, double.NaN,
                        pattern.Observed.Length, _filled.Notes[filled][cell])
                    { Level = LevelText(column, row) };
                    continue;
                }
                if (j < 0)
                {
                    yield return new ImputedCell((int)_table.NumberOf(row), column.Name, _method, value, 0, value, value,
                        pattern.Observed.Length,
                        CellNotes.Constant)
                    { Level = LevelText(column, row) };
                    continue;
                }
                int place = next[j]++;
                double deviation, lower, upper;
                if (_spreads is { } spreads) (deviation, lower, upper) = (spreads.Deviations[j][place], spreads.Lower[j][place],
                    spreads.Upper[j][place]);
                else
                {
                    int a = Array.IndexOf(pattern.Missing, j);
                    deviation = _deviations![k][a];
                    double limit = _limits is null ? _deviations[k][pattern.Missing.Length + a] : _limits[j][place];
                    (lower, upper) = Central95(_means is null ? value : _means[j][place], limit, _rules[j].Bounds);
                }
                int? donor = _donors.Length > 0 && _donors[j][place] is > 0 and var from ? from : null;
                (double? probability, double? second, double? secondProbability) = levels is null ? (null, null, null)
                    : BestTwo(levels, j, place, column is NumericColumn { Categories: null } ? value
                        : _columns[j].Levels.IndexOf(column.Value(row)!));
                yield return new ImputedCell((int)_table.NumberOf(row), column.Name, _method, value, deviation, lower, upper,
                    pattern.Observed.Length,
                    _notes[j][place])
                {
                    DonorRow = donor,
                    Level = LevelText(column, row),
                    Probability = probability,
                    SecondLevel = second is { } other ? LevelText(j, other) : null,
                    SecondProbability = secondProbability,
                };
            }
        }
    }

    /// <summary>The probability of every value of every filled cell that has few possible ones: by row, then by column of the table, then
    /// by value.</summary>
    public IEnumerable<CellProbability> Probabilities(Table completed)
    {
        if (_conditional.IsNormalByPattern) yield break;
        _spreads ??= CellSpreads();
        (Column Column, int Index)[] columns = [.. completed.Columns.Where(c => c.Original is not null)
            .Select(c => (c, Array.FindIndex(_columns, m => m.Name == c.Name))).Where(c => c.Item2 >= 0)];
        CellIndex[] places = [.. columns.Select(c => c.Column.Original!.Mask.Index)];
        for (int row = 0; row < completed.RowCount; row++)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                (Column column, int j) = columns[c];
                if (!column.WasFilled(row) || _filled!.IsSettled(j, places[c].PlaceOf(row))) continue;
                double[] p = _spreads.Levels[j][places[c].PlaceOf(row)];
                for (int k = 0; k < p.Length; k++)
                    yield return new CellProbability((int)_table.NumberOf(row), column.Name, LevelText(j, _spreads.Values[j]![k]), p[k]);
            }
        }
    }

    /// <summary>The probability of the value filled in, and the best other value.</summary>
    private static (double?, double?, double?) BestTwo(Spreads spreads, int j, int place, double filled)
    {
        double[] p = spreads.Levels[j][place], values = spreads.Values[j] ?? [];
        if (p.Length == 0) return (null, null, null);
        double? own = null;
        int best = -1;
        for (int k = 0; k < p.Length; k++)
        {
            if (values[k] == filled) own = p[k];
            else if (best < 0 || p[k] > p[best]) best = k;
        }
        return best < 0 ? (own, null, null) : (own, values[best], p[best]);
    }

    /// <summary>A level as text; null for a number.</summary>
    private static string? LevelText(Column column, int row) => column is NumericColumn ? null
        : Convert.ToString(column.Value(row), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A value of a column as text: of a category the level with that index.</summary>
    private string LevelText(int j, double value) => Convert.ToString(_columns[j] is NumericColumn { Categories: null } ? value
        : _columns[j].Levels.Levels[(int)value].Value, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    /// <summary>The central 95 % of a normal distribution, cut to the bounds where there are any; NaN where its deviation is.</summary>
    private static (double Lower, double Upper) Central95(double mean, double deviation, Bounds bounds)
    {
        if (double.IsNaN(deviation)) return (double.NaN, double.NaN);
        if (deviation == 0) return (Math.Clamp(mean, bounds.Lower, bounds.Upper), Math.Clamp(mean, bounds.Lower, bounds.Upper));
        if (double.IsInfinity(bounds.Lower) && double.IsInfinity(bounds.Upper))
            return (mean - Normal95 * deviation, mean + Normal95 * deviation);
        double from = (bounds.Lower - mean) / deviation, to = (bounds.Upper - mean) / deviation;
        double At(double u) => Math.Clamp(mean + deviation * TruncatedNormal.Quantile(u, from, to), bounds.Lower, bounds.Upper);
        return (At(0.025), At(0.975));
    }

    /// <summary>The values for the missing cells of every model column, in the order of rows.</summary>
    private double[][] Cells(FillMethod method, CellRule[] rules, CellNotes[][]? notes)
    {
        double[][] cells = [.. _columns.Select(c => new double[c.MissingCount])];
        var places = new CellIndex[_columns.Length];
        ParallelWork.For(places.Length, Parallel, j => places[j] = _columns[j].Mask.Index);
        if (method != FillMethod.Mean || _relations.Length > 0 || !TryFillMeans(cells, places, rules, notes))
            FillOneByOne(cells, places, method, rules, notes);
        return cells;
    }

    /// <summary>Conditional means, pattern by pattern.</summary>
    private bool TryFillMeans(double[][] cells, CellIndex[] places, CellRule[] rules, CellNotes[][]? notes) =>
        _conditional.TryMeans((j, rows, standardised, stride, center, scale, nothingObserved) =>
        {
            CellNotes rowNotes = nothingObserved ? CellNotes.NothingObserved : CellNotes.None;
            for (int r = 0, at = 0; r < rows.Length; r++, at += stride)
            {
                CellNotes note = rowNotes;
                double value = center + scale * standardised[at];
                if (!rules[j].IsFree) value = rules[j].Apply(value, ref note);
                int place = places[j].PlaceOf(rows[r]);
                cells[j][place] = value + 0.0; // −0 becomes 0
                if (note != CellNotes.None && notes is not null) notes[j][place] = note;
            }
        }, Parallel);

    /// <summary>Draws, and the cells determined by relations.</summary>
    private void FillOneByOne(double[][] cells, CellIndex[] places, FillMethod method, CellRule[] rules, CellNotes[][]? notes)
    {
        int p = _columns.Length;
        ForIncompletePatterns(method, rules, (k, filler) =>
        {
            MissingPattern pattern = _patterns[k];
            if (!filler.Begin(pattern.Observed, pattern.Missing)) throw NotFactored(k);
            var x = new double[p];
            var rowNotes = new CellNotes[p];
            int[] rowDonors = method == FillMethod.PredictiveMeanMatching ? new int[p] : [];
            foreach (int row in pattern.Rows)
            {
                for (int j = 0; j < p; j++) x[j] = _frame.Matrix[row, j];
                filler.Fill(_table.RowsBefore + row, x, rowNotes, rowDonors);
                foreach (int j in pattern.Missing)
                {
                    int place = places[j].PlaceOf(row);
                    cells[j][place] = x[j];
                    if (notes is null) continue;
                    notes[j][place] = rowNotes[j];
                    if (rowDonors.Length > 0) _donors[j][place] = rowDonors[j];
                }
            }
        });
    }

    /// <summary>The conditional standard deviation of each missing column of each pattern, in the units of the data; after them, where the
    /// limits depend on the pattern alone, their half-widths over <see cref="Normal95"/>.</summary>
    private double[][] Deviations()
    {
        bool byPattern = _conditional.IsPredictionByPattern;
        var deviations = new double[_patterns.Count][];
        ForIncompletePatterns(FillMethod.Mean, _rules, (k, filler) =>
        {
            MissingPattern pattern = _patterns[k];
            if (!filler.Begin(pattern.Observed, pattern.Missing)) throw NotFactored(k);
            deviations[k] = [.. pattern.Missing.Select(filler.Deviation),
                .. byPattern ? pattern.Missing.Select(j => Limit(filler.Prediction(j))) : []];
        });
        return deviations;
    }

    /// <summary>The standard deviation of the normal distribution that has the prediction's 95 % limits: with bounds, it is cut to
    /// them.</summary>
    private static double Limit(PredictiveSpread prediction) => double.IsPositiveInfinity(prediction.DegreesOfFreedom)
        ? prediction.Deviation : prediction.HalfWidth(0.95) / Normal95;

    /// <summary><see cref="Limit"/> of every missing cell, where it depends on the row's observed values.</summary>
    private double[][] Limits()
    {
        double[][] limits = [.. _columns.Select(c => new double[c.MissingCount])];
        VisitRows((filler, j, place, _) => limits[j][place] = Limit(filler.Prediction(j)));
        return limits;
    }

    /// <summary>Standard deviation and 95 % limits of every missing cell, NaN for a category; and the probabilities of its values, where it
    /// has few.</summary>
    private sealed record Spreads(double[][] Deviations, double[][] Lower, double[][] Upper, double[][][] Levels, double[]?[] Values);

    private Spreads CellSpreads()
    {
        double[][] Cells() => [.. _columns.Select(c => new double[c.MissingCount])];
        var spreads = new Spreads(Cells(), Cells(), Cells(), [.. _columns.Select(c => new double[c.MissingCount][])],
            new double[]?[_columns.Length]);
        VisitRows((filler, j, place, value) =>
        {
            Bounds bounds = _rules[j].Bounds;
            spreads.Deviations[j][place] = filler.Deviation(j);
            spreads.Levels[j][place] = filler.Probabilities(j, ref spreads.Values[j]);
            if (_columns[j] is not NumericColumn { Categories: null })
            {
                (spreads.Deviations[j][place], spreads.Lower[j][place], spreads.Upper[j][place]) = (double.NaN, double.NaN, double.NaN);
                return;
            }
            bool determined = double.IsNaN(filler.Quantile(j, 0.5));
            spreads.Lower[j][place] = Math.Clamp(determined ? value : filler.Quantile(j, 0.025), bounds.Lower, bounds.Upper);
            spreads.Upper[j][place] = Math.Clamp(determined ? value : filler.Quantile(j, 0.975), bounds.Lower, bounds.Upper);
        });
        return spreads;
    }

    /// <summary>Visits every missing cell after its row was filled with conditional means.</summary>
    /// <param name="cell">Given the filler, the column, the cell's place among the column's missing cells, and its mean. Called from
    /// several threads.</param>
    private void VisitRows(Action<PatternFiller, int, int, double> cell)
    {
        CellIndex[] places = [.. _columns.Select(c => c.Mask.Index)];
        int p = _columns.Length;
        ForIncompletePatterns(FillMethod.Mean, _rules, (k, filler) =>
        {
            MissingPattern pattern = _patterns[k];
            if (!filler.Begin(pattern.Observed, pattern.Missing)) throw NotFactored(k);
            var x = new double[p];
            var notes = new CellNotes[p];
            foreach (int row in pattern.Rows)
            {
                for (int j = 0; j < p; j++) x[j] = _frame.Matrix[row, j];
                filler.Fill(_table.RowsBefore + row, x, notes);
                foreach (int j in pattern.Missing) cell(filler, j, places[j].PlaceOf(row), x[j]);
            }
        });
    }

    private void ForIncompletePatterns(FillMethod method, CellRule[] rules, Action<int, PatternFiller> body)
    {
        int complete = _patterns.Count > 0 && _patterns.MissingCountOf(0) == 0 ? 1 : 0; // it comes first
        ParallelWork.For(_patterns.Count - complete, Parallel,
            () => new PatternFiller(_conditional.Workspace(), _relations, rules, _frame.Keys, method, _run.Seed, _pool),
            (i, filler) =>
            {
                body(complete + i, filler);
                return filler;
            });
    }

    private ParallelOptions Parallel => ParallelWork.Options(_run.Threads, _cancellation);

    private ImputationDataException NotFactored(int pattern) =>
        new($"The model's covariance of {TextFormat.Names(_patterns[pattern].Observed.Select(j => _columns[j].Name))} could not be "
            + "factored; fit it with a ridge prior.");

    /// <summary>The use that the fit made of the column, with this table's counts.</summary>
    private ColumnUse Use(Column column)
    {
        ColumnUse? fitted = _fit.Report.ColumnUses.FirstOrDefault(d => d.Name == column.Name);
        bool modelled = _columns.Any(c => c.Name == column.Name);
        ColumnUse disposition = fitted ?? new ColumnUse(column.Name, column.Kind,
            modelled ? ColumnRole.Modelled : column is NumericColumn ? ColumnRole.Excluded : ColumnRole.PassThrough, 0, 0, modelled ? ""
                : "not in the model");
        if (disposition.Role == ColumnRole.Constant && column is not NumericColumn
            && !(disposition.Constant >= 0 && disposition.Constant < column.Levels.Levels.Count))
            disposition = disposition with { Role = ColumnRole.PassThrough, Note = "not numeric in this table", Constant = double.NaN };
        return disposition with
        {
            Kind = column.Kind,
            ObservedCount = column.Count - column.MissingCount,
            MissingCount = column.MissingCount
        };
    }
}
