using System.IO.Hashing;
using System.Numerics;
using System.Text;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Small files that ask for much.</summary>
public class ParquetHostileTests
{
    [Theory]
    [InlineData(Engine.BuiltIn, 200_000_000, 1)]
    [InlineData(Engine.BuiltIn, int.MaxValue, 1)]
    [InlineData(Engine.BuiltIn, 2_000_000, 100)]
    [InlineData(Engine.ParquetNet, 200_000_000, 1)]
    [InlineData(Engine.ParquetNet, int.MaxValue, 1)]
    [InlineData(Engine.ParquetNet, 2_000_000, 100)]
    public void MoreNullsThanAFileCanMean_AreRefused_BeforeRoomIsMadeForThem(Engine engine, int rows, int columns)
    {
        byte[] file = Nulls(rows, columns);
        Assert.InRange(file.Length, 1, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<ImputationDataException>(() => engine.Read(file));
        Assert.Contains($"{rows} rows of {columns} columns cannot be stored in {file.Length} bytes", refused.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AMillionNulls_InFewBytes_AreRead(Engine engine)
    {
        Table table = engine.Read(Nulls(1_000_000, 3));
        Assert.Equal((1_000_000, 1_000_000), (table.RowCount, table.Columns[2].MissingCount));
    }

    [Theory]
    [InlineData(Engine.BuiltIn, false)]
    [InlineData(Engine.BuiltIn, true)]
    [InlineData(Engine.ParquetNet, false)]
    [InlineData(Engine.ParquetNet, true)]
    public void DecimalsOfManyBytes_AreRefusedByColumn(Engine engine, bool ofFixedLength)
    {
        byte[] File(int length)
        {
            SchemaElement element = new("amount")
            {
                Type = ofFixedLength ? PhysicalType.FixedLengthByteArray : PhysicalType.ByteArray,
                TypeLength = length,
                Repetition = 0,
                ConvertedType = 5,
                Scale = 2,
                Precision = 100_000
            };
            var value = new byte[length];
            value[^1] = 150;
            return Parquet.File([element], PageCodec.Gzip, [], [new ColumnValues<ReadOnlyMemory<byte>>([value, value], null)]);
        }
        Assert.Equal([1.5, 1.5], ((NumericColumn)engine.Read(File(Decimals.MostBytes))["amount"]).Values.ToArray());
        var refused = Assert.Throws<ImputationDataException>(() => engine.Read(File(100_000)));
        Assert.Equal("amount", refused.Column);
        Assert.Contains("100000 bytes", refused.Message);
    }

    /// <summary>Each page within its limits, and all of them together beyond the file's: so many small pages, or row groups over the same
    /// bytes, add up.</summary>
    [Fact]
    public void PagesThatTogetherUnfoldTooFar_AreRefused_AndReadingAgainDoesNotAddUp()
    {
        const int rows = 1000;
        double[] numbers = [.. Enumerable.Range(0, rows).Select(i => (double)(i % 700))]; // 8,000 bytes a column or more
        SchemaElement Element(string name) => new(name) { Type = PhysicalType.Double, Repetition = 0 };
        byte[] file = Parquet.File([Element("a"), Element("b")], PageCodec.Gzip, [], [new ColumnValues<double>(numbers, null),
            new ColumnValues<double>(numbers, null)]);
        long justified = 1024L * file.Length + 64 * 2 * rows;

        ParquetFile enough = ParquetFile.Open(file, free: 20_000 - justified);
        for (int again = 0; again < 3; again++)
            foreach (ColumnSchema column in enough.Columns) Assert.Equal(rows, enough.Read(0, column).Count);

        ParquetFile little = ParquetFile.Open(file, free: 10_000 - justified);
        Assert.Equal(rows, little.Read(0, little.Columns[0]).Count);
        Assert.Contains("10000 bytes in total", Assert.Throws<ParquetException>(() => little.Read(0, little.Columns[1])).Message);
    }

    [Fact]
    public void TheLargestDecimal_IsWithinADouble() =>
        Assert.True(double.IsFinite(Decimals.ToDouble(BigInteger.One << (8 * Decimals.MostBytes - 2), 0)));

    /// <summary>A dictionary of one long value, or of many short ones and a long one, and rows that all mean the long one.</summary>
    /// <remarks>With the built-in engine only: Parquet.Net gives each row a copy of its own.</remarks>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 70_000)]
    public void ALongValueOfADictionary_IsMadeOnce(bool text, int others)
    {
        const int rows = 20_000;
        byte[] letters = [.. Enumerable.Repeat((byte)'x', 20_000)];
        if (!text) letters[0] = 0; // bytes that are no text
        ReadOnlyMemory<byte> value = letters;
        SchemaElement element = text ? ParquetElements.Text("v") : ParquetElements.Of("v", PhysicalType.ByteArray);
        ReadOnlyMemory<byte>[] values = [.. Enumerable.Range(0, 3 * others)
            .Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes($"{i / 3}")), .. Enumerable.Repeat(value, rows)];
        byte[] file = Parquet.File([element with { Repetition = 0 }], PageCodec.Snappy, [],
            [new ColumnValues<ReadOnlyMemory<byte>>(values, null)]);
        Assert.InRange(file.Length, 1, 4_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Column column = Parquet.Read(file)["v"];
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000); // 400 MB and more, were it made for each row
        Assert.Same(column.Value(3 * others), column.Value(3 * others + rows - 1));
    }

    /// <summary>A page of five values that says it has ten.</summary>
    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void APageThatEndsTooSoon_IsRefused(Engine engine) =>
        Assert.Throws<ImputationDataException>(() => engine.Read(TooShort(isOptional: false)));

    /// <summary>With nulls Parquet.Net counts the rows, not the values: those that are not there are zeros.</summary>
    [Fact]
    public void WithNulls_ParquetNetReadsZeros_WhereAPageEndsTooSoon()
    {
        Assert.Throws<ImputationDataException>(() => Engine.BuiltIn.Read(TooShort(isOptional: true)));
        var read = (NumericColumn)Engine.ParquetNet.Read(TooShort(isOptional: true))["x"];
        Assert.Equal([1, 2, 3, 4, 5, 0, 0, 0, 0, 0], read.Values.ToArray());
    }

    private static byte[] TooShort(bool isOptional)
    {
        const int rows = 10;
        var column = new ColumnSchema(ParquetElements.Of("x", PhysicalType.Int32) with { Repetition = isOptional ? 1 : 0 }, 0);
        byte[] levels = isOptional ? [2, 0, 0, 0, rows << 1, 1] : []; // one run of ones, after its length
        byte[] body = [.. levels, .. Enumerable.Range(1, 5).SelectMany(BitConverter.GetBytes)];
        byte[] page = [.. MetadataWriter.PageHeader(PageType.Data, body.Length, body.Length, Crc32.HashToUInt32(body), rows,
            PageEncoding.Plain), .. body];
        var chunk = new WrittenChunk(column, PageCodec.None, rows, false, page.Length, page.Length, 4, null,
            new ChunkStatistics(0, null, null));
        byte[] footer = MetadataWriter.Footer([column], [new WrittenGroup(rows, 4, [chunk])], []).ToArray();
        return [.. "PAR1"u8, .. page, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }

    /// <summary>Columns of nulls, each a run of a few bytes.</summary>
    private static byte[] Nulls(int rows, int columns)
    {
        SchemaElement[] elements = [.. Enumerable.Range(0, columns)
            .Select(j => ParquetElements.Of($"c{j}", PhysicalType.Double) with { Repetition = 1 })];
        var file = new List<byte>([.. "PAR1"u8]);
        var chunks = new List<WrittenChunk>();
        foreach (SchemaElement element in elements)
        {
            var runs = new List<byte>();
            for (ulong head = (ulong)rows << 1; ; head >>= 7)
            {
                runs.Add((byte)(head < 128 ? head : head & 127 | 128));
                if (head < 128) break;
            }
            runs.Add(0);
            byte[] body = [.. BitConverter.GetBytes(runs.Count), .. runs];
            int offset = file.Count;
            uint checksum = Crc32.HashToUInt32(body);
            file.AddRange(MetadataWriter.PageHeader(PageType.Data, body.Length, body.Length, checksum, rows, PageEncoding.Plain).ToArray());
            file.AddRange(body);
            chunks.Add(new WrittenChunk(new ColumnSchema(element, chunks.Count), PageCodec.None, rows, false, file.Count - offset,
                file.Count - offset, offset, null, new ChunkStatistics(rows, null, null)));
        }
        byte[] footer = MetadataWriter.Footer([.. chunks.Select(c => c.Column)], [new WrittenGroup(rows, 4, chunks)], []).ToArray();
        return [.. file, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }
}
