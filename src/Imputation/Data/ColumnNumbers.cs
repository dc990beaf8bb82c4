namespace Imputation.Data;

/// <summary>The cells of any column as numbers.</summary>
internal static class ColumnNumbers
{
    /// <summary>Numbers themselves, the places of levels, or whether a cell has a certain level (1 or 0); NaN where missing.</summary>
    /// <param name="column">The column.</param>
    /// <param name="level">The level, as text; null for the column as it is.</param>
    public static Func<int, double> Of(Column column, string? level)
    {
        if (level is not null) return row => column.Value(row) is { } value ? RuleValues.Text(value) == level ? 1 : 0 : double.NaN;
        if (column is NumericColumn { Categories: null } numbers) return row => numbers[row];
        Categories levels = column.Levels;
        return row => column.Value(row) is { } value && levels.IndexOf(value) is >= 0 and var k ? k : double.NaN;
    }
}
