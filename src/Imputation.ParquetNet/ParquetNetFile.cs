using System.Numerics;
using Imputation.Files.Parquet;
using Imputation.Files.ParquetTables;
using Parquet;
using Parquet.Schema;
using Meta = Parquet.Meta;
using ParquetException = Imputation.Files.Parquet.ParquetException;

namespace Imputation.ParquetNet;

/// <summary>A file that Parquet.Net has opened. Its values are asked for as they are stored, without Parquet.Net's idea of their meaning, which would round some.</summary>
internal sealed class ParquetNetFile : IParquetFile
{
    private readonly ParquetReader _reader;

    private ParquetNetFile(ParquetReader reader)
    {
        _reader = reader;
        (Columns, NestedColumns, _) = ColumnSchema.Split([.. reader.Metadata!.Schema.Select(Element)]);
        KeyValues = [.. (reader.Metadata.KeyValueMetadata ?? []).Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))];
    }

    public IReadOnlyList<ColumnSchema> Columns { get; }
    public IReadOnlyList<string> NestedColumns { get; }
    public IReadOnlyList<KeyValuePair<string, string?>> KeyValues { get; }
    public int GroupCount => _reader.RowGroupCount;

    public static ParquetNetFile Open(byte[] bytes) => Guard(() => new ParquetNetFile(ParquetReader.CreateAsync(new MemoryStream(bytes)).GetAwaiter().GetResult()));

    public int RowCount(int group) => _reader.RowGroups[group].RowCount is >= 0 and <= int.MaxValue and var rows ? (int)rows : throw new ParquetException("a row group of a size that cannot be");

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.Synchronized)]
    public ColumnValues Read(int group, ColumnSchema column) => Guard<ColumnValues>(() => column.Type switch
    {
        PhysicalType.Boolean => Read<bool>(group, column),
        PhysicalType.Int32 => Read<int>(group, column),
        PhysicalType.Int64 => Read<long>(group, column),
        PhysicalType.Float => Read<float>(group, column),
        PhysicalType.Double => Read<double>(group, column),
        PhysicalType.Int96 => Bytes(Read<BigInteger>(group, column)),
        _ => Read<ReadOnlyMemory<byte>>(group, column),
    });

    private ColumnValues<T> Read<T>(int group, ColumnSchema column) where T : struct
    {
        int rows = RowCount(group);
        if (rows == 0) return new ColumnValues<T>([], null);
        // A field of the stored type, whatever the file says that it means; a field has to belong to a schema.
        var field = new DataField(column.Name, typeof(T), column.IsOptional);
        _ = new ParquetSchema(field);
        ParquetRowGroupReader reader = _reader.OpenRowGroupReader(group);
        if (reader.GetMetadata(field)?.MetaData?.NumValues is var count && count != rows) throw new ParquetException($"it has {count} values in a row group of {rows} rows");
        (T[] packed, int[] levels) = (new T[rows], new int[rows]);
        reader.ReadRawAsync(field, packed.AsMemory(), column.IsOptional ? levels : (Memory<int>?)null, null).AsTask().GetAwaiter().GetResult();
        if (!column.IsOptional) return new ColumnValues<T>(packed, null);
        int next = 0;
        return new ColumnValues<T>([.. levels.Select(level => level == 1 ? packed[next++] : default)], [.. levels.Select(level => level == 1)]);
    }

    /// <summary>The twelve bytes of an INT96, which Parquet.Net takes for a number. It is not negative, for it ends in the Julian day.</summary>
    private static ColumnValues<ReadOnlyMemory<byte>> Bytes(ColumnValues<BigInteger> numbers) =>
        new(Array.ConvertAll(numbers.Values, number => (ReadOnlyMemory<byte>)(byte[])[.. number.ToByteArray().Concat(new byte[12]).Take(12)]), numbers.Present);

    /// <summary>An element of the schema as Parquet.Net has it, as one of this toolkit.</summary>
    private static SchemaElement Element(Meta.SchemaElement e) => Typed(e) with
    {
        Type = (PhysicalType?)e.Type,
        TypeLength = e.TypeLength ?? 0,
        Repetition = (int?)e.RepetitionType,
        ChildCount = e.NumChildren ?? 0,
        ConvertedType = (int?)e.ConvertedType,
        Scale = e.Scale ?? e.LogicalType?.DECIMAL?.Scale,
        Precision = e.Precision ?? e.LogicalType?.DECIMAL?.Precision,
        FieldId = e.FieldId,
    };

    /// <summary>What else these say of an element is put right afterwards.</summary>
    private static SchemaElement Typed(Meta.SchemaElement e) => e.LogicalType switch
    {
        { DECIMAL: { } t } => ParquetElements.Decimal(e.Name, t.Scale, t.Precision),
        { TIME: { } t } => ParquetElements.Time(e.Name, Unit(t.Unit), t.IsAdjustedToUTC),
        { TIMESTAMP: { } t } => ParquetElements.Timestamp(e.Name, Unit(t.Unit), t.IsAdjustedToUTC),
        { INTEGER: { } t } => ParquetElements.Integer(e.Name, t.BitWidth, t.IsSigned),
        { STRING: not null } => ParquetElements.Text(e.Name),
        { DATE: not null } => ParquetElements.Date(e.Name),
        { UUID: not null } => ParquetElements.Uuid(e.Name),
        { FLOAT16: not null } => ParquetElements.Float16(e.Name),
        _ => new SchemaElement(e.Name),
    };

    private static TimeUnit Unit(Meta.TimeUnit unit) => unit.MILLIS is not null ? TimeUnit.Millis : unit.MICROS is not null ? TimeUnit.Micros : TimeUnit.Nanos;

    /// <summary>Whatever Parquet.Net throws, it could not read the file.</summary>
    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (ParquetException or OutOfMemoryException))
        {
            throw new ParquetException($"Parquet.Net cannot read it ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')})", e);
        }
    }
}
