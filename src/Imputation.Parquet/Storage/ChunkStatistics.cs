using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>Statistics with which a reader may skip a chunk: the number of nulls, and the smallest and largest value in the order of
/// the column's type.</summary>
/// <remarks>No smallest and largest where a value is NaN, where all are null, where the type has no order, and where they would be long.
/// A zero is −0 as the smallest and +0 as the largest, as the format asks.</remarks>
internal sealed record ChunkStatistics(long NullCount, byte[]? Min, byte[]? Max)
{
    private const int Longest = 64;

    public static ChunkStatistics Of(ColumnSchema column, ColumnValues values)
    {
        long nulls = 0;
        if (values.Present is { } present)
            foreach (bool there in present)
                if (!there) nulls++;
        (byte[] Min, byte[] Max)? range = nulls == values.Count || column.Logical.Kind == LogicalKind.Unknown ? null : values switch
        {
            ColumnValues<bool> v => Ordered(v, Comparer<bool>.Default, value => [value ? (byte)1 : (byte)0]),
            ColumnValues<int> v => Ordered(v, column.Logical.IsSigned ? Comparer<int>.Default
                : Comparer<int>.Create((x, y) => ((uint)x).CompareTo((uint)y)), BitConverter.GetBytes),
            ColumnValues<long> v => Ordered(v, column.Logical.IsSigned ? Comparer<long>.Default
                : Comparer<long>.Create((x, y) => ((ulong)x).CompareTo((ulong)y)), BitConverter.GetBytes),
            ColumnValues<float> v => Real(v, value => value, value => BitConverter.GetBytes((float)value)),
            ColumnValues<double> v => Real(v, value => value, BitConverter.GetBytes),
            ColumnValues<ReadOnlyMemory<byte>> v => OfBytes(column, v),
            _ => null,
        };
        return range is { } r && r.Min.Length <= Longest && r.Max.Length <= Longest ? new(nulls, r.Min, r.Max) : new(nulls, null, null);
    }

    private static (byte[], byte[])? OfBytes(ColumnSchema column, ColumnValues<ReadOnlyMemory<byte>> values) =>
        (column.Logical.Kind, column.Type) switch
        {
            (LogicalKind.Float16, _) => Real(values, v => (double)BinaryPrimitives.ReadHalfLittleEndian(v.Span),
                value => BitConverter.GetBytes((Half)value)),
            (LogicalKind.Decimal, _) => Ordered(values, Comparer<ReadOnlyMemory<byte>>.Create((x, y) => Decimals.Unscaled(x.Span)
                .CompareTo(Decimals.Unscaled(y.Span))), v => v.ToArray()),
            (LogicalKind.String or LogicalKind.Enum or LogicalKind.Json or LogicalKind.Bson or LogicalKind.Uuid, _)
                or (LogicalKind.None, not PhysicalType.Int96) =>
                Ordered(values, Comparer<ReadOnlyMemory<byte>>.Create((x, y) => x.Span.SequenceCompareTo(y.Span)), v => v.ToArray()),
            _ => null,
        };

    private static (byte[], byte[])? Ordered<T>(ColumnValues<T> values, Comparer<T> order, Func<T, byte[]> bytes)
    {
        int min = -1, max = -1;
        for (int row = 0; row < values.Count; row++)
        {
            if (values.IsNull(row)) continue;
            if (min < 0 || order.Compare(values.Values[row], values.Values[min]) < 0) min = row;
            if (max < 0 || order.Compare(values.Values[row], values.Values[max]) > 0) max = row;
        }
        return (bytes(values.Values[min]), bytes(values.Values[max]));
    }

    private static (byte[], byte[])? Real<T>(ColumnValues<T> values, Func<T, double> number, Func<double, byte[]> bytes)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        for (int row = 0; row < values.Count; row++)
        {
            if (values.IsNull(row)) continue;
            double value = number(values.Values[row]);
            if (double.IsNaN(value)) return null;
            if (value < min) min = value;
            if (value > max) max = value;
        }
        return (bytes(min == 0 ? -0.0 : min), bytes(max == 0 ? 0.0 : max));
    }
}
