using Imputation.Files;
using Imputation.Parquet;
using Imputation.Tests.Files.Parquet;

namespace Imputation.Tests.Cli;

/// <summary>Parquet on the command line.</summary>
public class ParquetCommandTests
{
    private static readonly string[] s_columns = ["--columns", "x,f,big"];

    [Fact]
    public void ParquetIn_ParquetOut_CsvOut()
    {
        using var scratch = new Scratch();
        string input = ParquetFiles.Sample("mixed_duckdb_v2_zstd_rg50.parquet"), output = scratch.Path("done.parquet");
        // 'f' is missing in all rows of one category: made so, not skipped.
        string summary = Impute.Run(["fill", input, "--out", output, "--fill-not-asked", "--method", "mean", .. s_columns]).Expect(0).Text;
        Assert.Matches(@"Types\s+big: .*DOUBLE", summary);
        Table before = ParquetTable.Read(input), after = ParquetTable.Read(output);
        Assert.Equal(0, after["x"].MissingCount + after["f"].MissingCount + after["big"].MissingCount);
        Assert.Equal(before["dec30"].MissingCount, after["dec30"].MissingCount);
        for (int row = 0; row < before.RowCount; row++)
            foreach (Column column in before.Columns.Where(c => c.Name != "big" && !c.IsMissing(row)))
                Assert.Equal(column.Value(row), after[column.Name].Value(row));

        string csv = scratch.Path("done.csv"), back = scratch.Path("back");
        Impute.Run(["fill", input, "--out", csv, "--fill-not-asked", "--method", "mean", .. s_columns]).Expect(0);
        Impute.Run(["fill", csv, "--out", back, "--to", "parquet", "--compression", "gzip", "--columns", "dec9"]).Expect(0);
        Table twice = ParquetTable.Read(back);
        Assert.Equal(((NumericColumn)after["x"]).Values.ToArray(), ((NumericColumn)twice["x"]).Values.ToArray());
    }

    [Fact]
    public void WholeNumbers_StayWhole_WhenAsked()
    {
        using var scratch = new Scratch();
        string output = scratch.Path("done.parquet");
        ImputeResult run = Impute.Run(["fill", ParquetFiles.Sample("mixed_duckdb_zstd.parquet"), "--out", output, .. s_columns, "--integer",
            "big"]).Expect(0);
        Assert.DoesNotContain("DOUBLE", run.Text);
        Assert.Contains("Filled", run.Text);
        Assert.Equal(ColumnKind.Integer, ParquetTable.Read(output)["big"].Kind);
    }

