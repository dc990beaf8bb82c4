using System.Numerics;
using System.Text;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Imputation.ParquetNet;

/// <summary>A column's field in Parquet.Net's schema, and how its stored values are written as those that Parquet.Net takes for such a
/// field.</summary>
internal sealed record NetColumn(DataField Field, Func<ParquetRowGroupWriter, ColumnValues, Task> Write)
{
    public static NetColumn Of(ColumnSchema column)
    {
        LogicalType logical = column.Logical;
        int unit = logical.Unit - TimeUnit.Millis; // Parquet.Net counts the same units, from 0
        return (column.Type, logical.Kind) switch
        {
            (PhysicalType.Boolean, _) => Same<bool>(column),
            (PhysicalType.Float, _) => Same<float>(column),
            (PhysicalType.Double, _) => Same<double>(column),
            (PhysicalType.FixedLengthByteArray, LogicalKind.Float16) => To<ReadOnlyMemory<byte>,
                float>(column, v => (float)BitConverter.ToHalf(v.Span)),
            (PhysicalType.Int32, LogicalKind.Decimal) => Decimal<int>(column, v => v),
            (PhysicalType.Int64, LogicalKind.Decimal) => Decimal<long>(column, v => v),
            (_, LogicalKind.Decimal) => Decimal<ReadOnlyMemory<byte>>(column, v => Decimals.Unscaled(v.Span)),
            (PhysicalType.Int32, LogicalKind.Date) => To<int, DateOnly>(column, v => (DateOnly)Known(column, ParquetTime.Date(v))),
            (PhysicalType.Int32, LogicalKind.Time) => Same<int>(column, Time(column, TimeUnitPrecision.Millis)),
            (PhysicalType.Int64, LogicalKind.Time) => Same<long>(column, Time(column, (TimeUnitPrecision)unit)),
            (PhysicalType.Int64, LogicalKind.Timestamp) => To<long, DateTime>(column,
                v => (DateTime)Known(column, ParquetTime.Timestamp(v, logical.Unit, utc: true)),
                new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, logical.IsUtc, (DateTimeTimeUnit)unit, column.IsOptional)),
            (PhysicalType.Int96, _) => To<ReadOnlyMemory<byte>,
                DateTime>(column, v => DateTime.SpecifyKind((DateTime)Known(column, ParquetTime.Int96(v.Span)), DateTimeKind.Utc),
                new DateTimeDataField(column.Name, DateTimeFormat.Impala, isNullable: column.IsOptional)),
            (PhysicalType.Int32, LogicalKind.Integer) when (logical.BitWidth, logical.IsSigned) is var width => width switch
            {
                (8, true) => To<int, sbyte>(column, v => (sbyte)v),
                (8, false) => To<int, byte>(column, v => (byte)v),
                (16, true) => To<int, short>(column, v => (short)v),
                (16, false) => To<int, ushort>(column, v => (ushort)v),
                (_, false) => To<int, uint>(column, v => (uint)v),
                _ => Same<int>(column),
            },
            (PhysicalType.Int64, LogicalKind.Integer) when !logical.IsSigned => To<long, ulong>(column, v => (ulong)v),
            (PhysicalType.Int32, _) => Same<int>(column),
            (PhysicalType.Int64, _) => Same<long>(column),
            (PhysicalType.FixedLengthByteArray, LogicalKind.Uuid) => To<ReadOnlyMemory<byte>,
                Guid>(column, v => new Guid(v.Span, bigEndian: true)),
            (_, LogicalKind.String or LogicalKind.Enum or LogicalKind.Json) => To<ReadOnlyMemory<byte>,
                ReadOnlyMemory<char>>(column, v => Encoding.UTF8.GetString(v.Span).AsMemory()),
            _ => Same<ReadOnlyMemory<byte>>(column),
        };
    }

    private static NetColumn Same<T>(ColumnSchema column, DataField? field = null) where T : struct => To<T, T>(column, v => v, field);

    private static NetColumn To<TStored, T>(ColumnSchema column, Func<TStored, T> convert, DataField? field = null) where T : struct
    {
        field ??= new DataField(column.Name, typeof(T), column.IsOptional);
        return new NetColumn(field, (writer, stored) =>
        {
            var values = (ColumnValues<TStored>)stored;
            T[] packed = [.. values.Values.Where((_, row) => !values.IsNull(row)).Select(convert)];
            int[] levels = [.. Enumerable.Range(0, values.Count).Select(row => values.IsNull(row) ? 0 : 1)];
            return writer.WriteAllPartsAsync<T>(field, packed, column.IsOptional ? levels : (ReadOnlyMemory<int>?)null, null,
                CancellationToken.None);
        });
    }

    /// <summary>In bytes: the one storage that Parquet.Net fills without leaving whole numbers behind.</summary>
    private static NetColumn Decimal<T>(ColumnSchema column, Func<T, BigInteger> unscaled)
    {
        int precision = Math.Max(1, column.Logical.Precision), scale = column.Logical.Scale;
        return To(column, (T v) => new BigDecimal(unscaled(v), precision, scale),
            new DecimalDataField(column.Name, precision, scale, forceByteArrayEncoding: true, column.IsOptional,
                clrType: typeof(BigDecimal)));
    }

    private static TimeDataField Time(ColumnSchema column, TimeUnitPrecision unit) =>
        new(column.Name, unit, column.IsOptional) { IsAdjustedToUtc = column.Logical.IsUtc };

    private static object Known(ColumnSchema column, object? time) => time
        ?? throw new ImputationDataException(
            $"Column '{column.Name}' has times that Parquet.Net cannot write: finer than 100 ns, or outside the years 1 to 9999. "
            + "Write CSV, or use the built-in engine (--parquet-engine built-in).", column.Name);
}
