using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>A Parquet file in memory: its flat columns, row group by row group.</summary>
internal sealed class ParquetFile : IParquetFile
{
    private const int TailLength = 8;

    /// <summary>Some writers forget the dictionary page's header in the size of a chunk.</summary>
    private const int UncountedHeader = 100;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly FileMetadata _metadata;
    private readonly int _dataEnd;
    private readonly int _leaves;
    private readonly UnfoldingBudget _budget;
    private readonly bool[] _counted; // chunks that have taken from the budget: who reads one again lets go of the first reading

    private ParquetFile(ReadOnlyMemory<byte> bytes, FileMetadata metadata, int dataEnd, long free)
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
        _counted = new bool[metadata.RowGroups.Count * leaves];
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
    public static ParquetFile Open(ReadOnlyMemory<byte> bytes, long free = 1 << 26) => Guard(() =>
    {
        ReadOnlySpan<byte> file = bytes.Span;
        if (file.Length >= TailLength && file[^4..].SequenceEqual("PARE"u8))
            throw new ParquetException("the file is encrypted; decrypt it first");
        if (file.Length < 12 || !file.StartsWith("PAR1"u8))
            throw new ParquetException("this is not a Parquet file: it does not begin with PAR1");
        if (!file.EndsWith("PAR1"u8))
            throw new ParquetException("the file does not end with PAR1: it was truncated or not written completely");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[^TailLength..]);
        if (length > file.Length - 12) throw new ParquetException($"a footer of {length} bytes in a file of {file.Length}");
        int dataEnd = file.Length - TailLength - (int)length;
        return new ParquetFile(bytes, MetadataReader.Read(file[dataEnd..^TailLength]), dataEnd, free);
    });

    public ColumnValues Read(int group, ColumnSchema column) => Guard(() =>
    {
        StoredChunk chunk = Chunk(group, column);
        return column.Type switch
        {
            PhysicalType.Boolean => Read(new BooleanDecoder()),
            PhysicalType.Int32 => Read(new FixedDecoder<int>()),
            PhysicalType.Int64 => Read(new FixedDecoder<long>()),
            PhysicalType.Float => Read(new FixedDecoder<float>()),
            PhysicalType.Double => Read(new FixedDecoder<double>()),
            PhysicalType.Int96 => Read(new BytesDecoder(12, chunk.Budget)),
            PhysicalType.FixedLengthByteArray => Read(new BytesDecoder(column.Element.TypeLength, chunk.Budget)),
            _ => Read(new BytesDecoder(null, chunk.Budget)),
        };
        ColumnValues Read<T>(ValueDecoder<T> decoder) => new ChunkReader<T>(column, chunk, decoder).Read();
    });

    /// <summary>A column in a row group: its pages, checked against the metadata and their checksums. To be enumerated within <see
    /// cref="Guard"/>.</summary>
    public StoredChunk Chunk(int group, ColumnSchema column)
    {
        int at = group * _leaves + column.Index;
        UnfoldingBudget? budget = _counted[at] ? null : _budget;
        _counted[at] = true;
        ChunkMetadata chunk = _metadata.RowGroups[group].Chunks[column.Index];
        int rows = RowCount(group);
        if (rows == 0) return new StoredChunk(chunk.Codec, 0, [], budget);
        if (chunk.FilePath is { Length: > 0 } path) throw new ParquetException($"its data are in another file, '{path}'");
        if (chunk.IsEncrypted) throw new ParquetException("it is encrypted");
        if (!chunk.HasMetadata) throw new ParquetException("it has no metadata");
        if (chunk.Type != column.Type) throw new ParquetException($"it is {column.Type} in the schema and {chunk.Type} in a row group");
        if (chunk.ValueCount != rows) throw new ParquetException($"it has {chunk.ValueCount} values in a row group of {rows} rows");
        long start = chunk.DictionaryPageOffset is > 0 and var dictionary && dictionary < chunk.DataPageOffset ? dictionary
            : chunk.DataPageOffset;
        if (start < 4 || start >= _dataEnd || chunk.CompressedSize < 0)
            throw new ParquetException($"its data offset {start} is outside the {_dataEnd} bytes of data");
        int end = (int)Math.Min(_dataEnd, start + Math.Min(chunk.CompressedSize, int.MaxValue) + UncountedHeader);
        return new StoredChunk(chunk.Codec, rows, Page.In(_bytes, (int)start, end, rows), budget);
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
