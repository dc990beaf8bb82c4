namespace Imputation.Parquet.Storage;

/// <summary>Parses the footer. Fields that are not needed for reading are skipped.</summary>
internal static class MetadataReader
{
    public static FileMetadata Read(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        var schema = new List<SchemaElement>();
        var groups = new List<RowGroup>();
        var keyValues = new List<KeyValuePair<string, string?>>();
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 2:
                    for (int count = Structs(ref reader, type); count > 0; count--) schema.Add(Element(ref reader));
                    break;
                case 4:
                    for (int count = Structs(ref reader, type); count > 0; count--) groups.Add(Group(ref reader));
                    break;
                case 5:
                    for (int count = Structs(ref reader, type); count > 0; count--) keyValues.Add(KeyValue(ref reader));
                    break;
                case 8:
                    throw new ParquetException("the file is encrypted; decrypt it first");
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new FileMetadata(schema, groups, keyValues);
    }

    private static int Structs(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.List(type, out ThriftType elements);
        if (count > 0) reader.Struct(elements);
        return count;
    }

    private static SchemaElement Element(ref ThriftReader reader)
    {
        var element = new SchemaElement("");
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    element = element with { Type = Physical(reader.Int32(type)) };
                    break;
                case 2:
                    element = element with { TypeLength = reader.Int32(type) };
                    break;
                case 3:
                    element = element with { Repetition = reader.Int32(type) };
                    break;
                case 4:
                    element = element with { Name = reader.Text(type) };
                    break;
                case 5:
                    element = element with { ChildCount = reader.Int32(type) };
                    break;
                case 6:
                    element = element with { ConvertedType = reader.Int32(type) };
                    break;
                case 7:
                    element = element with { Scale = reader.Int32(type) };
                    break;
                case 8:
                    element = element with { Precision = reader.Int32(type) };
                    break;
                case 9:
                    element = element with { FieldId = reader.Int32(type) };
                    break;
                case 10:
                    reader.Struct(type);
                    int start = reader.Position;
                    reader.Skip(type);
                    element = element with { RawLogicalType = reader.Since(start).ToArray() };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return element;
    }

    private static RowGroup Group(ref ThriftReader reader)
    {
        var chunks = new List<ChunkMetadata>();
        long rows = 0;
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    for (int count = Structs(ref reader, type); count > 0; count--) chunks.Add(Chunk(ref reader));
                    break;
                case 3:
                    rows = reader.Integer(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return new RowGroup(rows, chunks);
    }

    private static ChunkMetadata Chunk(ref ThriftReader reader)
    {
        var chunk = new ChunkMetadata();
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    chunk = chunk with { FilePath = reader.Text(type) };
                    break;
                case 3:
                    reader.Struct(type);
                    chunk = ChunkFields(ref reader, chunk with { HasMetadata = true });
                    break;
                case 8 or 9:
                    chunk = chunk with { IsEncrypted = true };
                    reader.Skip(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return chunk;
    }

    private static ChunkMetadata ChunkFields(ref ThriftReader reader, ChunkMetadata chunk)
    {
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    chunk = chunk with { Type = Physical(reader.Int32(type)) };
                    break;
                case 4:
                    chunk = chunk with { Codec = (PageCodec)reader.Int32(type) };
                    break;
                case 5:
                    chunk = chunk with { ValueCount = reader.Integer(type) };
                    break;
                case 7:
                    chunk = chunk with { CompressedSize = reader.Integer(type) };
                    break;
                case 9:
                    chunk = chunk with { DataPageOffset = reader.Integer(type) };
                    break;
                case 11:
                    chunk = chunk with { DictionaryPageOffset = reader.Integer(type) };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return chunk;
    }

    private static KeyValuePair<string, string?> KeyValue(ref ThriftReader reader)
    {
        string key = "";
        string? value = null;
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            if (id == 1) key = reader.Text(type);
            else if (id == 2) value = reader.Text(type);
            else reader.Skip(type);
        }
        return new(key, value);
    }

    private static PhysicalType Physical(int type) => type is >= 0 and <= 7 ? (PhysicalType)type
        : throw new ParquetException($"a column of the unknown physical type {type}");
}
