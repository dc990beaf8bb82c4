using System.Numerics;
using Imputation.Files;
using Imputation.Parquet;
using Imputation.Parquet.Storage;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Files of the format's own test collection. Counts and values are those that the collection's notes and file names
/// tell.</summary>
public class ParquetConformanceTests
{
    private static readonly Dictionary<string, int> s_rows = new()
    {
        ["alltypes_dictionary"] = 2,
        ["alltypes_plain"] = 8,
        ["alltypes_plain.snappy"] = 2,
        ["alltypes_tiny_pages"] = 7300,
        ["alltypes_tiny_pages_plain"] = 7300,
        ["binary"] = 12,
        ["byte_array_decimal"] = 24,
        ["byte_stream_split.zstd"] = 300,
        ["byte_stream_split_extended.gzip"] = 200,
        ["column_chunk_key_value_metadata"] = 0,
        ["concatenated_gzip_members"] = 513,
        ["datapage_v1-uncompressed-checksum"] = 5120,
        ["delta_binary_packed"] = 200,
        ["delta_byte_array"] = 1000,
        ["dict-page-offset-zero"] = 39,
        ["fixed_length_decimal"] = 24,
        ["int32_with_null_pages"] = 1000,
        ["lz4_raw_compressed_larger"] = 10000,
        ["nation.dict-malformed"] = 25,
        ["overflow_i16_page_cnt"] = 40000,
        ["page_v2_empty_compressed"] = 10,
        ["rle_boolean_encoding"] = 68,
        ["sort_columns"] = 6,
    };

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void EveryFile_IsReadWhole_AndItsTableWritten(Engine engine)
    {
        foreach (string path in ParquetFiles.Shared("conformance"))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (KnownFailures.OfReading(engine, path, file => ReadAny(engine, file))) continue;
            IParquetFile values = engine.Open(path), expected = Engine.BuiltIn.Open(path);
            foreach (ColumnSchema column in expected.Columns)
                for (int group = 0; group < expected.GroupCount; group++)
                    Parquet.Same(expected.Read(group, column), values.Read(group, column), $"{name}, {column.Name}");

            Table table = ReadAny(engine, path);
            if (s_rows.TryGetValue(name, out int rows)) Assert.Equal(rows, table.RowCount);
            if (!KnownFailures.OfWriting(engine, path, _ => WriteAndReadBack(engine, table, name))) WriteAndReadBack(engine, table, name);
        }
    }

    private static void WriteAndReadBack(Engine engine, Table table, string name)
    {
        foreach (TableCompression compression in Enum.GetValues<TableCompression>())
        {
            byte[] back = engine.Bytes(table, compression);
            foreach (Engine reader in Enum.GetValues<Engine>())
                Parquet.Same(table, ReadAny(reader, back), $"{name}, {compression}, read back by {reader}");
        }
    }

    [Fact]
    public void EveryFile_IsWrittenBackBitForBit()
    {
        foreach (string path in ParquetFiles.Shared("conformance"))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            ParquetFile file = ParquetFile.Open(File.ReadAllBytes(path));
            Assert.Empty(file.NestedColumns);
            Table table = ReadAny(Engine.BuiltIn, path);

            ParquetFile back = ParquetFile.Open(Parquet.Bytes(table, TableCompression.Gzip));
            Assert.Equal(file.KeyValues, back.KeyValues);
            Assert.Equal(file.GroupCount, back.GroupCount);
            foreach ((ColumnSchema read, ColumnSchema written) in file.Columns.Zip(back.Columns))
            {
                Assert.Equal(read.Element with { RawLogicalType = null }, written.Element with { RawLogicalType = null });
                Assert.Equal(read.Element.RawLogicalType, written.Element.RawLogicalType);
                for (int group = 0; group < file.GroupCount; group++)
                    Parquet.Same(file.Read(group, read), back.Read(group, written), $"{name}, {read.Name}");
            }
        }
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void Decimals_AreOneToTwentyFour(Engine engine)
    {
        string[] names = ["int32_decimal", "int64_decimal", "fixed_length_decimal", "fixed_length_decimal_legacy", "byte_array_decimal"];
        foreach (string name in names)
            if (Find(name) is { } path)
                Assert.Equal(Enumerable.Range(1, 24).Select(i => (double)i), ((NumericColumn)engine.Read(path)["value"]).Values.ToArray());
    }

    [SharedFact("parquet/conformance")]
    public void BothHalves_OfTheSplitStreams_AreAlike()
    {
        if (Find("byte_stream_split_extended.gzip") is not { } path) return;
        ParquetFile file = ParquetFile.Open(File.ReadAllBytes(path));
        Assert.Equal(14, file.Columns.Count);
        foreach (ColumnSchema[] pair in file.Columns.Chunk(2)) Parquet.Same(file.Read(0, pair[0]), file.Read(0, pair[1]), pair[1].Name);
    }

    [SharedFact("parquet/conformance")]
    public void DictionaryAndPlain_SayTheSame()
    {
        if (Find("alltypes_tiny_pages") is not { } one || Find("alltypes_tiny_pages_plain") is not { } other) return;
        ParquetFile dictionary = ParquetFile.Open(File.ReadAllBytes(one)), plain = ParquetFile.Open(File.ReadAllBytes(other));
        foreach ((ColumnSchema a, ColumnSchema b) in dictionary.Columns.Zip(plain.Columns))
            Parquet.Same(dictionary.Read(0, a), plain.Read(0, b), a.Name);
    }

    [SharedFact("parquet/conformance")]
    public void DeltaPackedColumns_HaveTheBitWidthsOfTheirNames()
    {
        if (Find("delta_binary_packed") is not { } path) return;
        ParquetFile file = ParquetFile.Open(File.ReadAllBytes(path));
        for (int width = 1; width < 63; width++)
        {
            long[] values = ((ColumnValues<long>)file.Read(0, file.Columns.Single(c => c.Name == $"bitwidth{width}"))).Values;
            BigInteger[] steps = [.. values.Zip(values.Skip(1), (a, b) => (BigInteger)b - a)];
            // 65 bits at the most: the steps of a block lie within 2^width of its smallest.
            Assert.All(steps.Chunk(128), block => Assert.True(block.Max() - block.Min() < BigInteger.One << width, $"bitwidth{width}"));
        }
        Assert.Single(((ColumnValues<long>)file.Read(0, file.Columns.Single(c => c.Name == "bitwidth0"))).Values.Distinct());
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void Int96_IsSparksTimestamps(Engine engine)
    {
        if (Find("int96_from_spark") is not { } path) return;
        object?[] cells = [.. Enumerable.Range(0, 6).Select(engine.Read(path).Columns[0].Value)];
        Assert.Equal(6, cells.Length);
        Assert.Single(cells, cell => cell is null);
    }

    [SharedFact("parquet/conformance")]
    public void BooleansInRuns_HaveTheirNulls()
    {
        if (Find("rle_boolean_encoding") is not { } path) return;
        Column column = ParquetTable.Read(path).Columns[0];
        Assert.Equal((68, 6), (column.Count, column.MissingCount));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void WhatIsDamagedOrUndefined_IsRefusedWithItsReason(Engine engine)
    {
        var reasons = new Dictionary<string, string>
        {
            ["datapage_v1-corrupt-checksum"] = "checksum",
            ["rle-dict-uncompressed-corrupt-checksum"] = "checksum",
            ["hadoop_lz4_compressed"] = "LZ4",
            ["non_hadoop_lz4_compressed"] = "LZ4",
            ["PARQUET-1481"] = "physical type -7",
            ["uniform_encryption.parquet"] = "encrypted",
            ["ARROW-GH-47662"] = "incomplete",
            ["ARROW-RS-GH-6229-DICTHEADER"] = "negative size",
            ["ARROW-GH-41317"] = "timestamp_us_no_tz",
            ["ARROW-GH-41321"] = "int64",
        };
        foreach (string path in ParquetFiles.Shared("refuse"))
        {
            var refused = Assert.Throws<ImputationDataException>(() => engine.Read(path));
            Assert.Contains(Path.GetFileName(path), refused.Message);
            // What is wrong within a page Parquet.Net finds in its own way.
            if (engine == Engine.BuiltIn || !refused.Message.Contains("Parquet.Net cannot read it", StringComparison.Ordinal))
                Assert.Contains(reasons[Path.GetFileNameWithoutExtension(path)], refused.Message);
        }
    }

    /// <summary>The table, infinities and all.</summary>
    private static Table ReadAny(Engine engine, string path) => ReadAny(engine, File.ReadAllBytes(path), path);

    private static Table ReadAny(Engine engine, byte[] bytes, string name = "back") =>
        engine.Read(bytes, name, new TableReadOptions { MixedColumns = [.. ParquetFile.Open(bytes).Columns.Select(c => c.Name)] });

    private static string? Find(string name) => ParquetFiles.Shared("conformance").FirstOrDefault(f => Path.GetFileName(f) == name
        + ".parquet");
}
