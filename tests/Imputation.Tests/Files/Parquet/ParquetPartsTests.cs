using System.IO.Hashing;
using Imputation.Files;
using Imputation.Files.Formats;
using Imputation.Parquet;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Files of which some rows at a time are read and written.</summary>
public class ParquetPartsTests
{
    private static readonly TableReadOptions s_fromDisk = new() { Storage = new CsvStorage { LargestKept = 0 } };

    /// <summary>Every file, in memory and on disk, in parts of all sizes, is the table that is read at once: the same cells, kinds and
    /// types.</summary>
    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void Parts_AreTheTable(Engine engine)
    {
        foreach (string path in ParquetFiles.Samples.Concat(ParquetFiles.Shared("conformance")))
        {
            string name = Path.GetFileName(path);
            if (KnownFailures.OfReading(engine, path, file => engine.Read(file, Mixed(file)))) continue;
            TableReadOptions options = Mixed(path);
            Table whole = engine.Read(path, options);
            foreach (bool inMemory in (bool[])[true, false])
            {
                ParquetTableReader reader = Open(engine, path, options, inMemory);
                Assert.Equal(whole.RowCount, reader.RowCount);
                Parquet.Same(whole, reader.Read(CancellationToken.None), name);
                foreach (int rows in whole.RowCount > 500 ? (int[])[whole.RowCount / 3] : [1_000_000, 50, 7])
                {
                    int first = 0;
                    foreach (Table part in reader.Batches(rows, CancellationToken.None))
                    {
                        Assert.InRange(part.RowCount, 1, rows);
                        SameRows(whole, part, first, $"{name}, parts of {rows} rows, from row {first + 1}");
                        first += part.RowCount;
                    }
                    Assert.Equal(whole.RowCount, first);
                }
            }
        }
    }

    /// <summary>Any rows of a row group with pages of all kinds: the pages above them are passed over.</summary>
    [Fact]
    public void AnyRows_AreReadOutOfARowGroup()
    {
        string[] names = ["alltypes_tiny_pages", "alltypes_tiny_pages_plain", "overflow_i16_page_cnt", "int32_with_null_pages",
            "delta_byte_array", "rle_boolean_encoding"];
        var random = new Random(3);
        foreach (string path in ParquetFiles.Shared("conformance").Where(f => names.Contains(Path.GetFileNameWithoutExtension(f))))
        {
            var file = ParquetFile.Open(new BytesInFile(path));
            foreach (ColumnSchema column in file.Columns)
            {
                ColumnValues whole = file.Read(0, column);
                for (int i = 0; i < 10; i++)
                {
                    int first = random.Next(whole.Count), count = random.Next(whole.Count - first + 1);
                    Parquet.Same(whole.Slice(first, count), ColumnValues.Join(file.Read(column, new RowRange(0, first, count)), count),
                        $"{Path.GetFileName(path)}, {column.Name}, {count} rows from {first}");
                }
            }
        }
    }

    /// <summary>Of a file, the footer is read and the pages of the rows that are asked for, and no more than a little around them.</summary>
    [Fact]
    public void OnlyWhatIsAskedFor_IsReadFromTheFile()
    {
        byte[] bytes = Parquet.Bytes(Numbers(rows: 700_000), TableCompression.None); // 6 row groups of 131,072 rows, 1 MB a column
        var counting = new CountingBytes(bytes);
        var reader = ParquetTableReader.Open(counting, "a.parquet", TableReadOptions.Default, ParquetEngine.BuiltIn.Open, ["x"]);
        Assert.InRange(counting.Count, 1, 5_000);
        Table table = reader.Read(2, 1, CancellationToken.None);
        Assert.Equal(["x"], table.Columns.Select(column => column.Name));
        Assert.Equal(2 * 131_072 + 5, ((NumericColumn)table["x"]).Values[5]);
        Assert.InRange(counting.Count, 1_048_576, 1_048_576 + 200_000);
        Assert.InRange(counting.Largest, 1_048_576, 1_048_576 + 50_000);
    }

