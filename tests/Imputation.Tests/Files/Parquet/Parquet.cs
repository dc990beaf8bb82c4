using Imputation.Files;
using Imputation.Parquet;
using Imputation.Parquet.Storage;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Tables as Parquet and back, in memory.</summary>
internal static class Parquet
{
    public static byte[] Bytes(Table table, TableCompression compression = TableCompression.Snappy)
    {
        var stream = new MemoryStream();
        ParquetTable.Write(stream, table, new TableWriteOptions { Compression = compression });
        return stream.ToArray();
    }

    public static Table Read(byte[] bytes, TableReadOptions? options = null) => ParquetTable.Read(new MemoryStream(bytes),
        "folder/test.parquet", options);

    public static Table Back(Table table, TableCompression compression = TableCompression.Snappy) => Read(Bytes(table, compression));

    /// <summary>A file of stored values, one row group for each item.</summary>
    public static byte[] File(IReadOnlyList<SchemaElement> columns, PageCodec codec, IReadOnlyList<KeyValuePair<string, string?>> keyValues,
        params ColumnValues[][] groups)
    {
        var stream = new MemoryStream();
        var writer = new ParquetWriter(stream, columns, codec);
        foreach (ColumnValues[] group in groups) writer.WriteGroup(group[0].Count, j => group[j]);
        writer.Finish(keyValues);
        return stream.ToArray();
    }

    /// <summary>Fails where two tables differ in a cell.</summary>
    public static void Same(Table expected, Table actual, string what)
    {
        Assert.Equal(expected.Columns.Select(c => c.Name), actual.Columns.Select(c => c.Name));
        Assert.Equal(expected.RowCount, actual.RowCount);
        foreach (Column column in expected.Columns)
        {
            for (int row = 0; row < expected.RowCount; row++)
            {
                object? one = column.Value(row), other = actual[column.Name].Value(row);
                bool same = one is byte[] bytes ? other is byte[] others && bytes.AsSpan().SequenceEqual(others) : Equals(one, other);
                Assert.True(same, $"{what}, {column.Name}, row {row + 1}: {other}, expected {one}");
            }
        }
    }

    /// <summary>Fails where two columns of stored values differ in a bit.</summary>
    public static void Same(ColumnValues expected, ColumnValues actual, string what)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.True(expected.Count == actual.Count, $"{what}: {actual.Count} rows, expected {expected.Count}");
        for (int row = 0; row < expected.Count; row++)
        {
            Assert.True(expected.IsNull(row) == actual.IsNull(row), $"{what}, row {row}: null or not");
            if (!expected.IsNull(row)) Assert.True(Bits(expected, row).AsSpan().SequenceEqual(Bits(actual, row)),
                $"{what}, row {row}: {Convert.ToHexString(Bits(actual, row))}, expected {Convert.ToHexString(Bits(expected, row))}");
        }
    }

    public static byte[] Bits(ColumnValues values, int row) => values switch
    {
        ColumnValues<bool> v => BitConverter.GetBytes(v.Values[row]),
        ColumnValues<int> v => BitConverter.GetBytes(v.Values[row]),
        ColumnValues<long> v => BitConverter.GetBytes(v.Values[row]),
        ColumnValues<float> v => BitConverter.GetBytes(v.Values[row]),
        ColumnValues<double> v => BitConverter.GetBytes(v.Values[row]),
        ColumnValues<ReadOnlyMemory<byte>> v => v.Values[row].ToArray(),
        _ => throw new ArgumentException(values.GetType().Name),
    };
}
