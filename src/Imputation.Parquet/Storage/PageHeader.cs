namespace Imputation.Parquet.Storage;

/// <summary>Kinds of pages; the numbers are the format's.</summary>
internal enum PageType
{
    Data = 0,
    Index = 1,
    Dictionary = 2,
    DataV2 = 3,
}

/// <summary>The header before the bytes of a page.</summary>
internal record struct PageHeader
{
    public PageType Type { get; private set; }

    public int UncompressedSize { get; private set; }

    public int CompressedSize { get; private set; }

    public uint? Checksum { get; private set; }

    public int ValueCount { get; private set; }

    public PageEncoding Encoding { get; private set; }

    /// <summary>Of the definition levels; version 1 only.</summary>
    public PageEncoding LevelEncoding { get; private set; }

    public int DefinitionBytes { get; private set; }

    public int RepetitionBytes { get; private set; }

    /// <summary>Version 2 only: whether the values are compressed.</summary>
    public bool IsCompressed { get; private set; }

    public static PageHeader Read(ReadOnlySpan<byte> data, out int length)
    {
        var reader = new ThriftReader(data);
        var header = new PageHeader { Type = (PageType)(-1), IsCompressed = true };
        bool described = false;
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (id)
            {
                case 1:
                    header.Type = (PageType)reader.Int32(type);
                    break;
                case 2:
                    header.UncompressedSize = reader.Int32(type);
                    break;
                case 3:
                    header.CompressedSize = reader.Int32(type);
                    break;
                case 4:
                    header.Checksum = (uint)reader.Int32(type);
                    break;
                case 5 or 7 or 8:
                    reader.Struct(type);
                    if (id == (header.Type switch { PageType.Data => 5, PageType.Dictionary => 7, PageType.DataV2 => 8, _ => 0 }))
                    {
                        header.ReadFields(ref reader);
                        described = true;
                    }
                    else
                    {
                        reader.Skip(type);
                    }
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        if (!described && header.Type is PageType.Data or PageType.Dictionary or PageType.DataV2)
            throw new ParquetException("a page header is incomplete");
        if (header.UncompressedSize < 0 || header.CompressedSize < 0 || header.ValueCount < 0 || header.DefinitionBytes < 0
            || header.RepetitionBytes < 0)
            throw new ParquetException("a page header holds a negative size");
        length = reader.Position;
        return header;
    }

    private void ReadFields(ref ThriftReader reader)
    {
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (Type, id)
            {
                case (_, 1):
                    ValueCount = reader.Int32(type);
                    break;
                case (PageType.Data or PageType.Dictionary, 2) or (PageType.DataV2, 4):
                    Encoding = (PageEncoding)reader.Int32(type);
                    break;
                case (PageType.Data, 3):
                    LevelEncoding = (PageEncoding)reader.Int32(type);
                    break;
                case (PageType.DataV2, 5):
                    DefinitionBytes = reader.Int32(type);
                    break;
                case (PageType.DataV2, 6):
                    RepetitionBytes = reader.Int32(type);
                    break;
                case (PageType.DataV2, 7):
                    IsCompressed = reader.Bool(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }
}
