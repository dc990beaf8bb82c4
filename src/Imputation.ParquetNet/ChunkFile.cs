using System.Buffers;
using System.Buffers.Binary;
using Imputation.Parquet.Storage;

namespace Imputation.ParquetNet;

/// <summary>A column of a row group as a file of its own, for Parquet.Net to read: the pages as they are, all metadata written
/// anew.</summary>
/// <remarks>Parquet.Net believes what metadata say, and reads on for ever where they end too soon. Here it gets none that this toolkit has
/// not read.</remarks>
internal static class ChunkFile
{
    /// <summary>The name of the file's only column.</summary>
    public const string ColumnName = "column";

    public static byte[] Of(ColumnSchema column, StoredChunk chunk)
    {
        var file = new ArrayBufferWriter<byte>();
        file.Write("PAR1"u8);
        bool hasDictionary = false;
        foreach (Page page in chunk.Pages)
        {
            hasDictionary |= page.Header.Type == PageType.Dictionary;
            // Parquet.Net would take all values for zeros.
            if (!hasDictionary && page.Header.Encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary)
                throw new ParquetException("a page refers to a dictionary, but the column has none");
            Write(column, chunk, page, file);
        }
        // Where it finds fewer values than the pages should have, it reads on behind them: a page of a kind that it refuses.
        file.Write(Header(PageType.Index, 0, 0, null));
        int size = file.WrittenCount - 4;

        // What the values mean is left out: Parquet.Net is asked for them as they are stored.
        var element = new SchemaElement(ColumnName)
        {
            Type = column.Type,
            TypeLength = column.Element.TypeLength,
            Repetition = column.Element.Repetition,
        };
        var schema = new ColumnSchema(element, 0);
        var written = new WrittenChunk(schema, chunk.Codec, chunk.Rows.Count, false, size, size, 4, null, new ChunkStatistics(0, null, null));
        ReadOnlySpan<byte> footer = MetadataWriter.Footer([schema], [new WrittenGroup(chunk.Rows.Count, 4, [written])], []);
        file.Write(footer);
        BinaryPrimitives.WriteInt32LittleEndian(file.GetSpan(4), footer.Length);
        file.Advance(4);
        file.Write("PAR1"u8);
        return file.WrittenSpan.ToArray();
    }

    private static void Write(ColumnSchema column, StoredChunk chunk, Page page, ArrayBufferWriter<byte> file)
    {
        PageHeader header = page.Header;
        ReadOnlyMemory<byte> levels = column.IsOptional ? page.Levels : default;
        Decompression.Check(page.IsCompressed ? chunk.Codec : PageCodec.None, page.Data, page.DataLength, header.ValueCount, chunk.Budget(page));
        // Parquet.Net does not look at the length that LZ4 comes to.
        if (chunk.Codec == PageCodec.Lz4Raw && page.IsCompressed)
            _ = Decompression.Unfold(chunk.Codec, page.Data, page.DataLength, header.ValueCount, budget: null);
        // And would make room for them before it sees their bytes.
        if (header.Type == PageType.Dictionary && header.ValueCount > 8L * page.DataLength)
            throw new ParquetException($"a dictionary of {header.ValueCount} values in {page.DataLength} bytes");
        if (header.Type == PageType.Data && column.IsOptional && header.LevelEncoding != PageEncoding.Rle)
            throw new ParquetException($"definition levels with encoding {header.LevelEncoding}, which Parquet.Net does not read");
        if (header.Type != PageType.Dictionary && column.Type == PhysicalType.Boolean && header.Encoding == PageEncoding.Rle)
            throw new ParquetException("run-length encoded (RLE) Booleans, which Parquet.Net does not read");

        int uncompressed = levels.Length + page.DataLength, compressed = levels.Length + page.Data.Length;
        file.Write(Header(header.Type, uncompressed, compressed, writer => Describe(writer, page, levels)));
        file.Write(levels.Span);
        file.Write(page.Data.Span);
    }

    private static ReadOnlySpan<byte> Header(PageType type, int uncompressed, int compressed, Action<ThriftWriter>? describe)
    {
        var writer = new ThriftWriter();
        writer.Integer(1, (int)type);
        writer.Integer(2, uncompressed);
        writer.Integer(3, compressed);
        int kind = type switch { PageType.Data => 5, PageType.Dictionary => 7, _ => 8 };
        if (describe is not null) writer.Struct(kind, () => describe(writer));
        writer.Stop();
        return writer.Written;
    }

    private static void Describe(ThriftWriter writer, Page page, ReadOnlyMemory<byte> levels)
    {
        PageHeader header = page.Header;
        writer.Integer(1, header.ValueCount);
        if (header.Type == PageType.DataV2)
        {
            int count = header.ValueCount;
            if (levels.Length > 0) count = DefinitionLevels.Count(levels.Span, header.ValueCount);
            writer.Integer(2, header.ValueCount - count);
            writer.Integer(3, header.ValueCount);
            writer.Integer(4, (int)header.Encoding);
            writer.Integer(5, levels.Length);
            writer.Integer(6, 0);
            writer.Bool(7, page.IsCompressed);
            return;
        }
        writer.Integer(2, (int)header.Encoding);
        if (header.Type == PageType.Dictionary) return;
        writer.Integer(3, (int)PageEncoding.Rle);
        writer.Integer(4, (int)PageEncoding.Rle);
    }
}
