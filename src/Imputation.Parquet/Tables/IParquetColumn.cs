using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>A column on its way into a file.</summary>
internal interface IParquetColumn
{
    SchemaElement Element { get; }

    /// <summary>The values of a row group.</summary>
    /// <param name="group">Its number among those of the table.</param>
    /// <param name="start">Its first row.</param>
    /// <param name="count">Its rows.</param>
    ColumnValues Values(int group, int start, int count);
}
