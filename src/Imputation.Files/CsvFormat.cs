using Imputation.Files.Csv;
using Imputation.Files.Streams;

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
    /// <remarks>The number of lines: a row takes one or more. Null for a compressed file.</remarks>
    public long? MostRowCount(string path) => InputFile.Read(path, stream => GzipFile.Is(stream) ? null : (long?)Lines(stream));

    private static long Lines(FileStream stream)
    {
        long lines = 1;
        bool afterReturn = false;
        var bytes = new byte[1 << 16];
        for (int read; (read = stream.Read(bytes)) > 0;)
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, read);
            for (int at; (at = rest.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; rest = rest[(at + 1)..])
            {
                if (rest[at] != '\n' || at > 0 || !afterReturn) lines++; // \r\n ends one line
                afterReturn = rest[at] == '\r';
            }
            afterReturn &= rest.IsEmpty;
        }
        return lines;
    }

    /// <inheritdoc/>
    public ITableAppender Rewrite(Stream stream, Table schema, TableWriteOptions options) => new CsvRewriter(stream, options);

    /// <inheritdoc/>
    public bool CanContinue => true;

    /// <inheritdoc/>
    public ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false) =>
        new CsvAppender(stream, schema, options, continues);
}
