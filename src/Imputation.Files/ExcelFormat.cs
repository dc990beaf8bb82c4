namespace Imputation.Files;

/// <summary>Excel workbooks (.xlsx), which are read and not written, as one of the formats of a <see cref="TableFormats"/>.</summary>
public sealed class ExcelFormat : ITableFormat
{
    /// <inheritdoc/>
    public string Name => "xlsx";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".xlsx", ".xlsm"];

    /// <inheritdoc/>
    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        ExcelTable.Read(stream, name, options, cancellation);

    /// <inheritdoc/>
    public bool CanWrite => false;

    /// <inheritdoc/>
    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        throw NotWritten();

    /// <inheritdoc/>
    public bool CanContinue => false;

    /// <inheritdoc/>
    public ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false) => throw NotWritten();

    private static NotSupportedException NotWritten() => new("Workbooks are read, not written; write CSV, which Excel opens, or Parquet.");
}
