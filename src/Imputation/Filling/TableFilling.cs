using Imputation.Data;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Filling;

/// <summary>The filling of one table from one fit: new columns, counts, and the ledger of filled cells.</summary>
internal sealed class TableFilling
{
    /// <summary>Half-width of the central 95 % of a standard normal distribution.</summary>
    private const double Normal95 = 1.959963984540054;

    private readonly NormalFit _fit;
    private readonly Table _table;
    private readonly FillOptions _options;
    private readonly DonorPool? _pool;
    private readonly CancellationToken _cancellation;
    private readonly NumericColumn[] _columns; // model columns that the table has, in model order
    private readonly int[] _keys;              // and their indices in the model
    private readonly GaussianParameters _parameters;
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly CellRule[] _rules;
    private readonly RelationRow[] _relations;
    private readonly MissingPatterns _patterns;
    private readonly CellNotes[][] _notes;   // by column, of its missing cells
    private readonly int[][] _donors;        // the same, rows of donors (from 1); empty where nothing is matched
    private double[][]? _means;              // the same, where another value than the mean was filled in
    private double[][]? _deviations;         // by pattern, of its missing columns

    /// <param name="fit">The model.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">How to fill.</param>
    /// <param name="patterns">The patterns of the model's columns in the table, where they are known.</param>
    /// <param name="pool">Donors, where cells are to be matched.</param>
    /// <param name="cancellation">Cancels.</param>
    public TableFilling(NormalFit fit, Table table, FillOptions options, MissingPatterns? patterns, DonorPool? pool, CancellationToken cancellation)
    {
        _pool = pool;
        _fit = fit;
        _table = table;
        _options = options;
        _cancellation = cancellation;

        var keys = new List<int>();
        for (int j = 0; j < fit.Columns.Count; j++)
            if (table.TryGetColumn(fit.Columns[j], out _)) keys.Add(j);
        _keys = [.. keys];
        if (_keys.Length == 0)
            throw new ImputationDataException($"The table has none of the model's columns, {TextFormat.Names(fit.Columns)}; it has {TextFormat.Names(table.Columns.Select(c => c.Name))}.");
        _columns = Array.ConvertAll(_keys, j => table[fit.Columns[j]] as NumericColumn
            ?? throw new ImputationDataException($"Column '{fit.Columns[j]}' is numeric in the model and {table[fit.Columns[j]].Kind.ToString().ToLowerInvariant()} in the table; expected numbers.", fit.Columns[j]));

        double[] mean = fit.Mean;
        _center = Array.ConvertAll(_keys, j => mean[j]);
        _parameters = Imputer.Standardised(fit, _keys, out _scale);
        _rules = [.. _columns.Select(c => CellRule.For(c, options))];
        _relations = [.. fit.Relations
            .Where(r => r.Columns.All(name => _columns.Any(c => c.Name == name)))
            .Select(r => RelationRow.From(r, [.. _columns.Select(c => c.Name)]))];
        _patterns = patterns ?? MissingPatterns.Of(IncompleteMatrix.FromColumns(_columns));
        _notes = [.. _columns.Select(c => new CellNotes[c.MissingCount])];
        _donors = pool is null ? [] : [.. _columns.Select(c => new int[c.MissingCount])];
        ColumnUses = [.. table.Columns.Select(Disposition)];
    }

    /// <summary>What was done with each column of the table.</summary>
    public IReadOnlyList<ColumnUse> ColumnUses { get; }

    /// <summary>Counts for each column of which a cell was filled, in column order.</summary>
    public IReadOnlyList<ColumnFill> Fills { get; private set; } = [];

    /// <summary>Fills, and returns the changed columns by name.</summary>
    public Dictionary<string, Column> Run()
    {
        double[][] cells = Cells(_options.Method, _rules, _notes);
        var filled = new Dictionary<string, Column>();
        var fills = new Dictionary<string, ColumnFill>();
        for (int j = 0; j < _columns.Length; j++)
        {
            NumericColumn column = _columns[j];
            if (column.MissingCount == 0) continue;
            bool whole = column.Kind == ColumnKind.Integer && (_rules[j].Decimals == 0 || (_pool is not null && Array.TrueForAll(cells[j], x => x == Math.Floor(x))));
            filled[column.Name] = column.Filled(cells[j], whole ? ColumnKind.Integer : ColumnKind.Number);
            int Count(CellNotes note)
            {
                int count = 0;
                foreach (CellNotes notes in _notes[j]) count += (notes & note) != 0 ? 1 : 0;
                return count;
            }
            fills[column.Name] = new ColumnFill(column.Name, column.MissingCount, Count(CellNotes.Clamped), Count(CellNotes.Truncated), Count(CellNotes.Rounded), Count(CellNotes.Determined));
        }
        foreach (ColumnUse constant in ColumnUses.Where(d => d.Role == ColumnRole.Constant && d.MissingCount > 0))
        {
            var column = (NumericColumn)_table[constant.Name];
            filled[column.Name] = column.Filled([.. Enumerable.Repeat(constant.Constant, column.MissingCount)], column.Kind);
            fills[column.Name] = new ColumnFill(column.Name, column.MissingCount, 0, 0, 0, 0);
        }
        Fills = [.. _table.Columns.Where(c => fills.ContainsKey(c.Name)).Select(c => fills[c.Name])];
        return filled;
    }

