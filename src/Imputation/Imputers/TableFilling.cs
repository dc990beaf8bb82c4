using Imputation.Data;
using Imputation.Models.Normal;
using Imputation.Numerics;

namespace Imputation.Imputers;

/// <summary>The filling of one table from one fit: new columns, counts, and the ledger of filled cells.</summary>
internal sealed class TableFilling
{
    /// <summary>Half-width of the central 95 % of a standard normal distribution.</summary>
    private const double Normal95 = 1.959963984540054;

    private readonly NormalFit _fit;
    private readonly Table _table;
    private readonly ImputationOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly NumericColumn[] _columns; // model columns that the table has, in model order
    private readonly int[] _keys;              // and their indices in the model
    private readonly NormalParameters _parameters;
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly FillRule[] _rules;
    private readonly RelationRow[] _relations;
    private readonly MissingPatterns _patterns;
    private readonly double[][] _deviations; // by pattern, of its missing columns
    private readonly CellNotes[]?[] _notes;  // by column; null where no cell is missing
    private double[][]? _means;

    public TableFilling(NormalFit fit, Table table, ImputationOptions options, CancellationToken cancellation)
    {
        _fit = fit;
        _table = table;
        _options = options;
        _cancellation = cancellation;

        _keys = [.. Enumerable.Range(0, fit.Columns.Count).Where(j => table.TryGetColumn(fit.Columns[j], out _))];
        if (_keys.Length == 0)
            throw new ImputationDataException($"The table has none of the model's columns, {Names.List(fit.Columns)}; it has {Names.List(table.Columns.Select(c => c.Name))}.");
        _columns = [.. _keys.Select(j => table[fit.Columns[j]] as NumericColumn
            ?? throw new ImputationDataException($"Column '{fit.Columns[j]}' is numeric in the model and {table[fit.Columns[j]].Kind.ToString().ToLowerInvariant()} in the table; expected numbers.", fit.Columns[j]))];

        int p = _columns.Length;
        double[] mean = fit.Mean;
        double[,] covariance = fit.Covariance;
        _center = [.. _keys.Select(j => mean[j])];
        _scale = [.. _keys.Select(j => Math.Sqrt(covariance[j, j]))];
        var correlation = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) correlation[i * p + j] = i == j ? 1 : covariance[_keys[i], _keys[j]] / (_scale[i] * _scale[j]);
        _parameters = NormalParameters.Create(new double[p], correlation)
            ?? throw new ImputationDataException($"The model's covariance of {Names.List(_columns.Select(c => c.Name))} is not positive definite; fit it again, with a ridge prior if need be.");
        _rules = [.. _columns.Select(c => FillRule.For(c, options))];
        _relations = [.. fit.Relations
            .Where(r => r.Columns.All(name => _columns.Any(c => c.Name == name)))
            .Select(r => RelationRow.From(r, [.. _columns.Select(c => c.Name)]))];
        _patterns = MissingPatterns.Of(IncompleteMatrix.FromColumns(_columns));
        _deviations = new double[_patterns.Count][];
        _notes = [.. _columns.Select(c => c.MissingCount > 0 ? new CellNotes[c.Count] : null)];
        Dispositions = [.. table.Columns.Select(Disposition)];
    }

    /// <summary>What was done with each column of the table.</summary>
    public IReadOnlyList<ColumnDisposition> Dispositions { get; }

    /// <summary>Counts for each column of which a cell was filled, in column order.</summary>
    public IReadOnlyList<ColumnFill> Fills { get; private set; } = [];

    /// <summary>Fills, and returns the changed columns by name.</summary>
    public Dictionary<string, Column> Run()
    {
        double[][] values = Values(_options.Method, _rules, _notes);
        var filled = new Dictionary<string, Column>();
        var fills = new Dictionary<string, ColumnFill>();
        for (int j = 0; j < _columns.Length; j++)
        {
            NumericColumn column = _columns[j];
            if (_notes[j] is not { } notes) continue;
            bool whole = column.Kind == ColumnKind.Integer && _rules[j].Decimals == 0;
            filled[column.Name] = column.Filled(values[j], whole ? ColumnKind.Integer : ColumnKind.Number);
            int Count(CellNotes note) => notes.Count(n => (n & note) != 0);
            fills[column.Name] = new ColumnFill(column.Name, column.MissingCount, Count(CellNotes.Clamped), Count(CellNotes.Truncated), Count(CellNotes.Rounded), Count(CellNotes.Determined));
        }
        foreach (ColumnDisposition constant in Dispositions.Where(d => d.Role == ColumnRole.Constant && d.MissingCount > 0))
        {
            var column = (NumericColumn)_table[constant.Name];
            filled[column.Name] = column.Filled([.. column.Values.ToArray().Select(x => double.IsNaN(x) ? constant.Constant : x)], column.Kind);
            fills[column.Name] = new ColumnFill(column.Name, column.MissingCount, 0, 0, 0, 0);
        }
        Fills = [.. _table.Columns.Where(c => fills.ContainsKey(c.Name)).Select(c => fills[c.Name])];
        return filled;
    }

    /// <summary>Every filled cell by row, then by column of the table.</summary>
    public IEnumerable<ImputedCell> Ledger(Table completed)
    {
        // Intervals are about the conditional mean, which is made again where another value was filled in.
        bool meansStand = _options.Method == ImputationMethod.Mean && _rules.All(r => !r.IsBounded && r.Decimals is null);
        if (!meansStand) _means ??= Values(ImputationMethod.Mean, [.. _columns.Select(c => FillRule.For(c, ImputationOptions.Default))], null);

        (NumericColumn Column, int Index, double Constant)[] columns = [.. completed.Columns.OfType<NumericColumn>()
            .Where(c => c.Original is not null)
            .Select(c => (c, Array.FindIndex(_columns, m => m.Name == c.Name), Dispositions.First(d => d.Name == c.Name).Constant))];
        for (int row = 0; row < completed.RowCount; row++)
        {
            MissingPattern pattern = _patterns[_patterns.PatternOf(row)];
            foreach ((NumericColumn column, int j, double constant) in columns)
            {
                if (!column.WasFilled(row)) continue;
                double value = column.Values[row];
                if (j < 0)
                {
                    yield return new ImputedCell(row + 1, column.Name, _options.Method, value, 0, constant, constant, pattern.Observed.Length, CellNotes.Constant);
                    continue;
                }
                double deviation = _deviations[_patterns.PatternOf(row)][Array.IndexOf(pattern.Missing, j)];
                double mean = _means is null ? value : _means[j][row];
                (double lower, double upper) = Central95(mean, deviation, _rules[j].Bounds);
                yield return new ImputedCell(row + 1, column.Name, _options.Method, value, deviation, lower, upper, pattern.Observed.Length, _notes[j]![row]);
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

    /// <summary>The values of every model column with its missing cells filled; columns without any are shared, not copied.</summary>
    private double[][] Values(ImputationMethod method, FillRule[] rules, CellNotes[]?[]? notes)
    {
        double[][] values = [.. _columns.Select(c => c.MissingCount > 0 ? c.Values.ToArray() : c.Array)];
        int p = _columns.Length;
        int[] work = [.. Enumerable.Range(0, _patterns.Count).Where(k => _patterns[k].Missing.Length > 0)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads == 0 ? -1 : _options.Threads, CancellationToken = _cancellation };
        ParallelWork.For(work.Length, parallel,
            () => new PatternFiller(_parameters, _center, _scale, _relations, rules, _keys, method, _options.Seed),
            (i, filler) =>
            {
                MissingPattern pattern = _patterns[work[i]];
                _deviations[work[i]] = filler.Begin(pattern.Observed, pattern.Missing)
                    ?? throw new ImputationDataException($"The model's covariance of {Names.List(pattern.Observed.Select(j => _columns[j].Name))} could not be factored; fit it with a ridge prior.");
                var x = new double[p];
                var rowNotes = new CellNotes[p];
                foreach (int row in pattern.Rows)
                {
                    for (int j = 0; j < p; j++) x[j] = _columns[j].Array[row];
                    filler.Fill(row, x, rowNotes);
                    foreach (int j in pattern.Missing)
                    {
                        values[j][row] = x[j];
                        if (notes?[j] is { } column) column[row] = rowNotes[j];
                    }
                }
                return filler;
            });
        return values;
    }

    /// <summary>The disposition that the fit gave the column, with this table's counts.</summary>
    private ColumnDisposition Disposition(Column column)
    {
        ColumnDisposition? fitted = _fit.Dispositions.FirstOrDefault(d => d.Name == column.Name);
        bool modelled = _columns.Any(c => c.Name == column.Name);
        ColumnDisposition disposition = fitted ?? new ColumnDisposition(column.Name, column.Kind,
            modelled ? ColumnRole.Modelled : column is NumericColumn ? ColumnRole.Excluded : ColumnRole.PassThrough, 0, 0, modelled ? "" : "not in the model");
        if (disposition.Role == ColumnRole.Constant && column is not NumericColumn)
            disposition = disposition with { Role = ColumnRole.PassThrough, Note = "not numeric in this table", Constant = double.NaN };
        return disposition with { Kind = column.Kind, ObservedCount = column.Count - column.MissingCount, MissingCount = column.MissingCount };
    }
}
