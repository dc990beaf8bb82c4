using System.Buffers.Binary;
using Imputation.Parquet.Storage;
using Parquet;
using Parquet.File.Values.Primitives;
using Parquet.Schema;
using ParquetException = Imputation.Parquet.Storage.ParquetException;

namespace Imputation.ParquetNet;

/// <summary>A file whose values Parquet.Net reads, as they are stored, without its idea of their meaning, which would round some.</summary>
internal sealed class ParquetNetFile : IParquetFile
{
    private readonly ParquetFile _file;

    private ParquetNetFile(ParquetFile file) => _file = file;

    public IReadOnlyList<ColumnSchema> Columns => _file.Columns;

    public IReadOnlyList<string> NestedColumns => _file.NestedColumns;

    public IReadOnlyList<KeyValuePair<string, string?>> KeyValues => _file.KeyValues;

    public int GroupCount => _file.GroupCount;

    public static ParquetNetFile Open(IRandomAccess bytes) => new(ParquetFile.Open(bytes));

    public int RowCount(int group) => _file.RowCount(group);

    /// <summary>In one part: Parquet.Net reads a row group's column whole.</summary>
    public IEnumerable<ColumnValues> Read(ColumnSchema column, RowRange rows)
    {
        yield return Read(rows.Group, column).Slice(rows.First, rows.Count);
    }

    private ColumnValues Read(int group, ColumnSchema column)
    {
        byte[] chunk = ParquetFile.Guard(() => ChunkFile.Of(column, _file.Chunk(column, RowRange.All(_file, group))));
        return Guard<ColumnValues>(() => column.Type switch
        {
            PhysicalType.Boolean => Read<bool>(chunk, column, RowCount(group)),
            PhysicalType.Int32 => Read<int>(chunk, column, RowCount(group)),
            PhysicalType.Int64 => Read<long>(chunk, column, RowCount(group)),
            PhysicalType.Float => Read<float>(chunk, column, RowCount(group)),
            PhysicalType.Double => Read<double>(chunk, column, RowCount(group)),
            PhysicalType.Int96 => Bytes(Read<Interval>(chunk, column, RowCount(group))),
            _ => Sized(Read<ReadOnlyMemory<byte>>(chunk, column, RowCount(group)), column),
        });
    }

    private static ColumnValues<T> Read<T>(byte[] chunk, ColumnSchema column, int rows) where T : struct
    {
        if (rows == 0) return new ColumnValues<T>([], null);
        // A field of the stored type, whatever the file says that it means; a field has to belong to a schema.
        var field = new DataField(ChunkFile.ColumnName, typeof(T), column.IsOptional);
        _ = new ParquetSchema(field);
        ParquetReader file = ParquetReader.CreateAsync(new MemoryStream(chunk)).GetAwaiter().GetResult();
        (T[] packed, int[] levels) = (new T[rows], new int[rows]);
        file.OpenRowGroupReader(0).ReadRawAsync(field, packed.AsMemory(), column.IsOptional
            ? levels
            : (Memory<int>?)null, null).AsTask().GetAwaiter().GetResult();
        if (!column.IsOptional) return new ColumnValues<T>(packed, null);
        int next = 0;
        return new ColumnValues<T>([.. levels.Select(level => level == 1 ? packed[next++] : default)],
            [.. levels.Select(level => level == 1)]);
    }

    /// <summary>The twelve bytes of an INT96. Parquet.Net reads them as a time of 100 ns at best, or as they are under another name: three
    /// numbers of an interval.</summary>
    private static ColumnValues<ReadOnlyMemory<byte>> Bytes(ColumnValues<Interval> values) => new(Array.ConvertAll(values.Values, value =>
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value.Months);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), value.Days);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), value.Millis);
        return (ReadOnlyMemory<byte>)bytes;
    }), values.Present);

    private static ColumnValues<ReadOnlyMemory<byte>> Sized(ColumnValues<ReadOnlyMemory<byte>> values, ColumnSchema column)
    {
        if (column.Type != PhysicalType.FixedLengthByteArray) return values;
        for (int row = 0; row < values.Count; row++)
        {
            if (!values.IsNull(row) && values.Values[row].Length != column.Element.TypeLength)
                throw new ParquetException(
                    $"a value of {values.Values[row].Length} bytes, expected {column.Element.TypeLength} bytes");
        }
        return values;
    }

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
