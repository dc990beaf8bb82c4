namespace Imputation.Parquet.Storage;

/// <summary>A chunk that was written, for the footer.</summary>
internal sealed record WrittenChunk(ColumnSchema Column, PageCodec Codec, long ValueCount, bool HasDictionary, long UncompressedSize,
    long CompressedSize, long DataPageOffset, long? DictionaryPageOffset, ChunkStatistics Statistics);

/// <summary>A row group that was written, for the footer.</summary>
internal sealed record WrittenGroup(long RowCount, long Offset, IReadOnlyList<WrittenChunk> Chunks);

/// <summary>Writes page headers and the footer.</summary>
internal static class MetadataWriter
{
    private const int FormatVersion = 2;
    private const string CreatedBy = "Imputation.Parquet version 0.1.0 (build 0)";

    public static ReadOnlySpan<byte> PageHeader(PageType type, int uncompressed, int compressed, uint checksum, int values,
        PageEncoding encoding)
    {
        var writer = new ThriftWriter();
        writer.Integer(1, (int)type);
        writer.Integer(2, uncompressed);
        writer.Integer(3, compressed);
        writer.Integer(4, (int)checksum);
        writer.Struct(type == PageType.Dictionary ? 7 : 5, () =>
        {
            writer.Integer(1, values);
            writer.Integer(2, (int)encoding);
            if (type == PageType.Dictionary) return;
            writer.Integer(3, (int)PageEncoding.Rle);
            writer.Integer(4, (int)PageEncoding.Rle);
        });
        writer.Stop();
        return writer.Written;
    }

    public static ReadOnlySpan<byte> Footer(IReadOnlyList<ColumnSchema> columns, IReadOnlyList<WrittenGroup> groups,
        IReadOnlyList<KeyValuePair<string, string?>> keyValues)
    {
        var writer = new ThriftWriter();
        writer.Integer(1, FormatVersion);
        writer.Structs(2, [new SchemaElement("schema") { ChildCount = columns.Count }, .. columns.Select(c => c.Element)],
            element => Element(writer, element));
        writer.Long(3, groups.Sum(g => g.RowCount));
        writer.Structs(4, groups, group => Group(writer, group));
        if (keyValues.Count > 0)
            writer.Structs(5, keyValues, pair =>
            {
                writer.Text(1, pair.Key);
                if (pair.Value is not null) writer.Text(2, pair.Value);
            });
        writer.Text(6, CreatedBy);
        // Smallest and largest values follow the order of each column's type.
        writer.Structs(7, columns, _ => writer.Struct(1, () => { }));
        writer.Stop();
        return writer.Written;
    }

    private static void Element(ThriftWriter writer, SchemaElement element)
    {
        if (element.Type is { } type) writer.Integer(1, (int)type);
        if (element.Type == PhysicalType.FixedLengthByteArray) writer.Integer(2, element.TypeLength);
        if (element.Repetition is { } repetition) writer.Integer(3, repetition);
        writer.Text(4, element.Name);
        if (element.Type is null) writer.Integer(5, element.ChildCount);
        if (element.ConvertedType is { } converted) writer.Integer(6, converted);
        if (element.Scale is { } scale) writer.Integer(7, scale);
        if (element.Precision is { } precision) writer.Integer(8, precision);
        if (element.FieldId is { } id) writer.Integer(9, id);
        if (element.RawLogicalType is { } logical) writer.Raw(10, logical);
    }

    private static void Group(ThriftWriter writer, WrittenGroup group)
    {
        writer.Structs(1, group.Chunks, chunk =>
        {
            writer.Long(2, 0);
            writer.Struct(3, () => Chunk(writer, chunk));
        });
        writer.Long(2, group.Chunks.Sum(c => c.UncompressedSize));
        writer.Long(3, group.RowCount);
        writer.Long(5, group.Offset);
        writer.Long(6, group.Chunks.Sum(c => c.CompressedSize));
    }

    private static void Chunk(ThriftWriter writer, WrittenChunk chunk)
    {
        writer.Integer(1, (int)chunk.Column.Type);
        int[] encodings = chunk.HasDictionary ? [(int)PageEncoding.Plain, (int)PageEncoding.Rle, (int)PageEncoding.RleDictionary]
            : [(int)PageEncoding.Plain, (int)PageEncoding.Rle];
        writer.Integers(2, encodings);
        writer.Texts(3, [chunk.Column.Name]);
        writer.Integer(4, (int)chunk.Codec);
        writer.Long(5, chunk.ValueCount);
        writer.Long(6, chunk.UncompressedSize);
        writer.Long(7, chunk.CompressedSize);
        writer.Long(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset is { } offset) writer.Long(11, offset);
        writer.Struct(12, () =>
        {
            writer.Long(3, chunk.Statistics.NullCount);
            if (chunk.Statistics.Max is { } max) writer.Binary(5, max);
            if (chunk.Statistics.Min is { } min) writer.Binary(6, min);
        });
    }
}
