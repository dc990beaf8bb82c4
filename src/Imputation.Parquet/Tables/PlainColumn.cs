using System.Numerics;
using System.Text;
using Imputation.Files.Csv;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>A column that does not come from a Parquet file: numbers as DOUBLE or INT64, text, and the types that Parquet has; all
/// else as text. Every column may have nulls; a missing cell is one.</summary>
internal sealed class PlainColumn : IParquetColumn
{
    private readonly Func<int, int, ColumnValues> _values;

    private PlainColumn(SchemaElement element, Func<int, int, ColumnValues> values)
    {
        Element = element with { Repetition = 1 };
        _values = values;
    }

    public SchemaElement Element { get; }

    public ColumnValues Values(int group, int start, int count) => _values(start, count);

    public static PlainColumn For(Column column) => column switch
    {
        NumericColumn { Kind: ColumnKind.Integer } numbers => Of(column, ParquetElements.Of(column.Name, PhysicalType.Int64),
            row => (long)numbers.Values[row]),
        NumericColumn numbers => Of(column, ParquetElements.Of(column.Name, PhysicalType.Double), row => numbers.Values[row]),
        ObjectColumn objects => OfObjects(objects),
        _ => OfText(column),
    };

    private static PlainColumn OfObjects(ObjectColumn column)
    {
        string name = column.Name;
        T At<T>(int row) => (T)column.Value(row)!;
        return Type.GetTypeCode(column.Type) switch
        {
            TypeCode.Boolean => Of(column, ParquetElements.Of(name, PhysicalType.Boolean), At<bool>),
            TypeCode.SByte => Of(column, ParquetElements.Integer(name, 8, true), row => (int)At<sbyte>(row)),
            TypeCode.Int16 => Of(column, ParquetElements.Integer(name, 16, true), row => (int)At<short>(row)),
            TypeCode.Int32 when !column.Type.IsEnum => Of(column, ParquetElements.Of(name, PhysicalType.Int32), At<int>),
            TypeCode.Int64 => Of(column, ParquetElements.Of(name, PhysicalType.Int64), At<long>),
            TypeCode.Byte => Of(column, ParquetElements.Integer(name, 8, false), row => (int)At<byte>(row)),
            TypeCode.UInt16 => Of(column, ParquetElements.Integer(name, 16, false), row => (int)At<ushort>(row)),
            TypeCode.UInt32 => Of(column, ParquetElements.Integer(name, 32, false), row => unchecked((int)At<uint>(row))),
            TypeCode.UInt64 => Of(column, ParquetElements.Integer(name, 64, false), row => unchecked((long)At<ulong>(row))),
            TypeCode.Single => Of(column, ParquetElements.Of(name, PhysicalType.Float), At<float>),
            TypeCode.Double => Of(column, ParquetElements.Of(name, PhysicalType.Double), At<double>),
            TypeCode.Decimal => OfDecimals(column),
            TypeCode.DateTime => OfTimestamps(column, At<DateTime>, utc: All<DateTime>(column, t => t.Kind == DateTimeKind.Utc)),
            _ when column.Type == typeof(DateTimeOffset) => OfTimestamps(column, row => At<DateTimeOffset>(row).UtcDateTime, utc: true),
            _ when column.Type == typeof(DateOnly) => Of(column, ParquetElements.Date(name), row => ParquetTime.Days(At<DateOnly>(row))),
            _ when column.Type == typeof(TimeOnly) => Of(column, ParquetElements.Time(name, TimeUnit.Nanos),
                row => At<TimeOnly>(row).Ticks * 100),
            _ when column.Type == typeof(Half) => OfBytes(column, ParquetElements.Float16(name),
                row => BitConverter.GetBytes(At<Half>(row))),
            _ when column.Type == typeof(Guid) => OfBytes(column, ParquetElements.Uuid(name),
                row => At<Guid>(row).ToByteArray(bigEndian: true)),
            _ when column.Type == typeof(byte[]) => OfBytes(column, ParquetElements.Of(name, PhysicalType.ByteArray), At<byte[]>),
            _ => OfText(column),
        };
    }

    /// <summary>At the most decimals that a value has, in 16 bytes: 38 digits.</summary>
    private static PlainColumn OfDecimals(ObjectColumn column)
    {
        int scale = 0;
        for (int row = 0; row < column.Count; row++)
            if (column.Value(row) is decimal value) scale = Math.Max(scale, value.Scale);
        return OfBytes(column, ParquetElements.Decimal(column.Name, scale), row =>
        {
            var value = (decimal)column.Value(row)!;
            int[] bits = decimal.GetBits(value);
            BigInteger whole = ((BigInteger)(uint)bits[2] << 64) + ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
            BigInteger unscaled = (value < 0 ? -whole : whole) * BigInteger.Pow(10, scale - value.Scale);
            return BigInteger.Abs(unscaled) < BigInteger.Pow(10, 38)
                ? Decimals.ToBytes(unscaled, 16)!
                : throw new ImputationDataException($"Column '{column.Name}', row {row + 1}: {CsvText.Of(value)} has more than 38 digits "
                    + $"at the column's {scale} decimals, the most that Parquet holds.", column.Name, row + 1);
        });
    }

    /// <summary>Microseconds, or nanoseconds where a time needs them and all are between 1678 and 2261.</summary>
    private static PlainColumn OfTimestamps(ObjectColumn column, Func<int, DateTime> at, bool utc)
    {
        const long mostNanos = long.MaxValue / 100;
        bool micros = true, nanos = true;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.IsMissing(row)) continue;
            long ticks = ParquetTime.Ticks(at(row));
            micros &= ticks % 10 == 0;
            nanos &= Math.Abs(ticks) < mostNanos;
        }
        if (micros) return Of(column, ParquetElements.Timestamp(column.Name, TimeUnit.Micros, utc), row => ParquetTime.Ticks(at(row)) / 10);
        if (nanos) return Of(column, ParquetElements.Timestamp(column.Name, TimeUnit.Nanos, utc), row => ParquetTime.Ticks(at(row)) * 100);
        return OfText(column);
    }

    private static bool All<T>(ObjectColumn column, Func<T, bool> holds)
    {
        bool any = false;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Value(row) is not T value) continue;
            if (!holds(value)) return false;
            any = true;
        }
        return any;
    }

    private static PlainColumn OfText(Column column) => OfBytes(column, ParquetElements.Text(column.Name),
        row => Encoding.UTF8.GetBytes(CsvText.Of(column.Value(row)!)));

    private static PlainColumn OfBytes(Column column, SchemaElement element, Func<int, byte[]> at) =>
        Of(column, element, row => (ReadOnlyMemory<byte>)at(row));

    private static PlainColumn Of<T>(Column column, SchemaElement element, Func<int, T> at) => new(element, (start, count) =>
    {
        var values = new T[count];
        bool[]? present = null;
        for (int i = 0; i < count; i++)
        {
            if (!column.IsMissing(start + i))
            {
                values[i] = at(start + i);
                if (present is not null) present[i] = true;
            }
            else if (present is null)
            {
                present = new bool[count];
                present.AsSpan(0, i).Fill(true);
            }
        }
        return new ColumnValues<T>(values, present);
    });
}
