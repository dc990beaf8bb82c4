using System.Globalization;
using Imputation.Data;

namespace Imputation.Filling;

/// <summary>Keeps filled cells consistent with the questions that were asked of some rows only: cells that were not asked stay empty, and a
/// question that was answered decides on those that lead to it.</summary>
/// <remarks>A rule can be open before the filling, because a cell that it reads is missing; it is evaluated again afterwards.</remarks>
internal sealed class AskedCells
{
    private readonly SurveyReading _survey;
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _index;
    private readonly double[][] _cells;
    private readonly CellNotes[][] _notes;

    /// <param name="survey">The table and its skip rules.</param>
    /// <param name="columns">The columns that are filled.</param>
    /// <param name="cells">Their filled cells; those that were not asked become NaN.</param>
    /// <param name="notes">The notes of these cells.</param>
    private AskedCells(SurveyReading survey, Column[] columns, double[][] cells, CellNotes[][] notes)
    {
        (_survey, _columns, _cells, _notes) = (survey, columns, cells, notes);
        _index = columns.Index().ToDictionary(c => c.Item.Name, c => c.Index);
    }

    /// <summary>Empties the filled cells that are known not to have been asked.</summary>
    public static void Empty(SurveyReading survey, FilledColumns filled)
    {
        var asked = new AskedCells(survey, filled.Columns, filled.Values, filled.Notes);
        for (int j = 0; j < filled.Columns.Length; j++) asked.Empty(j);
    }

    /// <summary>Applies the rules to filled cells, in place.</summary>
    public static void Apply(SurveyReading survey, FilledColumns filled)
    {
        var asked = new AskedCells(survey, filled.Columns, filled.Values, filled.Notes);
        foreach (SkipRule rule in survey.SkipRules) asked.Settle(rule);
    }

    private void Empty(int j)
    {
        MissingMask mask = _columns[j].Mask;
        if (mask.Origins.All(o => o.Reason != MissingReason.NotAsked)) return;
        CellIndex index = mask.Index;
        for (int row = 0; row < mask.Count; row++)
            if (mask.Origin(row)?.Reason == MissingReason.NotAsked) _cells[j][index.PlaceOf(row)] = double.NaN;
    }

    private void Settle(SkipRule rule)
    {
        Table table = _survey.Table;
        Column question = table[rule.Column];
        int[] open = [.. Enumerable.Range(0, table.RowCount).Where(row => rule.Universe.Columns.Any(c => table[c].IsMissing(row)))];
        if (open.Length == 0) return;
        foreach (int row in open)
            if (!question.IsMissing(row)) Imply(rule, row);

        if (!_index.TryGetValue(rule.Column, out int j)) return;
        Table completed = Completed(rule);
        Func<int, bool?> asked = rule.Universe.Over(completed);
        foreach (int row in open)
        {
            if (!question.IsMissing(row)) continue;
            if (asked(row) is { } holds ? !holds : rule.Universe.Columns.Any(c => NotAsked(completed[c], row)))
                _cells[j][question.Mask.Index.PlaceOf(row)] = double.NaN;
        }
    }

    /// <summary>The table with the cells that the rule reads as they are filled so far.</summary>
    private Table Completed(SkipRule rule) => _survey.Table.With(rule.Universe.Columns.Where(_index.ContainsKey).Distinct()
        .ToDictionary(c => c, c => _columns[_index[c]].Filled((double[])_cells[_index[c]].Clone(), _columns[_index[c]].Kind)));

    private bool NotAsked(Column column, int row) => column.IsMissing(row) && (!_index.TryGetValue(column.Name, out int j)
        ? column.Mask.Origin(row)?.Reason == MissingReason.NotAsked
        : double.IsNaN(_cells[j][_survey.Table[column.Name].Mask.Index.PlaceOf(row)]));

    /// <summary>The question was answered in this row, so the rule holds in it: where just one of the cells that it reads is missing, that
    /// gets the value nearest to the filled one under which it holds.</summary>
    private void Imply(SkipRule rule, int row)
    {
        string[] missing = [.. rule.Universe.Columns.Where(c => _survey.Table[c].IsMissing(row))];
        if (missing is not [var gate] || !_index.TryGetValue(gate, out int j)) return;
        Column column = _columns[j];
        int place = column.Mask.Index.PlaceOf(row);
        double filled = _cells[j][place];
        if (double.IsNaN(filled)) return; // it was not asked itself

        // One row for each value that the gate can have, the other cells of the rule as they are in this row.
        Categories levels = column.Levels;
        int k = levels.Levels.Count;
        var values = new Table(rule.Universe.Columns.Distinct().Select(c => Repeated(_survey.Table[c], c == gate ? null : row, levels, k)));
        Func<int, bool?> asked = rule.Universe.Over(values);
        double best = double.NaN;
        for (int level = 0; level < k; level++)
        {
            if (asked(level) != true) continue;
            double value = column is NumericColumn { Categories: null }
                ? Convert.ToDouble(levels.Levels[level].Value, CultureInfo.InvariantCulture) : level;
            if (double.IsNaN(best) || Math.Abs(value - filled) < Math.Abs(best - filled)) best = value;
        }
        if (double.IsNaN(best)) return;
        _cells[j][place] = best;
        _notes[j][place] |= CellNotes.Implied;
    }

    private static Column Repeated(Column column, int? row, Categories levels, int count)
    {
        object?[] values = [.. Enumerable.Range(0, count).Select(k => row is { } r ? column.Value(r) : levels.Levels[k].Value)];
        Column made = column switch
        {
            NumericColumn => NumericColumn.Number(column.Name, [.. values.Select(v => v is null ? double.NaN
                : Convert.ToDouble(v, CultureInfo.InvariantCulture))]),
            TextColumn => TextColumn.Create(column.Name, [.. values.Select(v => (string?)v)]),
            _ => ObjectColumn.Create(column.Name, ((ObjectColumn)column).Type, values),
        };
        return column.Categories is { } own ? made.AsCategorical(own) : made;
    }
}