    /// <summary>Every filled cell by row, then by column of the table.</summary>
    public IEnumerable<ImputedCell> Ledger(Table completed)
    {
        // Intervals are about the conditional mean, which is made again where another value was filled in.
        bool meansStand = _options.Method == FillMethod.Mean && _rules.All(r => !r.IsBounded && r.Decimals is null);
        if (!meansStand) _means ??= Cells(FillMethod.Mean, [.. _columns.Select(c => CellRule.For(c, FillOptions.Default))], null);
        _deviations ??= Deviations();

        (NumericColumn Column, int Index, double Constant)[] columns = [.. completed.Columns.OfType<NumericColumn>()
            .Where(c => c.Original is not null)
            .Select(c => (c, Array.FindIndex(_columns, m => m.Name == c.Name), ColumnUses.First(d => d.Name == c.Name).Constant))];
        var next = new int[_columns.Length]; // missing cells of each column in the rows done
        for (int row = 0; row < completed.RowCount; row++)
        {
            int k = _patterns.PatternOf(row);
            MissingPattern pattern = _patterns[k];
            foreach ((NumericColumn column, int j, double constant) in columns)
            {
                if (!column.WasFilled(row)) continue;
                double value = column[row];
                if (j < 0)
                {
                    yield return new ImputedCell(row + 1, column.Name, _options.Method, value, 0, constant, constant, pattern.Observed.Length, CellNotes.Constant);
                    continue;
                }
                double deviation = _deviations[k][Array.IndexOf(pattern.Missing, j)];
                double mean = _means is null ? value : _means[j][next[j]];
                (double lower, double upper) = Central95(mean, deviation, _rules[j].Bounds);
                int? donor = _donors.Length > 0 && _donors[j][next[j]] is > 0 and var from ? from : null;
                yield return new ImputedCell(row + 1, column.Name, _options.Method, value, deviation, lower, upper, pattern.Observed.Length, _notes[j][next[j]++]) { DonorRow = donor };
            }
        }
    }

    /// <summary>The central 95 % of the conditional distribution, cut to the bounds where there are any.</summary>
    private static (double Lower, double Upper) Central95(double mean, double deviation, Bounds bounds)
    {
        if (deviation == 0) return (Math.Clamp(mean, bounds.Lower, bounds.Upper), Math.Clamp(mean, bounds.Lower, bounds.Upper));
        if (double.IsInfinity(bounds.Lower) && double.IsInfinity(bounds.Upper)) return (mean - Normal95 * deviation, mean + Normal95 * deviation);
        double from = (bounds.Lower - mean) / deviation, to = (bounds.Upper - mean) / deviation;
        double At(double u) => Math.Clamp(mean + deviation * TruncatedNormal.Quantile(u, from, to), bounds.Lower, bounds.Upper);
        return (At(0.025), At(0.975));
    }

    /// <summary>What is filled into the missing cells of every model column, in the order of rows.</summary>
    private double[][] Cells(FillMethod method, CellRule[] rules, CellNotes[][]? notes)
    {
        double[][] cells = [.. _columns.Select(c => new double[c.MissingCount])];
        var places = new CellIndex[_columns.Length];
        ParallelWork.For(places.Length, Parallel, j => places[j] = _columns[j].Mask.Index);
        if (method == FillMethod.Mean && _relations.Length == 0) FillMeans(cells, places, rules, notes);
        else FillOneByOne(cells, places, method, rules, notes);
        return cells;
    }

