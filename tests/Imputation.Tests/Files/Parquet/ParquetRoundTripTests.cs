using System.Text;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;

namespace Imputation.Tests.Files.Parquet;

public class ParquetRoundTripTests
{
    /// <summary>Every physical type, required and optional, with any share of nulls, over sizes around the edges of groups, runs and
    /// pages.</summary>
    [Fact]
    public void StoredValues_ComeBackBitForBit()
    {
        var random = new Random(20260301);
        int[] sizes = [0, 1, 2, 7, 8, 9, 63, 64, 65, 1000];
        foreach (PageCodec codec in (PageCodec[])[PageCodec.None, PageCodec.Snappy, PageCodec.Gzip, PageCodec.Zstd])
        {
            // Several pages too, where a page is 2^20 bytes.
            foreach (int rows in codec == PageCodec.Snappy ? [.. sizes, 140_000] : sizes)
            {
                foreach (double nulls in rows > 1000 ? (double[])[0.5] : [0, 0.01, 0.5, 1])
                {
                    SchemaElement[] elements = [.. Elements(nulls > 0)];
                    ColumnValues[] columns = [.. elements.Select(e => Random(random, e, rows, nulls))];
                    ParquetFile file = ParquetFile.Open(Parquet.File(elements, codec, [new("who", "me"), new("nothing", null)], columns,
                        columns));
                    Assert.Equal([new("who", "me"), new("nothing", null)], file.KeyValues);
                    for (int j = 0; j < columns.Length; j++)
                        for (int group = 0; group < 2; group++)
                            Parquet.Same(columns[j], file.Read(group, file.Columns[j]),
                                $"{codec}, {rows} rows, {nulls:P0} null, {elements[j].Name}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void TablesOfEveryType_ComeBackTheSame(Engine engine)
    {
        Table table = new(
        [
            NumericColumn.Number("x", [0.1, double.NaN, 1e300, -0.0]),
            NumericColumn.Integer("n", [1, null, -9007199254740992, 9007199254740992]),
            TextColumn.Create("text", ["say \"hi\"", null, "", "très"]),
            ObjectColumn.Create("bool", typeof(bool), [true, null, false, true]),
            ObjectColumn.Create("date", typeof(DateOnly), [new DateOnly(2024, 2, 29), null, DateOnly.MinValue, DateOnly.MaxValue]),
            ObjectColumn.Create("time", typeof(TimeOnly), [new TimeOnly(1, 2, 3), null, TimeOnly.MinValue, TimeOnly.MaxValue]),
            ObjectColumn.Create("micros", typeof(DateTime), [new DateTime(2024, 2, 29, 1, 2, 3), null, DateTime.MinValue,
                new DateTime(9999, 12, 31)]),
            ObjectColumn.Create("nanos", typeof(DateTime), [new DateTime(2024, 2, 29).AddTicks(1), null,
                new DateTime(1700, 1, 1).AddTicks(7), DateTime.UnixEpoch]),
            ObjectColumn.Create("utc", typeof(DateTime), [new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Utc), null, DateTime.UnixEpoch,
                DateTime.UnixEpoch]),
            ObjectColumn.Create("long", typeof(long), [long.MinValue, null, long.MaxValue, 0L]),
            ObjectColumn.Create("ulong", typeof(ulong), [ulong.MaxValue, null, 0UL, 1UL]),
            ObjectColumn.Create("guid", typeof(Guid), [Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), null, Guid.Empty,
                Guid.AllBitsSet]),
            ObjectColumn.Create("bytes", typeof(byte[]), [new byte[] { 0, 255 }, null, Array.Empty<byte>(), new byte[] { 1 }]),
        ]);
        foreach (TableCompression compression in Enum.GetValues<TableCompression>())
        {
            Table back = engine.Back(table, compression);
            Assert.Equal(table.Columns.Select(c => c.Name), back.Columns.Select(c => c.Name));
            foreach (Column column in table.Columns)
            {
                Assert.Equal(column.Kind, back[column.Name].Kind);
                for (int row = 0; row < 4; row++) Assert.Equal(column.Value(row), back[column.Name].Value(row));
            }
            Assert.True(double.IsNegative(((NumericColumn)back["x"]).Values[3]));
            Assert.Equal(DateTimeKind.Utc, ((DateTime)back["utc"].Value(0)!).Kind);
            Assert.Equal(DateTimeKind.Unspecified, ((DateTime)back["micros"].Value(0)!).Kind);
        }
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void SmallerNumbers_BecomeNumericColumns(Engine engine)
    {
        Table table = new(
        [
            ObjectColumn.Create("byte", typeof(byte), [(byte)255, null]),
            ObjectColumn.Create("short", typeof(short), [short.MinValue, null]),
            ObjectColumn.Create("uint", typeof(uint), [uint.MaxValue, null]),
            ObjectColumn.Create("float", typeof(float), [0.1f, float.NaN]),
            ObjectColumn.Create("half", typeof(Half), [(Half)1.5, null]),
            ObjectColumn.Create("decimal", typeof(decimal), [-12.34m, 1.5m]),
        ]);
        Table back = engine.Back(table);
        Assert.Equal([255.0, -32768.0, 4294967295.0, 0.1f, 1.5, -12.34], back.Columns.Select(c => ((NumericColumn)c).Values[0]));
        Assert.Equal(MissingOrigin.NotANumber, back["float"].Mask.Origin(1));
        Assert.Equal(MissingOrigin.Empty, back["byte"].Mask.Origin(1));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AFormat_UsesTheEngineItWasMadeWith(Engine engine)
    {
        var formats = new TableFormats(new CsvFormat(), new ParquetFormat(engine.Itself()));
        Assert.Equal(["csv", "parquet"], formats.All.Select(format => format.Name));
        ITableFormat parquet = formats.ForPath("x/y.PARQUET");
        var stream = new MemoryStream();
        parquet.Write(stream, Csv.Read("x,y\n1,2\nNA,3\n"), TableWriteOptions.Default);
        string text = Encoding.Latin1.GetString(stream.ToArray());
        Assert.Equal(engine == Engine.ParquetNet, text.Contains("Parquet.Net version", StringComparison.Ordinal));
        stream.Position = 0;
        Assert.Equal(1, parquet.Read(stream, "y", TableReadOptions.Default)["x"].MissingCount);
    }

    [Fact]
    public void ManyRows_MakeSeveralRowGroups()
    {
        double[] values = [.. Enumerable.Range(0, 300_000).Select(i => i * 0.5)];
        byte[] bytes = Parquet.Bytes(new Table([NumericColumn.Number("x", values)]));
        Assert.Equal(3, ParquetFile.Open(bytes).GroupCount);
        Assert.Equal(values, ((NumericColumn)Parquet.Read(bytes)["x"]).Values.ToArray());
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void CsvToParquetAndBack_SaysTheSame(Engine engine)
    {
        Table csv = Csv.Read("id,x,n,name\n1,0.5,NA,a\n2,NA,3,\n3,1e-7,-4,\"b,c\"\n");
        Table back = engine.Back(csv);
        Assert.Equal("id,x,n,name\n1,0.5,NA,a\n2,NA,3,NA\n3,1E-07,-4,\"b,c\"\n", Csv.Text(new Table(back.Columns)));
        Assert.Equal(Csv.Text(new Table(back.Columns)), Csv.Text(back));
    }

    private static IEnumerable<SchemaElement> Elements(bool optional) =>
        from element in (SchemaElement[])
        [
            ParquetElements.Of("bool", PhysicalType.Boolean), ParquetElements.Of("int", PhysicalType.Int32),
                ParquetElements.Of("long", PhysicalType.Int64),
            ParquetElements.Of("float", PhysicalType.Float), ParquetElements.Of("double", PhysicalType.Double),
                ParquetElements.Of("int96", PhysicalType.Int96),
            ParquetElements.Text("text"), ParquetElements.Of("bytes", PhysicalType.ByteArray), ParquetElements.Float16("half"),
                ParquetElements.Uuid("uuid"),
            ParquetElements.Integer("byte", 8, false), ParquetElements.Decimal("decimal", 7),
                ParquetElements.Timestamp("time", TimeUnit.Nanos, true),
        ]
        select element with { Repetition = optional ? 1 : 0 };

    private static ColumnValues Random(Random random, SchemaElement element, int rows, double nulls)
    {
        bool[]? present = nulls > 0 ? [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() >= nulls)] : null;
        ColumnValues Of<T>(Func<T> next) => new ColumnValues<T>([.. Enumerable.Range(0, rows).Select(_ => next())], present);
        ReadOnlyMemory<byte> Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
        return element.Type switch
        {
            PhysicalType.Boolean => Of(() => random.Next(3) == 0),
            PhysicalType.Int32 => Of(() => random.Next(2) == 0 ? random.Next() : -1),
            PhysicalType.Int64 => Of(() => random.NextInt64() >> random.Next(64)),
            PhysicalType.Float => Of(() => BitConverter.Int32BitsToSingle(random.Next())),
            PhysicalType.Double => Of(() => random.Next(4) == 0 ? double.NaN : random.Next(9) / 4.0),
            PhysicalType.Int96 => Of(() => Bytes(12)),
            PhysicalType.FixedLengthByteArray => Of(() => Bytes(element.TypeLength)),
            _ when element.Name == "text" => Of(() => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes("value " + random.Next(100))),
            _ => Of(() => Bytes(random.Next(12))),
        };
    }
}
