using Imputation.Diagnostics;
using Imputation.Patterns;

namespace Imputation.Reports;

/// <summary>The columns of a table and the patterns of its missing cells.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="Columns">One for each column, in their order.</param>
/// <param name="PatternColumns">Names of the columns that the patterns are of, in the table's order: all but those left out on
/// request.</param>
/// <param name="Patterns">The rows by missing-data pattern, or null where no column is left.</param>
public sealed record TableDescription(int RowCount, IReadOnlyList<ColumnDescription> Columns, IReadOnlyList<string> PatternColumns,
    MissingPatterns? Patterns)
{
    /// <summary>Describes every column; text columns too, by their missing cells.</summary>
    public static TableDescription Of(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new TableDescription(
            context.Table.RowCount,
            [.. context.Table.Columns.Select((column, j) => ColumnDescription.Of(column, context.ColumnUses[j]))],
            [.. context.Columns.Select(column => column.Name)],
            context.Patterns);
    }

    /// <summary>Pairs of columns that no row has both of.</summary>
    public IReadOnlyList<(string First, string Second)> NeverObservedTogether() =>
        Patterns is null ? [] : [.. Patterns.NeverObservedTogether()
            .Select(pair => (PatternColumns[pair.First], PatternColumns[pair.Second]))];
}
