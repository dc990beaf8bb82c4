namespace Imputation.Files.Csv;

/// <summary>Writes tables below one another as CSV, with one header.</summary>
internal sealed class CsvAppender : ITableAppender
{
    private readonly Stream _stream;
    private readonly TableWriteOptions _options;

    public CsvAppender(Stream stream, Table schema, TableWriteOptions options, bool continues)
    {
        (_stream, _options) = (stream, options);
        CsvDialectDetector.Check(options.Delimiter);
        if (!continues) CsvPlainWriter.WriteHeader(stream, schema, options);
    }

    public void Append(Table table, CancellationToken cancellation) => CsvPlainWriter.WriteRows(_stream, table, _options, cancellation);

    public void Finish()
    {
        // A CSV file ends where its rows end.
    }
}
