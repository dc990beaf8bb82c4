using Imputation.Diagnostics;
using Imputation.Patterns;

namespace Imputation.Cli.Output;

/// <summary>What <c>describe</c> says of a table.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Columns">One for each column, in their order.</param>
/// <param name="PatternColumns">Names of the columns that the patterns are of, in the table's order: all but those left out on
/// request.</param>
/// <param name="Patterns">The rows by what is observed in them, or null where no column is left.</param>
internal sealed record TableDescription(int RowCount, IReadOnlyList<ColumnDescription> Columns, IReadOnlyList<string> PatternColumns,
    MissingPatterns? Patterns)
{
    /// <summary>Looks at every column: text counts too, by what is missing in it.</summary>
    public static TableDescription Of(DiagnosticContext context) => new(
        context.Table.RowCount,
        [.. context.Table.Columns.Select((column, j) => ColumnDescription.Of(column, context.ColumnUses[j]))],
        [.. context.Columns.Select(column => column.Name)],
        context.Patterns);

    /// <summary>Pairs of columns that no row has both of.</summary>
    public IReadOnlyList<(string First, string Second)> NeverObservedTogether() =>
        Patterns is null ? [] : [.. Patterns.NeverObservedTogether()
            .Select(pair => (PatternColumns[pair.First], PatternColumns[pair.Second]))];
}

/// <summary>What <c>describe</c> says of a column.</summary>
/// <param name="Disposition">What it is, and what a fit would do with it.</param>
/// <param name="Missing">Its missing cells by how they were marked.</param>
/// <param name="Statistics">Of its observed values; null for text.</param>
internal sealed record ColumnDescription(ColumnUse Disposition, IReadOnlyList<(MissingOrigin Origin, int Count)> Missing,
    ColumnStatistics? Statistics)
{
    public static ColumnDescription Of(Column column, ColumnUse disposition) => new(
        disposition,
        [.. column.Mask.Origins.Zip(column.Mask.CountByOrigin()).Where(origin => origin.Second > 0)],
        column is NumericColumn numeric ? ColumnStatistics.Of(numeric) : null);
}