    /// <summary>One row group of many pages: as little memory for its last rows as for its first.</summary>
    [Fact]
    public void ALargeRowGroup_IsReadPageByPage()
    {
        const int rows = 3_000_000, part = 100_000;
        double[] numbers = [.. Enumerable.Range(0, rows).Select(i => i * 0.5)];
        byte[] bytes = Parquet.File([ParquetElements.Of("x", PhysicalType.Double) with { Repetition = 0 }], PageCodec.Snappy, [],
            [new ColumnValues<double>(numbers, null)]);
        var counting = new CountingBytes(bytes);
        var reader = ParquetTableReader.Open(counting, "a.parquet", TableReadOptions.Default, ParquetEngine.BuiltIn.Open);
        int first = 0;
        foreach (Table table in reader.Batches(part, CancellationToken.None))
        {
            Assert.Equal(numbers.AsSpan(first, part), ((NumericColumn)table["x"]).Values);
            first += part;
        }
        Assert.Equal(rows, first);
        Assert.InRange(counting.Largest, 1, 2 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        reader.Read(new RowRange(0, rows - part, part), CancellationToken.None);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000); // the group has 24 MB
    }

    /// <summary>The type of a column is that of all rows, also for the parts in which every value would fit another.</summary>
    [Fact]
    public void APart_HasTheKindsOfTheWholeFile()
    {
        SchemaElement[] elements =
        [
            ParquetElements.Of("id", PhysicalType.Int64), ParquetElements.Of("blob", PhysicalType.ByteArray), ParquetElements.Date("day"),
            ParquetElements.Of("x", PhysicalType.Double), ParquetElements.Decimal("digits", 0),
        ];
        ReadOnlyMemory<byte> text = "text"u8.ToArray(), bytes = new byte[] { 0, 255 }, large = Decimals.ToBytes(1L << 60, 16)!;
        ColumnValues[] Group(long id, ReadOnlyMemory<byte> blob, int day, double x, ReadOnlyMemory<byte> digits) =>
        [
            new ColumnValues<long>([id], null), new ColumnValues<ReadOnlyMemory<byte>>([blob], null), new ColumnValues<int>([day], null),
            new ColumnValues<double>([x], null), new ColumnValues<ReadOnlyMemory<byte>>([digits], null),
        ];
        ReadOnlyMemory<byte> small = Decimals.ToBytes(3, 16)!;
        byte[] file = Parquet.File([.. elements.Select(e => e with { Repetition = 0 })], PageCodec.None, [], Group(1, text, 1, 1, small),
            Group(1L << 60, bytes, int.MaxValue, double.PositiveInfinity, large));
        var options = new TableReadOptions { MixedColumns = ["x"] };
        var reader = ParquetTableReader.Open(new BytesInMemory(file), "a.parquet", options, ParquetEngine.BuiltIn.Open);
        Table part = reader.Read(0, 1, CancellationToken.None);
        Assert.Equal([1L, (object)1, 1.0, "3"], new[] { "id", "day", "x", "digits" }.Select(name => part[name].Value(0)));
        Assert.Equal("text"u8.ToArray(), part["blob"].Value(0));
        // The same row in a file of its own has the usual types.
        byte[] alone = Parquet.File([.. elements.Select(e => e with { Repetition = 0 })], PageCodec.None, [], Group(1, text, 1, 1, small));
        Table own = Parquet.Read(alone, options);
        Assert.Equal([1L, "text", new DateOnly(1970, 1, 2), 1.0, 3L], own.Columns.Select(column => column.Value(0)));
    }

    /// <summary>Row numbers of messages count in the file.</summary>
    [Fact]
    public void AnInfinity_IsNamedWithItsRowInTheFile()
    {
        byte[] file = Parquet.File([ParquetElements.Of("x", PhysicalType.Double) with { Repetition = 0 }], PageCodec.None, [],
            [new ColumnValues<double>([1, 2], null)], [new ColumnValues<double>([3, double.NegativeInfinity], null)]);
        var reader = ParquetTableReader.Open(new BytesInMemory(file), "a.parquet", TableReadOptions.Default, ParquetEngine.BuiltIn.Open);
        Assert.Equal(2, reader.Read(0, 1, CancellationToken.None).RowCount);
        var refused = Assert.Throws<ImputationDataException>(() => reader.Read(1, 1, CancellationToken.None));
        Assert.Equal(4, refused.Row);
        Assert.Contains("row 4: -Infinity", refused.Message);
    }

