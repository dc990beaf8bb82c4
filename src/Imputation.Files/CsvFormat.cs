using Imputation.Files.Csv;

namespace Imputation.Files;

/// <summary>CSV and its kin, text with a delimiter, as one of the formats of a <see cref="TableFormats"/>.</summary>
public sealed class CsvFormat : ITableFormat
{
    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz"];

    /// <inheritdoc/>
    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        CsvTable.Read(stream, name, options, cancellation);

    /// <inheritdoc/>
    public Table Read(string path, TableReadOptions options, CancellationToken cancellation = default) =>
        CsvTable.Read(path, options, cancellation);

    /// <inheritdoc/>
    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        CsvTable.Write(stream, table, options, cancellation);

    /// <inheritdoc/>
    public IFileRows Rows(string path, TableReadOptions options, int batchCells, string temporary,
        CancellationToken cancellation = default) => CsvRows.Open(path, options, batchCells, temporary, cancellation);

    /// <inheritdoc/>
    public ITableAppender Rewrite(Stream stream, Table schema, TableWriteOptions options) => new CsvRewriter(stream, options);

    /// <inheritdoc/>
    public bool CanContinue => true;

    /// <inheritdoc/>
    public ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false) =>
        new CsvAppender(stream, schema, options, continues);
}
