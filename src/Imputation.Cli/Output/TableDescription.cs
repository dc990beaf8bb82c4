using Imputation.Data;
using MathNet.Numerics.Statistics;

namespace Imputation.Cli.Output;

/// <summary>What <c>describe</c> says of a table.</summary>
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
/// <param name="Mean">Mean of the observed values; NaN for text.</param>
/// <param name="StandardDeviation">Standard deviation of the observed values, divisor n − 1; NaN for text and for fewer than two values.</param>
/// <param name="Minimum">Smallest observed value; NaN for text.</param>
/// <param name="Maximum">Largest observed value; NaN for text.</param>
internal sealed record ColumnDescription(
    ColumnDisposition Disposition, IReadOnlyList<(MissingOrigin Origin, int Count)> Missing, double Mean, double StandardDeviation, double Minimum, double Maximum)
{
    public static ColumnDescription Of(Column column, ColumnDisposition disposition)
    {
        (MissingOrigin, int)[] missing = [.. column.Marks.Origins.Zip(column.Marks.CountByOrigin()).Where(origin => origin.Second > 0)];
        if (column is not NumericColumn numeric || numeric.MissingCount == numeric.Count)
            return new ColumnDescription(disposition, missing, double.NaN, double.NaN, double.NaN, double.NaN);
        var statistics = new RunningStatistics();
        foreach (double value in numeric.Values)
            if (!double.IsNaN(value)) statistics.Push(value);
        return new ColumnDescription(disposition, missing, statistics.Mean, statistics.StandardDeviation, statistics.Minimum, statistics.Maximum);
    }
}