    [Fact]
    public void AFileOnDisk_HasTheHashOfItsBytes_AndIsWrittenAsOneInMemory()
    {
        foreach (string path in ParquetFiles.Samples)
        {
            Table inMemory = ParquetTable.Read(path, Mixed(path));
            Table onDisk = ParquetTable.Read(path, Mixed(path) with { Storage = s_fromDisk.Storage });
            Assert.Equal(ModelSource.Of(inMemory), ModelSource.Of(onDisk));
            Assert.Equal(Parquet.Bytes(inMemory), Parquet.Bytes(onDisk));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileThatChanged_IsRefused(bool sameLength)
    {
        using var scratch = new Scratch();
        string path = scratch.Path("a.parquet");
        byte[] bytes = Parquet.Bytes(Numbers(rows: 1000));
        File.WriteAllBytes(path, bytes);
        Table table = ParquetTable.Read(path, s_fromDisk);
        ParquetTableReader reader = ParquetTable.Open(path, s_fromDisk);
        Assert.Equal(bytes.Length, Parquet.Bytes(table).Length);
        File.WriteAllBytes(path, sameLength ? bytes : [.. bytes, 0]);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(sameLength ? 5 : 0));
        foreach (Action use in (Action[])[() => Parquet.Bytes(table), () => ModelSource.Of(table)!.Sha256.ToString(),
            () => reader.Read(CancellationToken.None)])
        {
            var refused = Assert.Throws<InputException>(use);
            Assert.Contains("a.parquet' changed after it was opened", refused.Message);
        }
    }

    /// <summary>A file of more than 2 GB, most of which is a hole.</summary>
    [Fact]
    public void AFileOfMoreThanTwoGigabytes_IsRead()
    {
        const int rows = 1000;
        const long hole = (1L << 31) + 5;
        using var scratch = new Scratch();
        string path = scratch.Path("large.parquet");
        double[] numbers = [.. Enumerable.Range(0, rows).Select(i => (double)i)];
        byte[] body = [.. numbers.SelectMany(BitConverter.GetBytes)];
        byte[] page = [.. MetadataWriter.PageHeader(PageType.Data, body.Length, body.Length, Crc32.HashToUInt32(body), rows,
            PageEncoding.Plain), .. body];
        var column = new ColumnSchema(ParquetElements.Of("x", PhysicalType.Double) with { Repetition = 0 }, 0);
        var chunk = new WrittenChunk(column, PageCodec.None, rows, false, page.Length, page.Length, hole, null,
            new ChunkStatistics(0, null, null));
        byte[] footer = MetadataWriter.Footer([column], [new WrittenGroup(rows, hole, [chunk])], []).ToArray();
        using (FileStream file = File.Create(path))
        {
            file.Write("PAR1"u8);
            file.Position = hole;
            file.Write([.. page, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8]);
        }
        Assert.Equal(numbers, ((NumericColumn)ParquetTable.Read(path)["x"]).Values.ToArray());
    }

    /// <summary>Parts with cells filled in, one after the other, are the file that the whole table makes.</summary>
    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void PartsThatAreFilled_AreWrittenAsTheWholeTable(Engine engine)
    {
        using var scratch = new Scratch();
        string path = scratch.Path("a.parquet");
        File.WriteAllBytes(path, InGroups(ParquetFiles.Sample("mixed_duckdb_v2_zstd_rg50.parquet"), rows: 50));
        Table whole = Csv.Fill(engine.Read(path), 0.5);
        byte[] expected = engine.Bytes(whole);
        var stream = new MemoryStream();
        var writer = new ParquetPartsWriter(stream, TableWriteOptions.Default, engine.Itself().Create, ParquetTable.Widened(whole));
        ParquetTableReader reader = Open(engine, path, TableReadOptions.Default, inMemory: false);
        int parts = 0;
        foreach (Table part in reader.Batches(50, CancellationToken.None))
        {
            writer.Append(Csv.Fill(part, 0.5), CancellationToken.None);
            parts++;
        }
        writer.Finish();
        Assert.Equal(3, parts);
        Assert.NotEmpty(ParquetTable.Widened(whole));
        Assert.Equal(expected, stream.ToArray());
    }

    /// <summary>Rows of a row group that is larger than a part become row groups of their own, and keep types and metadata.</summary>
    [Fact]
    public void SomeRowsOfARowGroup_AreWritten_WithTypesAndMetadata()
    {
        foreach (string path in ParquetFiles.Samples.Concat(ParquetFiles.Shared("conformance")))
        {
            ParquetFile file = ParquetFile.Open(File.ReadAllBytes(path));
            ParquetTableReader reader = Open(Engine.BuiltIn, path, Mixed(path), inMemory: false);
            if (reader.RowCount is 0 or > 5_000) continue;
            ParquetFile back = ParquetFile.Open(InGroups(path, (int)reader.RowCount / 3 + 1));
            Assert.Equal(file.KeyValues.Where(_ => file.NestedColumns.Count == 0), back.KeyValues);
            foreach ((ColumnSchema read, ColumnSchema written) in file.Columns.Zip(back.Columns))
            {
                Assert.Equal(read.Element with { RawLogicalType = null }, written.Element with { RawLogicalType = null });
                Assert.Equal(read.Element.RawLogicalType, written.Element.RawLogicalType);
                Parquet.Same(All(file, read), All(back, written), $"{Path.GetFileName(path)}, {read.Name}");
            }
        }

        static ColumnValues All(ParquetFile file, ColumnSchema column) => ColumnValues.Join(
            Enumerable.Range(0, file.GroupCount).SelectMany(group => file.Read(column, RowRange.All(file, group))),
            Enumerable.Range(0, file.GroupCount).Sum(file.RowCount));
    }

    [Fact]
    public void APart_ThatDoesNotFitTheRowsAbove_IsRefused()
    {
        byte[] file = Parquet.File([ParquetElements.Of("n", PhysicalType.Int32) with { Repetition = 1 }], PageCodec.None, [],
            [new ColumnValues<int>([1, 0], [true, false])]);
        var reader = ParquetTableReader.Open(new BytesInMemory(file), "a.parquet", TableReadOptions.Default, ParquetEngine.BuiltIn.Open);
        Table table = reader.Read(0, 1, CancellationToken.None);
        Assert.Contains("filled with fractions", Refused(Csv.Fill(table, 0.5)));
        Assert.Contains("does not fit the column's type, INT32", Refused(Csv.Fill(table, 3e9, ColumnKind.Integer)));

        string Refused(Table filled) => Assert.Throws<ImputationDataException>(() => new ParquetPartsWriter(new MemoryStream(),
            TableWriteOptions.Default, ParquetEngine.BuiltIn.Create, []).Append(filled, CancellationToken.None)).Message;
    }

    /// <summary>The file in row groups of so many rows.</summary>
    private static byte[] InGroups(string path, int rows)
    {
        var stream = new MemoryStream();
        var writer = new ParquetPartsWriter(stream, TableWriteOptions.Default, ParquetEngine.BuiltIn.Create, []);
        foreach (Table part in Open(Engine.BuiltIn, path, Mixed(path), inMemory: false).Batches(rows, CancellationToken.None))
            writer.Append(part, CancellationToken.None);
        writer.Finish();
        return stream.ToArray();
    }

    private static ParquetTableReader Open(Engine engine, string path, TableReadOptions options, bool inMemory) =>
        ParquetTable.Open(path, inMemory ? options : options with { Storage = s_fromDisk.Storage }, engine.Itself());

    /// <summary>Infinities and all.</summary>
    private static TableReadOptions Mixed(string path) => new()
    {
        MixedColumns = [.. ParquetFile.Open(File.ReadAllBytes(path)).Columns.Select(column => column.Name)]
    };

    private static Table Numbers(int rows) => new([NumericColumn.Number("x", [.. Enumerable.Range(0, rows).Select(i => (double)i)]),
        NumericColumn.Number("y", [.. Enumerable.Range(0, rows).Select(i => i * 0.25)])]);

    private static void SameRows(Table whole, Table part, int first, string what)
    {
        Assert.Equal(whole.Columns.Select(c => (c.Name, c.Kind)), part.Columns.Select(c => (c.Name, c.Kind)));
        for (int j = 0; j < whole.Columns.Count; j++)
        {
            Column expected = whole.Columns[j], actual = part.Columns[j];
            Assert.Equal((expected as ObjectColumn)?.Type, (actual as ObjectColumn)?.Type);
            for (int row = 0; row < part.RowCount; row++)
            {
                object? one = expected.Value(first + row), other = actual.Value(row);
                Assert.True(one is byte[] bytes ? other is byte[] others && bytes.AsSpan().SequenceEqual(others) : Equals(one, other),
                    $"{what}, {expected.Name}, row {row + 1} of the part: {other}, expected {one}");
                Assert.Equal(expected.Mask.Origin(first + row), actual.Mask.Origin(row));
            }
        }
    }

    private sealed class CountingBytes(byte[] bytes) : IRandomAccess
    {
        public long Count { get; private set; }

        public int Largest { get; private set; }

        public long Length => bytes.Length;

        public ReadOnlyMemory<byte> Read(long start, int length)
        {
            lock (bytes)
            {
                Count += length;
                Largest = Math.Max(Largest, length);
            }
            return bytes.AsMemory((int)start, length);
        }
    }
}
