using System.Numerics;
using Imputation.Files;
using Imputation.Files.Parquet;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Files of the format's own test collection. Counts and values are those that the collection's notes and file names tell.</summary>
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

    [Fact]
    public void EveryFile_IsReadWhole_AndWritesBackBitForBit()
    {
        foreach (string path in ParquetFiles.Shared("conformance"))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            ParquetFile file = ParquetFile.Open(File.ReadAllBytes(path));
            Assert.Empty(file.NestedColumns);
            Table table = ParquetTable.Read(path, new TableReadOptions { MixedColumns = [.. file.Columns.Select(c => c.Name)] });
            if (s_rows.TryGetValue(name, out int rows)) Assert.Equal(rows, table.RowCount);

            ParquetFile back = ParquetFile.Open(Parquet.Bytes(table, TableCompression.Gzip));
            Assert.Equal(file.KeyValues, back.KeyValues);
            Assert.Equal(file.GroupCount, back.GroupCount);
            foreach ((ColumnSchema read, ColumnSchema written) in file.Columns.Zip(back.Columns))
            {
                Assert.Equal(read.Element with { RawLogicalType = null }, written.Element with { RawLogicalType = null });
                Assert.Equal(read.Element.RawLogicalType, written.Element.RawLogicalType);
                for (int group = 0; group < file.GroupCount; group++) Parquet.Same(file.Read(group, read), back.Read(group, written), $"{name}, {read.Name}");
            }
        }
    }

    [Theory]
    [InlineData("int32_decimal")]
    [InlineData("int64_decimal")]
    [InlineData("fixed_length_decimal")]
    [InlineData("fixed_length_decimal_legacy")]
    [InlineData("byte_array_decimal")]
    public void Decimals_AreOneToTwentyFour(string name)
    {
        if (Find(name) is not { } path) return;
        Assert.Equal(Enumerable.Range(1, 24).Select(i => (double)i), ((NumericColumn)ParquetTable.Read(path)["value"]).Values.ToArray());
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
        foreach ((ColumnSchema a, ColumnSchema b) in dictionary.Columns.Zip(plain.Columns)) Parquet.Same(dictionary.Read(0, a), plain.Read(0, b), a.Name);
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

    [Fact]
    public void Int96_IsSparksTimestamps()
    {
        if (Find("int96_from_spark") is not { } path) return;
        object?[] cells = [.. Enumerable.Range(0, 6).Select(ParquetTable.Read(path).Columns[0].Value)];
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

    [Fact]
    public void WhatIsDamagedOrUndefined_IsRefusedWithItsReason()
    {
        var reasons = new Dictionary<string, string>
        {
            ["datapage_v1-corrupt-checksum"] = "checksum",
            ["rle-dict-uncompressed-corrupt-checksum"] = "checksum",
            ["hadoop_lz4_compressed"] = "LZ4",
            ["non_hadoop_lz4_compressed"] = "LZ4",
            ["PARQUET-1481"] = "physical type -7",
            ["uniform_encryption.parquet"] = "encrypted",
            ["ARROW-GH-47662"] = "end too soon",
            ["ARROW-RS-GH-6229-DICTHEADER"] = "negative size",
            ["ARROW-GH-41317"] = "timestamp_us_no_tz",
            ["ARROW-GH-41321"] = "int64",
        };
        foreach (string path in ParquetFiles.Shared("refuse"))
        {
            var refused = Assert.Throws<ImputationDataException>(() => ParquetTable.Read(path));
            Assert.Contains(Path.GetFileName(path), refused.Message);
            Assert.Contains(reasons[Path.GetFileNameWithoutExtension(path)], refused.Message);
        }
    }

    private static string? Find(string name) => ParquetFiles.Shared("conformance").FirstOrDefault(f => Path.GetFileName(f) == name + ".parquet");
}
