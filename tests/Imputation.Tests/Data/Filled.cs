namespace Imputation.Tests.Data;

/// <summary>Tables with cells filled by hand, so that what comes out is known to the digit.</summary>
internal static class Filled
{
    /// <summary>Fills cells; columns of integers become numbers, as they do where the filled values have fractions.</summary>
    public static Table With(Table table, params (string Column, int Row, double Value)[] cells) => With(table, ColumnKind.Number, cells);

    /// <summary>Fills cells of columns, which get the given kind.</summary>
    public static Table With(Table table, ColumnKind kind, params (string Column, int Row, double Value)[] cells)
    {
        var filled = new Dictionary<string, Column>();
        foreach (var group in cells.GroupBy(c => c.Column))
        {
            var column = (NumericColumn)table[group.Key];
            double[] values = column.Values.ToArray();
            foreach (var (_, row, value) in group) values[row] = value;
            filled[group.Key] = column.FilledFrom(values, kind);
        }
        return table.With(filled);
    }

    /// <summary>A column with what is missing in it taken from a whole column of values, NaN where it stays missing.</summary>
    public static NumericColumn FilledFrom(this NumericColumn column, double[] values, ColumnKind kind) =>
        column.Filled([.. values.Where((_, row) => column.IsMissing(row))], kind);
}