    /// <summary>Conditional means, pattern by pattern.</summary>
    private void FillMeans(double[][] cells, CellIndex[] places, CellRule[] rules, CellNotes[][]? notes)
    {
        const int rowsAtOnce = 64;
        int p = _columns.Length;
        void Fill(int j, ReadOnlySpan<int> rows, ReadOnlySpan<double> standardised, int stride, CellNotes rowNotes)
        {
            for (int r = 0, at = 0; r < rows.Length; r++, at += stride)
            {
                CellNotes note = rowNotes;
                double value = _center[j] + _scale[j] * standardised[at];
                if (!rules[j].IsFree) value = rules[j].Apply(value, ref note);
                int place = places[j].PlaceOf(rows[r]);
                cells[j][place] = value;
                if (note != CellNotes.None && notes is not null) notes[j][place] = note;
            }
        }

        var source = new StandardisedRows(IncompleteMatrix.FromColumns(_columns), _center, _scale);
        PatternBlock[] blocks = PatternBlocks.Incomplete(_patterns);
        ParallelWork.For(blocks.Length, Parallel,
            () =>
            {
                var conditional = new BlockConditional(p);
                conditional.Begin(_parameters);
                return new Workspace(conditional, new int[p], new double[rowsAtOnce * p + MaskedRows.Margin], new double[rowsAtOnce * conditional.Stride]);
            },
            (b, work) =>
            {
                PatternBlock block = blocks[b];
                Span<int> observed = work.Observed.AsSpan(0, block.ObservedCount);
                for (int k = 0; k < block.Count; k++)
                {
                    if (!work.Conditional.Select(block, k)) throw NotFactored(block.IndexOf(k));
                    block.Observed(k, observed);
                    source.FetchAhead(_patterns, block, k);
                    for (ReadOnlySpan<int> rest = _patterns.RowsOf(block.IndexOf(k)); rest.Length > 0; rest = rest[Math.Min(rest.Length, rowsAtOnce)..])
                    {
                        ReadOnlySpan<int> rows = rest[..Math.Min(rest.Length, rowsAtOnce)];
                        source.CopyTo(rows, observed, work.Cells, observed.Length);
                        work.Conditional.Complete(work.Cells, rows.Length, work.Rows);
                        foreach (int j in work.Conditional.Missing) Fill(j, rows, work.Rows.AsSpan(j), work.Conditional.Stride, CellNotes.None);
                    }
                }
                return work;
            });
        for (int k = _patterns.Count - 1; k >= 0 && _patterns.MissingCountOf(k) == p; k--)
            for (int j = 0; j < p; j++) Fill(j, _patterns.RowsOf(k), new double[_patterns.RowCountOf(k)], 1, CellNotes.NothingObserved);
    }

    /// <summary>What a thread needs to fill in means.</summary>
    private sealed record Workspace(BlockConditional Conditional, int[] Observed, double[] Cells, double[] Rows);

    /// <summary>Draws, and what relations determine.</summary>
    private void FillOneByOne(double[][] cells, CellIndex[] places, FillMethod method, CellRule[] rules, CellNotes[][]? notes)
    {
        int p = _columns.Length;
        ForIncompletePatterns(method, rules, (k, filler) =>
        {
            MissingPattern pattern = _patterns[k];
            if (filler.Begin(pattern.Observed, pattern.Missing) is null) throw NotFactored(k);
            var x = new double[p];
            var rowNotes = new CellNotes[p];
            int[] rowDonors = method == FillMethod.PredictiveMeanMatching ? new int[p] : [];
            foreach (int row in pattern.Rows)
            {
                for (int j = 0; j < p; j++) x[j] = _columns[j].Array[row];
                filler.Fill(row, x, rowNotes, rowDonors);
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

    /// <summary>The conditional standard deviation of each missing column of each pattern, in the units of the data.</summary>
    private double[][] Deviations()
    {
        var deviations = new double[_patterns.Count][];
        ForIncompletePatterns(FillMethod.Mean, _rules, (k, filler) =>
        {
            MissingPattern pattern = _patterns[k];
            deviations[k] = filler.Begin(pattern.Observed, pattern.Missing) ?? throw NotFactored(k);
        });
        return deviations;
    }

    private void ForIncompletePatterns(FillMethod method, CellRule[] rules, Action<int, PatternFiller> body)
    {
        int complete = _patterns.Count > 0 && _patterns.MissingCountOf(0) == 0 ? 1 : 0; // it comes first
        ParallelWork.For(_patterns.Count - complete, Parallel,
            () => new PatternFiller(_parameters, _center, _scale, _relations, rules, _keys, method, _options.Seed, _pool),
            (i, filler) =>
            {
                body(complete + i, filler);
                return filler;
            });
    }

    private ParallelOptions Parallel => ParallelWork.Options(_options.Threads, _cancellation);

    private ImputationDataException NotFactored(int pattern) =>
        new($"The model's covariance of {TextFormat.Names(_patterns[pattern].Observed.Select(j => _columns[j].Name))} could not be factored; fit it with a ridge prior.");

    /// <summary>The disposition that the fit gave the column, with this table's counts.</summary>
    private ColumnUse Disposition(Column column)
    {
        ColumnUse? fitted = _fit.ColumnUses.FirstOrDefault(d => d.Name == column.Name);
        bool modelled = _columns.Any(c => c.Name == column.Name);
        ColumnUse disposition = fitted ?? new ColumnUse(column.Name, column.Kind,
            modelled ? ColumnRole.Modelled : column is NumericColumn ? ColumnRole.Excluded : ColumnRole.PassThrough, 0, 0, modelled ? "" : "not in the model");
        if (disposition.Role == ColumnRole.Constant && column is not NumericColumn)
            disposition = disposition with { Role = ColumnRole.PassThrough, Note = "not numeric in this table", Constant = double.NaN };
        return disposition with { Kind = column.Kind, ObservedCount = column.Count - column.MissingCount, MissingCount = column.MissingCount };
    }
}
