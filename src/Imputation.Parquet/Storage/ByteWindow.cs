namespace Imputation.Parquet.Storage;

/// <summary>The bytes of the pages of a chunk, read from the file a piece at a time: many small pages at once, a large one by
/// itself.</summary>
/// <param name="file">The file.</param>
/// <param name="end">No page goes beyond.</param>
internal sealed class ByteWindow(IRandomAccess file, long end)
{
    /// <summary>Bytes that are read where a header is expected; most take a few dozen.</summary>
    private const int HeaderLength = 1 << 14, LongestHeader = 1 << 26;

    /// <summary>Bytes that are read where a small page is.</summary>
    private const int Ahead = 1 << 18;

    private ReadOnlyMemory<byte> _bytes;
    private long _start;

    /// <summary>Bytes of a page; they stay as they are.</summary>
    public ReadOnlyMemory<byte> Read(long position, int length) => From(position, length, Ahead)[..length];

    /// <summary>A page header and its length.</summary>
    public PageHeader Header(long position, out int length)
    {
        // What has been read is mostly enough. But a header may hold a smallest and a largest value of any length.
        for (int wanted = 1; ;)
        {
            ReadOnlySpan<byte> bytes = From(position, (int)Math.Min(end - position, wanted), HeaderLength).Span;
            try
            {
                return PageHeader.Read(bytes, out length);
            }
            catch (ParquetException) when (bytes.Length < end - position && bytes.Length < LongestHeader)
            {
                // Where more bytes do not help, they end in the same exception.
                wanted = Math.Max(HeaderLength, 16 * bytes.Length);
            }
        }
    }

    private ReadOnlyMemory<byte> From(long position, int length, int ahead)
    {
        if (position < _start || position + length > _start + _bytes.Length)
        {
            _bytes = default; // before there are two
            _bytes = file.Read(position, (int)Math.Min(end - position, Math.Max(length, ahead)));
            _start = position;
        }
        return _bytes[(int)(position - _start)..];
    }
}
