namespace Imputation.Models;

/// <summary>Numbers of rows and cells of the modelled columns.</summary>
/// <param name="RowCount">Rows, those with nothing observed included.</param>
/// <param name="Observed">Observed cells.</param>
/// <param name="Missing">Missing cells.</param>
internal sealed record CellCounts(long RowCount, long Observed, long Missing)
{
    /// <summary>Of columns of a table.</summary>
    public static CellCounts Of(IReadOnlyList<Column> columns)
    {
        long missing = columns.Sum(c => (long)c.MissingCount);
        return new CellCounts(columns[0].Count, columns.Sum(c => (long)c.Count) - missing, missing);
    }
}
