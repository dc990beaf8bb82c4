using Imputation.Files;
using Imputation.Parquet.Tables;

namespace Imputation.Parquet;

/// <summary>Parquet as one of the formats of a <see cref="TableFormats"/>: columns with types, compressed.</summary>
/// <param name="engine">Reads and writes the files; null is <see cref="ParquetEngine.BuiltIn"/>.</param>
public sealed class ParquetFormat(ParquetEngine? engine = null) : ITableFormat
{
    /// <inheritdoc/>
    public string Name => "parquet";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".parquet"];

    /// <summary>Reads and writes the files.</summary>
    public ParquetEngine Engine { get; } = engine ?? ParquetEngine.BuiltIn;

    /// <inheritdoc/>
    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        ParquetTable.Read(stream, name, options, Engine, cancellation);

    /// <inheritdoc/>
    public Table Read(string path, TableReadOptions options, CancellationToken cancellation = default) =>
        ParquetTable.Read(path, options, Engine, cancellation);

    /// <inheritdoc/>
    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        ParquetTable.Write(stream, table, options, Engine, cancellation);

    /// <inheritdoc/>
    public IFileRows Rows(string path, TableReadOptions options, int batchCells, string temporary,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ParquetTableReader reader = ParquetTable.Open(path, options, Engine, cancellation: cancellation);
        return new ParquetRows(reader, path, Math.Max(1024, batchCells / Math.Max(1, reader.ColumnCount)));
    }

    /// <inheritdoc/>
    /// <remarks>The number that its footer gives.</remarks>
    public long? MostRowCount(string path) => ParquetTable.Open(path, TableReadOptions.Default, Engine).RowCount;

    /// <inheritdoc/>
    public ITableAppender Rewrite(Stream stream, Table schema, TableWriteOptions options) =>
        new ParquetRewriter(stream, schema, options, Engine.Create);

    /// <summary>False, since the footer at the end of a file holds the positions of all parts.</summary>
    public bool CanContinue => false;

    /// <inheritdoc/>
    /// <remarks>Each table is a row group. Numbers have the kinds of the schema's columns.</remarks>
    public ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false) =>
        continues ? throw new NotSupportedException("A Parquet file cannot be extended; write it again from the start, or write CSV.")
            : new ParquetAppender(stream, schema, options, Engine.Create);
}
