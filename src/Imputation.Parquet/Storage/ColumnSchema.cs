namespace Imputation.Parquet.Storage;

/// <summary>A column of a flat schema.</summary>
/// <param name="Element">The element as in the schema.</param>
/// <param name="Index">Its place among all leaves of the schema, which is that of its chunks in a row group.</param>
internal sealed record ColumnSchema(SchemaElement Element, int Index)
{
    public string Name => Element.Name;

    public PhysicalType Type => Element.Type!.Value;

    public LogicalType Logical { get; } = LogicalType.Of(Element);

    public bool IsOptional => Element.Repetition == 1;

    /// <summary>The flat columns of a schema, and the names of those that are nested.</summary>
    public static (IReadOnlyList<ColumnSchema> Flat, IReadOnlyList<string> Nested, int LeafCount) Split(IReadOnlyList<SchemaElement> schema)
    {
        if (schema.Count == 0) throw new ParquetException("the schema is empty");
        var flat = new List<ColumnSchema>();
        var nested = new List<string>();
        int at = 1, leaves = 0;
        for (int k = 0; k < schema[0].ChildCount; k++)
        {
            SchemaElement element = At(schema, at);
            if (element is { ChildCount: 0, Type: not null, Repetition: 0 or 1 }) flat.Add(new ColumnSchema(Checked(element), leaves));
            else nested.Add(element.Name);
            Walk(schema, ref at, ref leaves, 0);
        }
        if (at != schema.Count) throw new ParquetException($"the schema has {schema.Count} elements, but its tree has {at}");
        return (flat, nested, leaves);
    }

    private static void Walk(IReadOnlyList<SchemaElement> schema, ref int at, ref int leaves, int depth)
    {
        if (depth > 64) throw new ParquetException("the schema is nested too deeply");
        SchemaElement element = At(schema, at++);
        if (element.Type is not null) leaves++;
        else
            for (int k = 0; k < element.ChildCount; k++) Walk(schema, ref at, ref leaves, depth + 1);
    }

    private static SchemaElement At(IReadOnlyList<SchemaElement> schema, int at) => at < schema.Count ? schema[at]
        : throw new ParquetException("the schema is incomplete");

    private static SchemaElement Checked(SchemaElement element) =>
        element.Type == PhysicalType.FixedLengthByteArray && element.TypeLength is < 1 or > 1 << 20
            ? throw new ParquetException($"column '{element.Name}' has values of {element.TypeLength} bytes each")
            : element;
}
