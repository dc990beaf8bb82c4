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

    /// <summary>Describes rows that come in batches, by all of them; the use of the columns is that of a sample.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="sample">Some of the rows.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">There are more rows than a table can have.</exception>
    public static TableDescription Of(IRowSource rows, DiagnosticContext sample, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(sample);
        ColumnDescription[] columns = [];
        MissingPatterns? patterns = null;
        long count = 0;
        foreach (Table batch in rows.Batches(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            count += batch.RowCount;
            var context = new DiagnosticContext(batch, sample.Options);
            ColumnDescription[] here = [.. batch.Columns.Select((column, j) => ColumnDescription.Of(column, sample.ColumnUses[j] with
            {
                ObservedCount = column.Count - column.MissingCount,
                MissingCount = column.MissingCount,
            }))];
            columns = columns.Length == 0 ? here : [.. columns.Zip(here, ColumnDescription.Sum)];
            if (context.Patterns is { } more) patterns = patterns is null ? more : MissingPatterns.Merged(patterns, more);
        }
        return count <= int.MaxValue ? new TableDescription((int)count, columns, [.. sample.Columns.Select(column => column.Name)],
            patterns)
            : throw new ImputationDataException($"{rows.Name}: {count} rows are more than a description counts; describe parts of them.");
    }

    /// <summary>Pairs of columns that no row has both of.</summary>
    public IReadOnlyList<(string First, string Second)> NeverObservedTogether() =>
        Patterns is null ? [] : [.. Patterns.NeverObservedTogether()
            .Select(pair => (PatternColumns[pair.First], PatternColumns[pair.Second]))];
}
