using Imputation.Data;

namespace Imputation.Cli.Output;

/// <summary>What <c>describe</c> says of a table.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Columns">One for each column, in their order.</param>
/// <param name="PatternColumns">Names of the columns that the patterns are of, in the table's order: all but those left out on request.</param>
/// <param name="Patterns">The rows by what is observed in them, or null where no column is left.</param>
internal sealed record TableDescription(int RowCount, IReadOnlyList<ColumnDescription> Columns, IReadOnlyList<string> PatternColumns, MissingPatterns? Patterns)
{
    /// <summary>Looks at every column: text counts too, by what is missing in it.</summary>
    public static TableDescription Of(Table table, ColumnSelection selection)
    {
        IReadOnlyList<ColumnDisposition> dispositions = TableEncoder.Encode(table, selection).Dispositions;
        Column[] kept = [.. table.Columns.Where((_, j) => dispositions[j].Role != ColumnRole.Excluded)];
        return new TableDescription(
            table.RowCount,
            [.. table.Columns.Select((column, j) => ColumnDescription.Of(column, dispositions[j]))],
            [.. kept.Select(column => column.Name)],
            kept.Length == 0 ? null : MissingPatterns.Of(IncompleteMatrix.FromColumns([.. kept.Select(Presence)])));
    }

    /// <summary>Pairs of columns that no row has both of.</summary>
    public IReadOnlyList<(string First, string Second)> NeverObservedTogether() =>
        Patterns is null ? [] : [.. Patterns.NeverObservedTogether().Select(pair => (PatternColumns[pair.First], PatternColumns[pair.Second]))];

    /// <summary>A column's observed cells as zeros, so that text has patterns as numbers have.</summary>
    private static NumericColumn Presence(Column column)
    {
        if (column is NumericColumn numeric) return numeric;
        var values = new double[column.Count];
        for (int row = 0; row < values.Length; row++) values[row] = column.IsMissing(row) ? double.NaN : 0;
        return NumericColumn.Number(column.Name, values);
    }
}

/// <summary>What <c>describe</c> says of a column.</summary>
/// <param name="Disposition">What it is, and what a fit would do with it.</param>
/// <param name="Missing">Its missing cells by how they were marked.</param>
/// <param name="Statistics">Of its observed values; null for text.</param>
internal sealed record ColumnDescription(ColumnDisposition Disposition, IReadOnlyList<(MissingOrigin Origin, int Count)> Missing, ColumnStatistics? Statistics)
{
    public static ColumnDescription Of(Column column, ColumnDisposition disposition) => new(
        disposition,
        [.. column.Marks.Origins.Zip(column.Marks.CountByOrigin()).Where(origin => origin.Second > 0)],
        column is NumericColumn numeric ? ColumnStatistics.Of(numeric) : null);
}
