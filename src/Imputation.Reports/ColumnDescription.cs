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
}
