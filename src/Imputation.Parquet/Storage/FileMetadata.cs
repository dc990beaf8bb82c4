namespace Imputation.Parquet.Storage;

/// <summary>The footer: schema, positions of the row groups, and the writer's metadata.</summary>
internal sealed record FileMetadata(IReadOnlyList<SchemaElement> Schema, IReadOnlyList<RowGroup> RowGroups,
    IReadOnlyList<KeyValuePair<string, string?>> KeyValues);

/// <summary>A node of the schema tree in the order of the file, depth first.</summary>
internal sealed record SchemaElement(string Name)
{
    public PhysicalType? Type { get; init; }

    public int TypeLength { get; init; }

    /// <summary>0 required, 1 optional, 2 repeated; null at the root.</summary>
    public int? Repetition { get; init; }

    public int ChildCount { get; init; }

    public int? ConvertedType { get; init; }

    public int? Scale { get; init; }

    public int? Precision { get; init; }

    public int? FieldId { get; init; }

    /// <summary>The logical type in Thrift's compact protocol, copied unchanged.</summary>
    public byte[]? RawLogicalType { get; init; }
}

/// <summary>Some rows of all columns.</summary>
internal sealed record RowGroup(long RowCount, IReadOnlyList<ChunkMetadata> Chunks);

/// <summary>Position of the values of one column in one row group.</summary>
internal sealed record ChunkMetadata
{
    public PhysicalType Type { get; init; }

    public PageCodec Codec { get; init; }

    public long ValueCount { get; init; }

    public long CompressedSize { get; init; }

    public long DataPageOffset { get; init; }

    public long? DictionaryPageOffset { get; init; }

    public string? FilePath { get; init; }

    public bool IsEncrypted { get; init; }

    public bool HasMetadata { get; init; }
}
