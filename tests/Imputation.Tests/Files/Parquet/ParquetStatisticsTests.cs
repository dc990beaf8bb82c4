using System.Text;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;

namespace Imputation.Tests.Files.Parquet;

public class ParquetStatisticsTests
{
    [Fact]
    public void IntegersAreOrdered_WithTheirSign()
    {
        Equal(1, BitConverter.GetBytes(-5), BitConverter.GetBytes(7), Of(ParquetElements.Of("n", PhysicalType.Int32),
            new ColumnValues<int>([7, 0, -5], [true, false, true])));
        Equal(0, BitConverter.GetBytes(7), BitConverter.GetBytes(-5), Of(ParquetElements.Integer("n", 32, false),
            new ColumnValues<int>([7, -5], null)));
        Equal(0, BitConverter.GetBytes(7L), BitConverter.GetBytes(-5L), Of(ParquetElements.Integer("n", 64, false),
            new ColumnValues<long>([-5, 7], null)));
    }

    [Fact]
    public void ANaN_LeavesNoSmallestAndLargest()
    {
        Equal(0, null, null, Of(ParquetElements.Of("x", PhysicalType.Double), new ColumnValues<double>([1, double.NaN], null)));
        Equal(0, null, null, Of(ParquetElements.Of("x", PhysicalType.Float), new ColumnValues<float>([1, float.NaN], null)));
        Equal(1, BitConverter.GetBytes(1.0), BitConverter.GetBytes(1.0), Of(ParquetElements.Of("x", PhysicalType.Double),
            new ColumnValues<double>([1, double.NaN], [true, false])));
    }

    [Fact]
    public void Zeros_AreMinusZeroBelow_AndPlusZeroAbove() =>
        Equal(0, BitConverter.GetBytes(-0.0), BitConverter.GetBytes(0.0), Of(ParquetElements.Of("x", PhysicalType.Double),
            new ColumnValues<double>([0.0, -0.0], null)));

    [Fact]
    public void Text_IsOrderedByItsBytes_AndLongTextHasNone()
    {
        ReadOnlyMemory<byte>[] texts = [Encoding.UTF8.GetBytes("z"), Encoding.UTF8.GetBytes("é"), Encoding.UTF8.GetBytes("Z")];
        Equal(0, Encoding.UTF8.GetBytes("Z"), Encoding.UTF8.GetBytes("é"),
            Of(ParquetElements.Text("t"), new ColumnValues<ReadOnlyMemory<byte>>(texts, null)));
        Equal(0, null, null, Of(ParquetElements.Text("t"), new ColumnValues<ReadOnlyMemory<byte>>([new byte[100]], null)));
    }

    [Fact]
    public void DecimalsInBytes_AreOrderedAsNumbers() =>
        Equal(0, Decimals.ToBytes(-3, 16), Decimals.ToBytes(2, 16),
            Of(ParquetElements.Decimal("d", 2), new ColumnValues<ReadOnlyMemory<byte>>([Decimals.ToBytes(2, 16), Decimals.ToBytes(-3, 16)],
            null)));

    [Fact]
    public void WhatHasNoOrder_HasNoSmallest()
    {
        Equal(0, null, null, Of(ParquetElements.Of("t", PhysicalType.Int96), new ColumnValues<ReadOnlyMemory<byte>>([new byte[12]], null)));
        Equal(2, null, null, Of(ParquetElements.Of("x", PhysicalType.Double), new ColumnValues<double>([0, 0], [false, false])));
    }

    private static ChunkStatistics Of(SchemaElement element, ColumnValues values) => ChunkStatistics.Of(new ColumnSchema(element, 0),
        values);

    private static void Equal(long nulls, byte[]? min, byte[]? max, ChunkStatistics actual)
    {
        Assert.Equal(nulls, actual.NullCount);
        Assert.Equal(min, actual.Min);
        Assert.Equal(max, actual.Max);
    }
}
