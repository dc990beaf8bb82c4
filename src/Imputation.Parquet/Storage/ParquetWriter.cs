using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Imputation.Numerics.Threading;

namespace Imputation.Parquet.Storage;

/// <summary>Writes a Parquet file from its start to its end: row group by row group, column by column, never going back.</summary>
internal sealed class ParquetWriter : IParquetWriter
{
    /// <summary>Uncompressed bytes of a page, roughly.</summary>
    private const int PageLength = 1 << 20;

    private readonly Stream _stream;
    private readonly IReadOnlyList<ColumnSchema> _columns;
    private readonly PageCodec _codec;
    private readonly List<WrittenGroup> _groups = [];
    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = []; // used again: they are large
    private long _position;

    public ParquetWriter(Stream stream, IReadOnlyList<SchemaElement> columns, PageCodec codec)
    {
        _stream = stream;
        _columns = [.. columns.Select((element, j) => new ColumnSchema(element, j))];
        _codec = codec;
        Write("PAR1"u8);
    }

    public void WriteGroup(int rows, Func<int, ColumnValues> column)
    {
        long offset = _position;
        var chunks = new WrittenChunk[_columns.Count];
        OrderedWork.Run(chunks.Length, Environment.ProcessorCount, j =>
        {
            ColumnValues values = column(j);
            if (values.Count != rows) throw new ArgumentException($"Column '{_columns[j].Name}' has {values.Count} values for {rows} rows.",
                nameof(column));
            return Chunk(_columns[j], values);
        }, (j, made) =>
        {
            chunks[j] = made.Chunk with
            {
                DataPageOffset = _position + made.Chunk.DataPageOffset,
                DictionaryPageOffset = _position
                + made.Chunk.DictionaryPageOffset
            };
            Write(made.Bytes.WrittenSpan);
            _buffers.Add(made.Bytes);
        }, CancellationToken.None);
        _groups.Add(new WrittenGroup(rows, offset, chunks));
    }

    public void Finish(IReadOnlyList<KeyValuePair<string, string?>> keyValues)
    {
        ReadOnlySpan<byte> footer = MetadataWriter.Footer(_columns, _groups, keyValues);
        Write(footer);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        Write(length);
        Write("PAR1"u8);
    }

    /// <summary>The bytes of a column in a row group, and their footer entry, with offsets counted from their start.</summary>
    private (WrittenChunk Chunk, ArrayBufferWriter<byte> Bytes) Chunk(ColumnSchema column, ColumnValues values)
    {
        ArrayBufferWriter<byte> chunk = Buffer(), body = Buffer();
        long unfolded = 0;
        ByteDictionary? dictionary = column.Type == PhysicalType.ByteArray
            ? ByteDictionary.TryMake((ColumnValues<ReadOnlyMemory<byte>>)values) : null;
        if (dictionary is not null)
        {
            foreach (ReadOnlyMemory<byte> value in dictionary.Values) ValueWriter.Bytes(value.Span, withLength: true, body);
            unfolded += WritePage(PageType.Dictionary, body, dictionary.Values.Count, PageEncoding.Plain, chunk);
        }
        long dataAt = chunk.WrittenCount;
        int step = RowsPerPage(column, values);
        for (int from = 0; from < values.Count; from += step)
        {
            int count = Math.Min(step, values.Count - from);
            body.ResetWrittenCount();
            if (column.IsOptional) WriteLevels(values, from, count, body);
            if (dictionary is null) ValueWriter.Write(values, column.Type == PhysicalType.ByteArray, from, count, body);
            else WriteIndices(dictionary, values, from, count, body);
            unfolded += WritePage(PageType.Data, body, count, dictionary is null ? PageEncoding.Plain : PageEncoding.RleDictionary, chunk);
        }
        _buffers.Add(body);
        return (new WrittenChunk(column, _codec, values.Count, dictionary is not null, unfolded, chunk.WrittenCount, dataAt,
            dictionary is null ? null : 0, ChunkStatistics.Of(column, values)), chunk);
    }

    /// <summary>An empty buffer.</summary>
    private ArrayBufferWriter<byte> Buffer()
    {
        if (!_buffers.TryTake(out ArrayBufferWriter<byte>? buffer)) return new ArrayBufferWriter<byte>();
        buffer.ResetWrittenCount();
        return buffer;
    }

    private static int RowsPerPage(ColumnSchema column, ColumnValues values)
    {
        long width = column.Type switch
        {
            PhysicalType.Boolean => 1,
            PhysicalType.Int32 or PhysicalType.Float => 4,
            PhysicalType.Int64 or PhysicalType.Double => 8,
            _ => 4 + ((ColumnValues<ReadOnlyMemory<byte>>)values).Values.Sum(v => (long)v.Length) / Math.Max(1, values.Count),
        };
        return (int)Math.Max(1, PageLength / width);
    }

    /// <summary>A one for each row with a value, a nought for each null, after their length in bytes.</summary>
    private static void WriteLevels(ColumnValues values, int from, int count, ArrayBufferWriter<byte> body)
    {
        var levels = new int[count];
        for (int i = 0; i < count; i++) levels[i] = values.IsNull(from + i) ? 0 : 1;
        var runs = new ArrayBufferWriter<byte>();
        RunLengthWriter.Write(levels, 1, runs);
        ValueWriter.Bytes(runs.WrittenSpan, withLength: true, body);
    }

    private static void WriteIndices(ByteDictionary dictionary, ColumnValues values, int from, int count, ArrayBufferWriter<byte> body)
    {
        var indices = new List<int>(count);
        for (int row = from; row < from + count; row++)
            if (!values.IsNull(row)) indices.Add(dictionary.Indices[row]);
        body.Write([(byte)dictionary.Width]);
        RunLengthWriter.Write(CollectionsMarshal.AsSpan(indices), dictionary.Width, body);
    }

    /// <summary>Returns the bytes that the page and its header would take without compression.</summary>
    private long WritePage(PageType type, ArrayBufferWriter<byte> body, int values, PageEncoding encoding, ArrayBufferWriter<byte> chunk)
    {
        ReadOnlyMemory<byte> folded = Compression.Fold(_codec, body.WrittenMemory);
        uint checksum = Crc32.HashToUInt32(folded.Span);
        ReadOnlySpan<byte> header = MetadataWriter.PageHeader(type, body.WrittenCount, folded.Length, checksum, values, encoding);
        chunk.Write(header);
        chunk.Write(folded.Span);
        return header.Length + body.WrittenCount;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _position += bytes.Length;
    }
}
