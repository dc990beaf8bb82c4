namespace Imputation.Parquet.Storage;

/// <summary>The meaning of the values of a column, from the logical type or, in older files, the converted type.</summary>
internal readonly record struct LogicalType(LogicalKind Kind, int Scale = 0, int Precision = 0, TimeUnit Unit = TimeUnit.Micros,
    bool IsUtc = false, int BitWidth = 0, bool IsSigned = true)
{
    private const int DecimalConverted = 5;

    /// <summary>The meaning of a schema element: its logical type before its converted type.</summary>
    public static LogicalType Of(SchemaElement element)
    {
        LogicalType type = element.RawLogicalType is { } raw ? Parse(raw) : new(LogicalKind.None);
        if (type.Kind is LogicalKind.None or LogicalKind.Unknown && element.ConvertedType is { } converted)
            type = FromConverted(converted, element);
        return type;
    }

    private static LogicalType Parse(ReadOnlySpan<byte> raw)
    {
        var reader = new ThriftReader(raw);
        var result = new LogicalType(LogicalKind.None);
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            LogicalKind kind = id is >= 1 and <= 15 and not 9 ? (LogicalKind)id : LogicalKind.Unknown;
            if (type != ThriftType.Struct)
            {
                reader.Skip(type);
                continue;
            }
            result = kind is LogicalKind.Decimal or LogicalKind.Time or LogicalKind.Timestamp or LogicalKind.Integer
                ? Fields(ref reader, kind) : new LogicalType(kind);
            if (kind is not (LogicalKind.Decimal or LogicalKind.Time or LogicalKind.Timestamp or LogicalKind.Integer)) reader.Skip(type);
        }
        return result;
    }

    private static LogicalType Fields(ref ThriftReader reader, LogicalKind kind)
    {
        var result = new LogicalType(kind);
        int id = 0;
        while (reader.NextField(ref id, out ThriftType type))
        {
            switch (kind, id)
            {
                case (LogicalKind.Decimal, 1):
                    result = result with { Scale = reader.Int32(type) };
                    break;
                case (LogicalKind.Decimal, 2):
                    result = result with { Precision = reader.Int32(type) };
                    break;
                case (LogicalKind.Integer, 1):
                    result = result with { BitWidth = reader.Int32(type) };
                    break;
                case (LogicalKind.Integer, 2):
                    result = result with { IsSigned = reader.Bool(type) };
                    break;
                case (LogicalKind.Time or LogicalKind.Timestamp, 1):
                    result = result with { IsUtc = reader.Bool(type) };
                    break;
                case (LogicalKind.Time or LogicalKind.Timestamp, 2):
                    reader.Struct(type);
                    int unit = 0;
                    while (reader.NextField(ref unit, out ThriftType empty))
                    {
                        result = result with
                        {
                            Unit = unit is >= 1 and <= 3 ? (TimeUnit)unit
                            : throw new ParquetException($"a time unit of number {unit}")
                        };
                        reader.Skip(empty);
                    }
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
        return result;
    }

    private static LogicalType FromConverted(int converted, SchemaElement element) => converted switch
    {
        0 => new(LogicalKind.String),
        4 => new(LogicalKind.Enum),
        DecimalConverted => new(LogicalKind.Decimal, element.Scale ?? 0, element.Precision ?? 0),
        6 => new(LogicalKind.Date),
        7 => new(LogicalKind.Time, Unit: TimeUnit.Millis, IsUtc: true),
        8 => new(LogicalKind.Time, Unit: TimeUnit.Micros, IsUtc: true),
        9 => new(LogicalKind.Timestamp, Unit: TimeUnit.Millis, IsUtc: true),
        10 => new(LogicalKind.Timestamp, Unit: TimeUnit.Micros, IsUtc: true),
        >= 11 and <= 14 => new(LogicalKind.Integer, BitWidth: 8 << (converted - 11), IsSigned: false),
        >= 15 and <= 18 => new(LogicalKind.Integer, BitWidth: 8 << (converted - 15)),
        19 => new(LogicalKind.Json),
        20 => new(LogicalKind.Bson),
        21 => new(LogicalKind.Interval),
        _ => new(LogicalKind.Unknown),
    };
}
