namespace Imputation.Files;

/// <summary>SPSS system files as one of the formats of a <see cref="TableFormats"/>: <c>.sav</c>, and <c>.zsav</c> compressed with
/// zlib.</summary>
public sealed class SpssFormat : ITableFormat
{
    /// <inheritdoc/>
    public string Name => "spss";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".sav", ".zsav"];

    /// <summary>True: the dictionary is that of the file that was read.</summary>
    public bool WritesOnlyItsOwn => true;

    /// <inheritdoc/>
    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        SpssTable.Read(stream, name, options, cancellation);

    /// <inheritdoc/>
    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        SpssTable.Write(stream, table, cancellation);

    /// <summary>False, since several tables cannot be in one file.</summary>
    public bool CanContinue => false;

    /// <summary>Not supported: the dictionary has no columns for the number of the table.</summary>
    /// <exception cref="ArgumentException">Always.</exception>
    public ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false) =>
        throw new ArgumentException("Several tables cannot be stacked in one SPSS file, whose dictionary is that of the file read; write a "
            + "file for each, or CSV or Parquet.", nameof(schema));
}
