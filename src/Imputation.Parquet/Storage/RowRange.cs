namespace Imputation.Parquet.Storage;

/// <summary>Rows of a row group.</summary>
/// <param name="Group">The row group, from 0.</param>
/// <param name="First">The first of the rows, from 0 in the row group.</param>
/// <param name="Count">Number of rows.</param>
internal readonly record struct RowRange(int Group, int First, int Count)
{
    /// <summary>All rows of a row group.</summary>
    public static RowRange All(IParquetFile file, int group) => new(group, 0, file.RowCount(group));
}
