using Imputation.Data;
using Imputation.Files;
using Imputation.Files.ParquetTables;
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
        string summary = Impute.Run(["fill", input, "--out", output, .. s_columns]).Expect(0).Text;
        Assert.Matches(@"Types\s+big: .*DOUBLE", summary);
        Table before = ParquetTable.Read(input), after = ParquetTable.Read(output);
        Assert.Equal(0, after["x"].MissingCount + after["f"].MissingCount + after["big"].MissingCount);
        Assert.Equal(before["dec30"].MissingCount, after["dec30"].MissingCount);
        for (int row = 0; row < before.RowCount; row++)
            foreach (Column column in before.Columns.Where(c => c.Name != "big" && !c.IsMissing(row))) Assert.Equal(column.Value(row), after[column.Name].Value(row));

        string csv = scratch.Path("done.csv"), back = scratch.Path("back");
        Impute.Run(["fill", input, "--out", csv, .. s_columns]).Expect(0);
        Impute.Run(["fill", csv, "--out", back, "--to", "parquet", "--compression", "gzip", "--columns", "dec9"]).Expect(0);
        Table twice = ParquetTable.Read(back);
        Assert.Equal(((NumericColumn)after["x"]).Values.ToArray(), ((NumericColumn)twice["x"]).Values.ToArray());
    }

    [Fact]
    public void WholeNumbers_StayWhole_WhenAsked()
    {
        using var scratch = new Scratch();
        string output = scratch.Path("done.parquet");
        ImputeResult run = Impute.Run(["fill", ParquetFiles.Sample("mixed_duckdb_zstd.parquet"), "--out", output, .. s_columns, "--integer", "big"]).Expect(0);
        Assert.DoesNotContain("DOUBLE", run.Text);
        Assert.Contains("Filled", run.Text);
        Assert.Equal(ColumnKind.Integer, ParquetTable.Read(output)["big"].Kind);
    }

    [Fact]
    public void WrongCompressions_AreToldAtOnce()
    {
        using var scratch = new Scratch();
        string input = ParquetFiles.Sample("mixed_duckdb_zstd.parquet");
        Impute.Run("fill", input, "--out", scratch.Path("a.parquet"), "--compression", "zstd").Expect(2).Says("zstd", "snappy, gzip or none");
        Impute.Run("fill", input, "--out", scratch.Path("a.csv"), "--compression", "gzip").Expect(2).Says("csv");
        Assert.Empty(scratch.Names);
    }

    [Fact]
    public void ADamagedFile_IsRefusedWithoutATrace()
    {
        using var scratch = new Scratch();
        string input = scratch.Path("cut.parquet");
        File.WriteAllBytes(input, File.ReadAllBytes(ParquetFiles.Sample("mixed_duckdb_zstd.parquet"))[..1000]);
        ImputeResult run = Impute.Run("fill", input, "--out", scratch.Path("a.parquet"));
        Assert.NotEqual(0, run.Code);
        run.Expect(run.Code).Says("cut.parquet", TableFormats.ForPath(input) is ParquetFormat ? "PAR1" : "Parquet.Net");
    }
}
