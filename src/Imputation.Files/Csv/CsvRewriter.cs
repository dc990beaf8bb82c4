using Imputation.Files.Streams;

namespace Imputation.Files.Csv;

/// <summary>Writes batches of rows of CSV files, filled, with every observed cell as it was: one file with one header. Batches from
/// elsewhere are written as any table is.</summary>
internal sealed class CsvRewriter : ITableAppender
{
    private readonly TableWriteOptions _options;
    private readonly Stream? _zipped;
    private readonly LastByte _stream;
    private bool _begun;

    public CsvRewriter(Stream stream, TableWriteOptions options)
    {
        _options = options;
        _zipped = GzipFile.Writer(stream, options.Compression == TableCompression.Gzip);
        _stream = new LastByte(_zipped ?? stream);
    }

    /// <inheritdoc/>
    public void Append(Table table, CancellationToken cancellation = default)
    {
        if (table.Source is CsvSource source && source.Holds(table))
        {
            // The last line of a file need not end, and its header stands once.
            bool headless = _begun && source.Pieces[0].Start == 0;
            if (headless && _stream.Last is not ((byte)'\n' or (byte)'\r')) _stream.Write("\n"u8);
            CsvSplicer.Write(_stream, table, source, cancellation, headless);
        }
        else
        {
            if (!_begun) CsvPlainWriter.WriteHeader(_stream, table, _options);
            CsvPlainWriter.WriteRows(_stream, table, _options, cancellation);
        }
        _begun = true;
    }

    /// <inheritdoc/>
    public void Finish()
    {
        _stream.Flush();
        _zipped?.Dispose();
    }

    /// <summary>A stream that remembers the last byte that was written.</summary>
    private sealed class LastByte(Stream inner) : Stream
    {
        public byte Last { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            if (buffer.Length > 0) Last = buffer[^1];
        }
    }
}
