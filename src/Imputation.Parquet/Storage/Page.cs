namespace Imputation.Parquet.Storage;

/// <summary>A page as stored in the file.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Body">The bytes after the header: in version 2 the levels, which are never compressed, then the values.</param>
/// <param name="First">The first of its rows, counted in the row group.</param>
internal readonly record struct Page(PageHeader Header, ReadOnlyMemory<byte> Body, int First)
{
    /// <summary>Definition levels of version 2. A flat column has no repetition levels, but some writers give them room.</summary>
    public ReadOnlyMemory<byte> Levels =>
        Header.Type == PageType.DataV2 ? Body.Slice(Header.RepetitionBytes, Header.DefinitionBytes) : default;

    /// <summary>The part of the page that may be compressed.</summary>
    public ReadOnlyMemory<byte> Data => Body[LevelBytes..];

    /// <summary>Bytes of <see cref="Data"/> without compression.</summary>
    public int DataLength =>
        Header.UncompressedSize >= LevelBytes
            ? Header.UncompressedSize - LevelBytes
            : throw new ParquetException("a page is shorter than its levels");

    /// <summary>Nothing is not always compressed to something.</summary>
    public bool IsCompressed => Header.Type != PageType.DataV2 || (Header.IsCompressed && Data.Length > 0);

    private int LevelBytes => Header.Type == PageType.DataV2 ? checked(Header.RepetitionBytes + Header.DefinitionBytes) : 0;

    /// <summary>The pages of one column in one row group that hold some of its rows, and its dictionary, in their order, each held against
    /// its checksum where it has one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Position of the first page header.</param>
    /// <param name="end">Upper bound for the end of the chunk.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="all">Number of values of all pages together.</param>
    /// <param name="last">The data page that was read last; who reads on from there need not pass over those before.</param>
    public static IEnumerable<Page> In(IRandomAccess file, long start, long end, RowRange rows, int all, PagePlace last)
    {
        var bytes = new ByteWindow(file, end);
        bool hasDictionary = false;
        long position = start;
        for (int done = 0; done < rows.First + rows.Count;)
        {
            if (last.Before(rows.First, hasDictionary) is var (there, first) && first > done) (position, done) = (there, first);
            PageHeader header = bytes.Header(position, out int length);
            long body = position + length;
            position = body + header.CompressedSize;
            if (position > end) throw new ParquetException("a page ends beyond its column: the file is damaged");
            if (header.Type == PageType.Dictionary)
            {
                if (hasDictionary) throw new ParquetException("a second dictionary");
                if (header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary))
                    throw new ParquetException($"a dictionary with the unsupported encoding {header.Encoding}");
                hasDictionary = true;
                yield return new Page(header, Checked(bytes.Read(body, header.CompressedSize), header), 0);
            }
            else if (header.Type is PageType.Data or PageType.DataV2 && header.ValueCount > 0)
            {
                if (header.ValueCount > all - done)
                    throw new ParquetException($"the pages have more values than the {all} rows of their row group");
                if (done + header.ValueCount > rows.First)
                {
                    last.Is(body - length, done, hasDictionary);
                    yield return new Page(header, Checked(bytes.Read(body, header.CompressedSize), header), done);
                }
                done += header.ValueCount;
            }
        }
    }

    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> body, PageHeader header) =>
        header.Checksum is { } checksum && System.IO.Hashing.Crc32.HashToUInt32(body.Span) != checksum
            ? throw new ParquetException("the checksum of a page does not match its bytes: the file is damaged")
            : body;
}

/// <summary>Where a data page of a chunk is.</summary>
internal sealed class PagePlace
{
    private Place? _last;

    /// <summary>The place of its header and the first of its rows, if a row is not above it and no dictionary is missed.</summary>
    public (long Position, int First)? Before(int row, bool hasDictionary) =>
        Volatile.Read(ref _last) is { } last && last.First <= row && last.HasDictionary == hasDictionary ? (last.Position, last.First)
            : null;

    public void Is(long position, int first, bool hasDictionary) =>
        Volatile.Write(ref _last, new Place(position, first, hasDictionary));

    private sealed record Place(long Position, int First, bool HasDictionary);
}

/// <summary>Rows of one column in one row group.</summary>
/// <param name="Codec">Compression of its pages.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Pages">The pages that hold them, each read and checked when it is asked for.</param>
/// <param name="Budget">The decompressed size of a page is subtracted from it.</param>
internal sealed record StoredChunk(PageCodec Codec, RowRange Rows, IEnumerable<Page> Pages, Func<Page, UnfoldingBudget?> Budget);
