using System.Globalization;
using Imputation.Files;
using Imputation.Parquet;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Files written by DuckDB, arrow-rs and hyparquet-writer, against their twins in CSV.</summary>
public class ParquetSampleTests
{
    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void EverySample_SaysWhatItsTwinSays(Engine engine)
    {
        string[] mixed = [.. ParquetFiles.Samples.Where(f => Path.GetFileName(f).StartsWith("mixed_", StringComparison.Ordinal)
            || f.Contains("small_", StringComparison.Ordinal))];
        Assert.Equal(17, mixed.Length);
        Dictionary<string, string[]> twin = Twin("mixed.csv");
        foreach (string file in mixed)
        {
            if (KnownFailures.OfReading(engine, file, path => engine.Read(path))) continue;
            Table table = engine.Read(file);
            Assert.Equal(130, table.RowCount);
            string[] names = file.Contains("small_", StringComparison.Ordinal) ? ["id", "x", "b", "cat"] : [.. twin.Keys];
            Assert.Equal(names, table.Columns.Select(c => c.Name));
            foreach (Column column in table.Columns)
                for (int row = 0; row < table.RowCount; row++)
                    Assert.True(Same(twin[column.Name][row], column, row),
                        $"{Path.GetFileName(file)}, {column.Name}, row {row + 1}: {column.Value(row)} where the twin says "
                        + $"{twin[column.Name][row]}");
        }
    }

    [Theory]
    [InlineData("id", ColumnKind.Integer)]
    [InlineData("x", ColumnKind.Number)]
    [InlineData("f", ColumnKind.Number)]
    [InlineData("big", ColumnKind.Integer)]
    [InlineData("b", ColumnKind.Other)]
    [InlineData("cat", ColumnKind.Text)]
    [InlineData("d", ColumnKind.Other)]
    [InlineData("ts", ColumnKind.Other)]
    [InlineData("dec9", ColumnKind.Number)]
    [InlineData("dec30", ColumnKind.Number)]
    [InlineData("i8", ColumnKind.Integer)]
    [InlineData("u16", ColumnKind.Integer)]
    [InlineData("allnull", ColumnKind.Number)]
    public void Types_BecomeKinds(string column, ColumnKind kind)
    {
        foreach (string sample in (string[])["mixed_duckdb_none.parquet", "mixed_arrowrs_v2_zstd_delta.parquet", "empty_duckdb.parquet"])
            Assert.Equal(kind, ParquetTable.Read(ParquetFiles.Sample(sample))[column].Kind);
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AFileWithoutRows_HasItsColumns(Engine engine)
    {
        Table table = engine.Read(ParquetFiles.Sample("empty_duckdb.parquet"));
        Assert.Equal((0, 14), (table.RowCount, table.Columns.Count));
        Assert.Equal(table.Columns.Select(c => c.Name), engine.Back(table).Columns.Select(c => c.Name));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void AnInfinity_IsRefusedByName_UnlessTheColumnIsHandedThrough(Engine engine)
    {
        string file = ParquetFiles.Sample("edge_duckdb_snappy.parquet");
        var refused = Assert.Throws<ImputationDataException>(() => engine.Read(file));
        Assert.Equal(("v", 3L), (refused.Column, refused.Row));
        Assert.Contains("edge_duckdb_snappy.parquet", refused.Message);
        Assert.Contains("+Infinity", refused.Message);

        Column v = engine.Read(file, new TableReadOptions { MixedColumns = ["v"] })["v"];
        object?[] expected = [1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, null, 5e-324, double.MaxValue,
            0.30000000000000004];
        Assert.Equal(expected, Enumerable.Range(0, 9).Select(v.Value));
        Assert.True(double.IsNegative((double)v.Value(4)!));
    }

    [Theory, MemberData(nameof(ParquetEngines.All), MemberType = typeof(ParquetEngines))]
    public void NestedColumns_AreNamedAndLeftOut_AndRefusedWhereAskedFor(Engine engine)
    {
        string file = ParquetFiles.Sample("nested_duckdb.parquet");
        Table table = engine.Read(file);
        Assert.Equal(["x", "y"], table.Columns.Select(c => c.Name));
        Assert.Equal(["point", "list", "dict"], ParquetTable.NestedColumns(table));
        // The query that made it: i + 0.5, and i² but for every fourth row.
        for (int i = 0; i < 12; i++) Assert.Equal((i + 0.5, i % 4 == 3 ? null : (double)(i * i)),
            (table["x"].Value(i), (double?)table["y"].Value(i)));
        Table back = engine.Back(Csv.Fill(table, 7));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => i % 4 == 3 ? 7.0 : i * i), ((NumericColumn)back["y"]).Values.ToArray());

        var refused = Assert.Throws<ImputationDataException>(() => engine.Read(file, new TableReadOptions { NumericColumns = ["list"] }));
        Assert.Contains("'list' is nested", refused.Message);
    }

    private static bool Same(string expected, Column column, int row)
    {
        if (expected == "NA") return column.IsMissing(row) && column.Mask.Origin(row) == MissingOrigin.Empty;
        return column.Value(row) switch
        {
            double d => column.Name == "f" ? (float)d == float.Parse(expected, CultureInfo.InvariantCulture) : d == double.Parse(expected,
                CultureInfo.InvariantCulture),
            long n => n == long.Parse(expected, CultureInfo.InvariantCulture),
            bool b => b == bool.Parse(expected),
            DateOnly d => d == DateOnly.Parse(expected, CultureInfo.InvariantCulture),
            DateTime t => t == DateTime.Parse(expected, CultureInfo.InvariantCulture),
            string s => s == expected,
            _ => false,
        };
    }

    /// <summary>The twin's cells by column, as text, quoted NA and all: the sample has one quoted cell, with doubled quotes.</summary>
    private static Dictionary<string, string[]> Twin(string name)
    {
        string[][] lines = [.. File.ReadAllLines(ParquetFiles.Sample(name)).Select(line => line.Replace("\"a,\"\"b\"\"\"", "\u0001")
            .Split(',').Select(cell => cell.Replace("\u0001", "a,\"b\"")).ToArray())];
        return lines[0].Select((column, j) => (column, Cells: lines.Skip(1).Select(line => line[j]).ToArray())).ToDictionary(c => c.column,
            c => c.Cells);
    }
}
