using Imputation.Data;

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
            filled[group.Key] = column.Filled(values, kind);
        }
        return table.With(filled);
    }
}