    [Theory]
    [InlineData("built-in")]
    [InlineData("parquet.net")]
    public void EveryCommand_TakesAnEngine(string engine)
    {
        using var scratch = new Scratch();
        string input = ParquetFiles.Sample("mixed_duckdb_v2_zstd_rg50.parquet");
        string model = scratch.Path("model.json"), zstd = scratch.Path("zstd.parquet");
        string[] chosen = ["--parquet-engine", engine];
        Impute.Run(["fill", input, "--out", zstd, "--compression", "zstd", .. s_columns, .. chosen]).Expect(0);
        Impute.Run(["fit", input, "--out", model, .. s_columns, .. chosen]).Expect(0);
        Impute.Run(["apply", model, input, "--out", scratch.Path("applied.parquet"), .. chosen]).Expect(0);
        Impute.Run(["describe", input, .. s_columns, .. chosen]).Expect(0);
        Impute.Run(["analyze", input, "x ~ f", "-m", "2", "--fill-not-asked", .. chosen]).Expect(0);
        Impute.Run(["multiple", input, "-m", "2", "--long", scratch.Path("long.parquet"), .. s_columns, .. chosen]).Expect(0);
        Table filled = ParquetTable.Read(zstd);
        Assert.Equal(0, filled["x"].MissingCount);
        foreach (Engine reader in Enum.GetValues<Engine>())
        {
            Files.Parquet.Parquet.Same(filled, reader.Read(zstd), $"zstd, read by {reader}");
            Assert.Equal(260, reader.Read(scratch.Path("long.parquet")).RowCount);
        }
        // What wrote the file stands in its metadata.
        string text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(zstd));
        Assert.Equal(engine == "parquet.net", text.Contains("Parquet.Net version", StringComparison.Ordinal));
    }

    [Fact]
    public void TheBuiltInEngine_IsTheDefault_AndAnUnknownOneIsRefused()
    {
        using var scratch = new Scratch();
        string input = ParquetFiles.Sample("small_hyparquet_snappy.parquet");
        Impute.Run("describe", input).Expect(0);
        // What Parquet.Net cannot read it is asked for all the same: an engine that was chosen is not replaced.
        Impute.Run("describe", input, "--parquet-engine", "parquet.net").Expect(3).Says("column 'b'", "Parquet.Net");
        Impute.Run("describe", input, "--parquet-engine", "arrow").Expect(2).Says("--parquet-engine arrow", "built-in or parquet.net");
    }

    [Fact]
    public void WrongCompressions_AreToldAtOnce()
    {
        using var scratch = new Scratch();
        string input = ParquetFiles.Sample("mixed_duckdb_zstd.parquet");
        Impute.Run("fill", input, "--out", scratch.Path("a.parquet"), "--compression", "lzo").Expect(2)
            .Says("lzo", "snappy, zstd, gzip or none");
        Impute.Run("fill", input, "--out", scratch.Path("a.csv"), "--compression", "gzip").Expect(2).Says("csv");
        Assert.Empty(scratch.Names);
    }

    [Fact]
    public void NestedColumns_AreNamed_LeftOut_AndRefusedAsSuchWhenAskedFor()
    {
        using var scratch = new Scratch();
        string input = ParquetFiles.Sample("nested_duckdb.parquet"), output = scratch.Path("a.parquet");
        Impute.Run("fill", input, "--out", output, "--columns", "x,list").Expect(2).Says("--columns", "'list' is nested", "Flatten");
        Impute.Run("fill", input, "--out", output, "--columns", "x,lists").Expect(2).Says("no column 'lists'");
        Assert.Empty(scratch.Names);
        Assert.Matches("Left out +point, list, dict", Impute.Run("fill", input, "--out", output).Expect(0).Text);
        Assert.Equal(["x", "y"], ParquetTable.Read(output).Columns.Select(c => c.Name));
    }

    [Fact]
    public void AParquetFileUnderAnotherName_IsToldHowToBeRead()
    {
        using var scratch = new Scratch();
        string input = scratch.Path("table.csv");
        File.Copy(ParquetFiles.Sample("mixed_duckdb_zstd.parquet"), input);
        Impute.Run("describe", input).Expect(3).Says("table.csv", "Parquet file", "--from parquet");
        Impute.Run("describe", input, "--from", "parquet").Expect(0);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public void WholeNumbersBeyondADouble_AreNotModelled_AndItIsSaidWhy(string format)
    {
        using var scratch = new Scratch();
        string csv = scratch.Path("a.csv"), input = scratch.Path("a." + format);
        File.WriteAllText(csv, "account,x,y\n9007199254740993,1,2\n9007199254740995,2,NA\n12,3,5\n13,5,4\n14,NA,7\n");
        if (format == "parquet")
            ParquetTable.Write(input, new([ObjectColumn.Create("account", typeof(long), [9007199254740993, 9007199254740995, 12L, 13L,
                14L]), .. CsvTable.Read(csv).Columns.Skip(1)]));
        string text = Impute.Run("fill", input, "--out", scratch.Path("b." + format)).Expect(0).Text.ReplaceLineEndings(" ");
        Assert.Matches(@"account: .*\(digits\s+beyond\s+2\^53", text);
        Assert.Matches(@"account: .*digits\s+beyond\s+2\^53", Impute.Run("describe", input).Expect(0).Text.ReplaceLineEndings(" "));
        if (format == "parquet") Impute.Run("fill", input, "--out", scratch.Path("c.parquet"), "--columns", "account,x").Expect(2)
            .Says("account", "2^53");
    }

    [Fact]
    public void ADamagedFile_IsRefusedWithoutATrace()
    {
        using var scratch = new Scratch();
        string input = scratch.Path("cut.parquet");
        File.WriteAllBytes(input, File.ReadAllBytes(ParquetFiles.Sample("mixed_duckdb_zstd.parquet"))[..1000]);
        ImputeResult run = Impute.Run("fill", input, "--out", scratch.Path("a.parquet"));
        Assert.NotEqual(0, run.Code);
        run.Expect(run.Code).Says("cut.parquet", "PAR1");
    }
}
