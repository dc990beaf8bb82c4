namespace Imputation.Files.Formats;

/// <summary>Writes one batch that is the whole table, for formats that are not written in parts.</summary>
internal sealed class WholeWriter(ITableFormat format, Stream stream, TableWriteOptions options) : ITableAppender
{
    private bool _written;

    /// <inheritdoc/>
    public void Append(Table table, CancellationToken cancellation = default)
    {
        if (_written)
            throw new ImputationDataException($"A {format.Name} file is written in one go, and the rows come in batches; write .csv or "
                + ".parquet (--to csv or parquet).");
        _written = true;
        format.Write(stream, table, options, cancellation);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        // It is written.
    }
}
