using Imputation.Data;

namespace Imputation.Filling;

/// <summary>The columns in which cells are filled, and these cells: what rules read and set after the model has filled them.</summary>
internal sealed class FilledColumns
{
    private readonly Table _table;
    private readonly CellNotes[][] _notes;
    private readonly int[][] _donors;
    private readonly Dictionary<string, int> _index;
    private readonly Dictionary<string, Func<int, object?>> _readers = [];
    private readonly CellIndex[] _places;
    private readonly bool[]?[] _settled;
    private readonly Func<string, double> _constant;

    /// <param name="table">The table.</param>
    /// <param name="columns">The columns in which cells are filled.</param>
    /// <param name="modelled">How many of them, the first, the model fills; a cell of another that is NaN may still be computed.</param>
    /// <param name="cells">Their filled cells; NaN stays empty.</param>
    /// <param name="notes">The notes of these cells.</param>
    /// <param name="donors">The rows they were matched with; may be empty.</param>
    /// <param name="rules">Bounds and rounding of each column.</param>
    /// <param name="constant">The value of the missing cells of a constant column; NaN of any other.</param>
    public FilledColumns(Table table, Column[] columns, int modelled, double[][] cells, CellNotes[][] notes, int[][] donors,
        CellRule[] rules, Func<string, double> constant)
    {
        (_table, Columns, Values, _notes, _donors, Rules, _constant) = (table, columns, cells, notes, donors, rules, constant);
        ModelledCount = modelled;
        _index = columns.Index().ToDictionary(c => c.Item.Name, c => c.Index);
        _places = [.. columns.Select(c => c.Mask.Index)];
        _settled = new bool[]?[columns.Length];
    }

    /// <summary>The columns.</summary>
    public Column[] Columns { get; }

    /// <summary>Bounds and rounding of each column.</summary>
    public CellRule[] Rules { get; }

    /// <summary>Number of columns that the model fills; they come first.</summary>
    public int ModelledCount { get; }

    /// <summary>The filled cells of each column.</summary>
    public double[][] Values { get; }

    /// <summary>The notes of the filled cells.</summary>
    public CellNotes[][] Notes => _notes;

    /// <summary>Whether cells of other columns that are empty may be computed: not after questions that were not asked were
    /// emptied.</summary>
    public bool IsOthersOpen { get; set; } = true;

    /// <summary>Whether cells that were not asked are filled too.</summary>
    public bool FillsNotAsked { get; init; }

    /// <summary>The index of a column, or −1.</summary>
    public int IndexOf(string name) => _index.GetValueOrDefault(name, -1);

    /// <summary>The place of a missing cell among those of its column.</summary>
    public int PlaceOf(int j, int row) => _places[j].PlaceOf(row);

    /// <summary>The value of a missing cell, NaN where it stays empty.</summary>
    public double this[int j, int row] => Values[j][PlaceOf(j, row)];

    /// <summary>Whether a cell is observed, or known from the other rows of its group.</summary>
    public bool IsGiven(int j, int row) => !Columns[j].IsMissing(row) || _notes[j][PlaceOf(j, row)].HasFlag(CellNotes.SameInGroup);

    /// <summary>Whether a cell is missing and gets a value.</summary>
    public bool IsOpen(int j, int row)
    {
        if (IsGiven(j, row)) return false;
        if (!double.IsNaN(this[j, row])) return true;
        return j >= ModelledCount && IsOthersOpen && (FillsNotAsked || Columns[j].Mask.Origin(row)!.Value.Reason != MissingReason.NotAsked);
    }

    /// <summary>Whether a cell follows from others, so that its conditional distribution does not count.</summary>
    public bool IsSettled(int j, int place) => _settled[j] is { } some && some[place];

    /// <summary>The cells of a column as rules see them, filled ones among them.</summary>
    public Func<int, object?> Cells(string name)
    {
        if (_readers.TryGetValue(name, out Func<int, object?>? reader)) return reader;
        int j = IndexOf(name);
        Column column = j >= 0 ? Columns[j] : _table[name];
        Func<int, object?> observed = RuleValues.Cells(column);
        bool numeric = column is NumericColumn { Categories: null };
        double constant = j >= 0 ? double.NaN : _constant(name);
        return _readers[name] = column.MissingCount == 0 || (j < 0 && double.IsNaN(constant)) ? observed
            : row => !column.IsMissing(row) ? observed(row) : Cell(j < 0 ? constant : this[j, row]);

        object? Cell(double value) => double.IsNaN(value) ? null : numeric ? value
            : RuleValues.Cell(column.Levels.At(value), column.Levels);
    }

    /// <summary>Gives a missing cell another value.</summary>
    /// <param name="j">The column.</param>
    /// <param name="row">The row.</param>
    /// <param name="value">The value.</param>
    /// <param name="note">Why.</param>
    public void Set(int j, int row, double value, CellNotes note)
    {
        int place = PlaceOf(j, row);
        Values[j][place] = value + 0.0; // −0 becomes 0
        _notes[j][place] = (_notes[j][place] & CellNotes.NothingObserved) | note;
        if (j < _donors.Length) _donors[j][place] = 0;
        if (note != CellNotes.Clamped) (_settled[j] ??= new bool[Values[j].Length])[place] = true;
    }

    /// <summary>The same where something then holds; if not, the cell stays as it was.</summary>
    public bool TrySet(int j, int row, double value, CellNotes note, Func<bool> holds)
    {
        int place = PlaceOf(j, row), donor = j < _donors.Length ? _donors[j][place] : 0;
        (double Value, CellNotes Notes, bool IsSettled) before = (Values[j][place], _notes[j][place], IsSettled(j, place));
        Set(j, row, value, note);
        if (holds()) return true;
        (Values[j][place], _notes[j][place]) = (before.Value, before.Notes);
        if (j < _donors.Length) _donors[j][place] = donor;
        if (_settled[j] is { } settled) settled[place] = before.IsSettled;
        return false;
    }

    /// <summary>Gives a missing cell the value of a rule, within the bounds of its column. False where it cannot have it.</summary>
    /// <param name="j">The column.</param>
    /// <param name="row">The row.</param>
    /// <param name="value">The value: a number, a text, a truth value.</param>
    /// <param name="decimals">Decimals that it is rounded to.</param>
    public bool Compute(int j, int row, object value, int? decimals)
    {
        Column column = Columns[j];
        if (column is NumericColumn { Categories: null })
        {
            if (DerivedColumn.AsNumber(value) is not { } number || !double.IsFinite(number)) return false;
            CellNotes notes = CellNotes.Derived;
            number = Rules[j].Apply(decimals is { } d ? DecimalPlaces.Rounded(number, d) : number, ref notes);
            Set(j, row, number, notes);
            return true;
        }
        Categories levels = column.Levels;
        for (int k = 0; k < levels.Levels.Count; k++)
        {
            if (!RuleValues.AreEqual(RuleValues.Cell(levels.Levels[k].Value, levels), value)) continue;
            Set(j, row, k, CellNotes.Derived);
            return true;
        }
        return false;
    }
}
