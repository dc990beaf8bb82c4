using Imputation.Files.Streams;

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
        if (!continues) Write(target => CsvPlainWriter.WriteHeader(target, schema, options));
    }

    public void Append(Table table, CancellationToken cancellation) =>
        Write(target => CsvPlainWriter.WriteRows(target, table, _options, cancellation));

    /// <summary>Writes a part that is complete by itself: several of gzip one after another are valid too.</summary>
    private void Write(Action<Stream> write)
    {
        using Stream? zipped = GzipFile.Writer(_stream, _options.Compression == TableCompression.Gzip);
        write(zipped ?? _stream);
    }

    public void Finish()
    {
        // A CSV file ends where its rows end.
    }
}
