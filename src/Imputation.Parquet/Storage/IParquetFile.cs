namespace Imputation.Parquet.Storage;

/// <summary>A Parquet file that was opened: its flat columns, row group by row group.</summary>
internal interface IParquetFile
{
    /// <summary>The columns that are not nested, in their order.</summary>
    IReadOnlyList<ColumnSchema> Columns { get; }

    /// <summary>Names of the columns that hold lists, maps or structs; they are not read.</summary>
    IReadOnlyList<string> NestedColumns { get; }

    IReadOnlyList<KeyValuePair<string, string?>> KeyValues { get; }

    int GroupCount { get; }

    int RowCount(int group);

    /// <summary>The values of a column in rows of a row group, in parts, the first rows first. Several threads may ask at a time.</summary>
    /// <remarks>A part of numbers or Booleans is to be used before the next is asked for, which may take its place.</remarks>
    /// <exception cref="ParquetException">While they are enumerated: the pages are damaged or of a kind not supported.</exception>
    IEnumerable<ColumnValues> Read(ColumnSchema column, RowRange rows);
}

/// <summary>Opens a file; its bytes are read as they are needed.</summary>
/// <exception cref="ParquetException">It is damaged, or of a kind not supported.</exception>
internal delegate IParquetFile FileOpener(IRandomAccess bytes);

/// <summary>Begins a file with columns and a compression.</summary>
internal delegate IParquetWriter WriterFactory(Stream stream, IReadOnlyList<SchemaElement> columns, PageCodec codec);

/// <summary>A Parquet file on its way out, from its start to its end.</summary>
internal interface IParquetWriter
{
    /// <summary>Writes a row group; each column is asked for once, by any thread, a few of them ahead of their turn.</summary>
    void WriteGroup(int rows, Func<int, ColumnValues> column);

    /// <summary>Writes the footer. Nothing may follow.</summary>
    void Finish(IReadOnlyList<KeyValuePair<string, string?>> keyValues);
}
