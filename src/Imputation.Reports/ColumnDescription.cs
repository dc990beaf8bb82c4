namespace Imputation.Reports;

/// <summary>A column of a described table.</summary>
/// <param name="Use">Its kind, and its use in a fit.</param>
/// <param name="Missing">Its missing cells by how they were marked.</param>
/// <param name="Statistics">Of its observed values; null for text.</param>
public sealed record ColumnDescription(ColumnUse Use, IReadOnlyList<(MissingOrigin Origin, int Count)> Missing,
    ColumnStatistics? Statistics)
{
    internal static ColumnDescription Of(Column column, ColumnUse use) => new(
        use,
        [.. column.Mask.Origins.Zip(column.Mask.CountByOrigin()).Where(origin => origin.Second > 0)],
        column is NumericColumn numeric ? ColumnStatistics.Of(numeric) : null);

    /// <summary>Of the rows of both parts.</summary>
    internal static ColumnDescription Sum(ColumnDescription a, ColumnDescription b) => new(
        a.Use with
        {
            ObservedCount = a.Use.ObservedCount + b.Use.ObservedCount,
            MissingCount = a.Use.MissingCount + b.Use.MissingCount,
        },
        [.. a.Missing.Concat(b.Missing).GroupBy(m => m.Origin).Select(same => (same.Key, same.Sum(m => m.Count)))],
        a.Statistics is null || b.Statistics is null ? null : a.Statistics.Merge(b.Statistics));
}
