using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>A Parquet file whose bytes are read as they are needed: its flat columns, row group by row group.</summary>
internal sealed class ParquetFile : IParquetFile
{
    private const int TailLength = 8;

    /// <summary>Some writers forget the dictionary page's header in the size of a chunk.</summary>
    private const int UncountedHeader = 100;

    private readonly IRandomAccess _bytes;
    private readonly FileMetadata _metadata;
    private readonly long _dataEnd;
    private readonly int _leaves;
    private readonly UnfoldingBudget _budget;
    private readonly PagePlace[] _last;
    private readonly int[] _counted; // rows of each chunk that have taken from the budget: who reads some again lets go of the first reading

    private ParquetFile(IRandomAccess bytes, FileMetadata metadata, long dataEnd, long free)
    {
        _bytes = bytes;
        _metadata = metadata;
        _dataEnd = dataEnd;
        (Columns, NestedColumns, int leaves) = ColumnSchema.Split(metadata.Schema);
        foreach (RowGroup group in metadata.RowGroups)
        {
            if (group.RowCount is < 0 or > int.MaxValue) throw new ParquetException($"a row group of {group.RowCount} rows");
            if (group.Chunks.Count != leaves)
                throw new ParquetException($"a row group has {group.Chunks.Count} columns, but the schema has {leaves}");
        }
        double values = metadata.RowGroups.Sum(group => (double)group.RowCount) * leaves;
        _budget = new UnfoldingBudget((long)Math.Min(long.MaxValue / 2, free + 1024.0 * bytes.Length + 64 * values));
        _counted = new int[metadata.RowGroups.Count * leaves];
        _last = [.. _counted.Select(_ => new PagePlace())];
        _leaves = leaves;
    }

    public IReadOnlyList<ColumnSchema> Columns { get; }

    public IReadOnlyList<string> NestedColumns { get; }

    public IReadOnlyList<KeyValuePair<string, string?>> KeyValues => _metadata.KeyValues;

    public int GroupCount => _metadata.RowGroups.Count;

    /// <summary>Rows by row group; the file's total row count is not trusted.</summary>
    public int RowCount(int group) => (int)_metadata.RowGroups[group].RowCount;

    /// <exception cref="ParquetException">It is not a Parquet file, or damaged, or encrypted.</exception>
    /// <param name="bytes">The file.</param>
    /// <param name="free">Bytes that its pages may decompress to, whatever the size of the file.</param>
    public static ParquetFile Open(IRandomAccess bytes, long free = 1 << 26) => Guard(() =>
    {
        ReadOnlySpan<byte> head = bytes.Read(0, (int)Math.Min(bytes.Length, 4)).Span;
        int tailLength = (int)Math.Min(bytes.Length, TailLength);
        ReadOnlySpan<byte> tail = bytes.Read(bytes.Length - tailLength, tailLength).Span;
        if (tail.Length == TailLength && tail.EndsWith("PARE"u8))
            throw new ParquetException("the file is encrypted; decrypt it first");
        if (bytes.Length < 12 || !head.StartsWith("PAR1"u8))
            throw new ParquetException("this is not a Parquet file: it does not begin with PAR1");
        if (!tail.EndsWith("PAR1"u8))
            throw new ParquetException("the file does not end with PAR1: it was truncated or not written completely");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > Math.Min(bytes.Length - 12, Array.MaxLength))
            throw new ParquetException($"a footer of {length} bytes in a file of {bytes.Length}");
        long dataEnd = bytes.Length - TailLength - length;
        return new ParquetFile(bytes, MetadataReader.Read(bytes.Read(dataEnd, (int)length).Span), dataEnd, free);
    });

    public IEnumerable<ColumnValues> Read(ColumnSchema column, RowRange rows)
    {
        using IEnumerator<ColumnValues> parts = Guard(() => Parts(column, rows).GetEnumerator());
        while (Guard(parts.MoveNext)) yield return parts.Current;
    }

    private IEnumerable<ColumnValues> Parts(ColumnSchema column, RowRange rows)
    {
        StoredChunk chunk = Chunk(column, rows);
        return column.Type switch
        {
            PhysicalType.Boolean => Read(new BooleanDecoder()),
            PhysicalType.Int32 => Read(new FixedDecoder<int>()),
            PhysicalType.Int64 => Read(new FixedDecoder<long>()),
            PhysicalType.Float => Read(new FixedDecoder<float>()),
            PhysicalType.Double => Read(new FixedDecoder<double>()),
            PhysicalType.Int96 => Read(new BytesDecoder(12)),
            PhysicalType.FixedLengthByteArray => Read(new BytesDecoder(column.Element.TypeLength)),
            _ => Read(new BytesDecoder(null)),
        };
        IEnumerable<ColumnValues> Read<T>(ValueDecoder<T> decoder) => new ChunkReader<T>(column, chunk, decoder).Read();
    }

    /// <summary>Rows of a column in a row group: their pages, checked against the metadata and their checksums. To be enumerated within <see
    /// cref="Guard"/>.</summary>
    public StoredChunk Chunk(ColumnSchema column, RowRange rows)
    {
        ChunkMetadata chunk = _metadata.RowGroups[rows.Group].Chunks[column.Index];
        int all = RowCount(rows.Group);
        if (rows.First < 0 || rows.Count < 0 || rows.First > all - rows.Count)
            throw new InvalidOperationException($"{rows} of {all} rows.");
        if (rows.Count == 0) return new StoredChunk(chunk.Codec, rows, [], _ => null);
        if (chunk.FilePath is { Length: > 0 } path) throw new ParquetException($"its data are in another file, '{path}'");
        if (chunk.IsEncrypted) throw new ParquetException("it is encrypted");
        if (!chunk.HasMetadata) throw new ParquetException("it has no metadata");
        if (chunk.Type != column.Type) throw new ParquetException($"it is {column.Type} in the schema and {chunk.Type} in a row group");
        if (chunk.ValueCount != all) throw new ParquetException($"it has {chunk.ValueCount} values in a row group of {all} rows");
        long start = chunk.DictionaryPageOffset is > 0 and var dictionary && dictionary < chunk.DataPageOffset ? dictionary
            : chunk.DataPageOffset;
        if (start < 4 || start >= _dataEnd || chunk.CompressedSize < 0)
            throw new ParquetException($"its data offset {start} is outside the {_dataEnd} bytes of data");
        long end = Math.Min(_dataEnd, start + Math.Min(chunk.CompressedSize, _dataEnd) + UncountedHeader);
        int at = rows.Group * _leaves + column.Index;
        return new StoredChunk(chunk.Codec, rows, Page.In(_bytes, start, end, rows, all, _last[at]), page => Budget(at, page));
    }

    /// <summary>The budget, or null where the page has taken from it before.</summary>
    private UnfoldingBudget? Budget(int chunk, Page page)
    {
        int to = page.First + (page.Header.Type == PageType.Dictionary ? 1 : page.Header.ValueCount);
        if (to <= _counted[chunk]) return null;
        if (page.Header.Type != PageType.Dictionary) _counted[chunk] = to;
        return _budget;
    }

    /// <summary>In a damaged file, sizes and offsets may lie outside it; the bounds checks of spans then throw, and this writes the
    /// message.</summary>
    public static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or InvalidDataException or OverflowException)
        {
            throw new ParquetException("a size or offset points outside the file: the file is damaged", e);
        }
    }
}
