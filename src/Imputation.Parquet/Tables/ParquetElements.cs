using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Schema elements of the types that tables are written with; older readers know the converted type, newer ones the logical
/// type.</summary>
internal static class ParquetElements
{
    public static SchemaElement Of(string name, PhysicalType type) => new(name) { Type = type };

    public static SchemaElement Text(string name) => Of(name, PhysicalType.ByteArray) with
    {
        ConvertedType = 0,
        RawLogicalType = Logical(LogicalKind.String)
    };

    public static SchemaElement Date(string name) => Of(name, PhysicalType.Int32) with
    {
        ConvertedType = 6,
        RawLogicalType = Logical(LogicalKind.Date)
    };

    public static SchemaElement Uuid(string name) => Of(name, PhysicalType.FixedLengthByteArray) with
    {
        TypeLength = 16,
        RawLogicalType = Logical(LogicalKind.Uuid)
    };

    public static SchemaElement Float16(string name) => Of(name, PhysicalType.FixedLengthByteArray) with
    {
        TypeLength = 2,
        RawLogicalType = Logical(LogicalKind.Float16)
    };

    public static SchemaElement Time(string name, TimeUnit unit, bool utc = false) =>
        Of(name, PhysicalType.Int64) with { RawLogicalType = Logical(LogicalKind.Time, w => InUnit(w, unit, utc)) };

    public static SchemaElement Timestamp(string name, TimeUnit unit, bool utc) => Of(name, PhysicalType.Int64) with
    {
        ConvertedType = utc && unit == TimeUnit.Micros ? 10 : null,
        RawLogicalType = Logical(LogicalKind.Timestamp, w => InUnit(w, unit, utc)),
    };

    /// <summary>In 16 bytes, which hold 38 digits.</summary>
    public static SchemaElement Decimal(string name, int scale, int precision = 38) => Of(name, PhysicalType.FixedLengthByteArray) with
    {
        TypeLength = 16,
        ConvertedType = 5,
        Scale = scale,
        Precision = precision,
        RawLogicalType = Logical(LogicalKind.Decimal, w =>
        {
            w.Integer(1, scale);
            w.Integer(2, precision);
        }),
    };

    public static SchemaElement Integer(string name, int bits, bool signed) =>
        Of(name, bits == 64 ? PhysicalType.Int64 : PhysicalType.Int32) with
        {
            ConvertedType = (signed ? 15 : 11) + int.Log2(bits) - 3,
            RawLogicalType = Logical(LogicalKind.Integer, w =>
            {
                w.Byte(1, (sbyte)bits);
                w.Bool(2, signed);
            }),
        };

    private static void InUnit(ThriftWriter writer, TimeUnit unit, bool utc)
    {
        writer.Bool(1, utc);
        writer.Struct(2, () => writer.Struct((int)unit, () => { }));
    }

    /// <summary>The union's one member, as in the schema.</summary>
    private static byte[] Logical(LogicalKind kind, Action<ThriftWriter>? write = null)
    {
        var writer = new ThriftWriter();
        writer.Struct((int)kind, () => write?.Invoke(writer));
        writer.Stop();
        return writer.Written.ToArray();
    }
}
