using DuckDB.NET.Data;
using Imputation.DuckDb;
using Imputation.Files;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Sql;

/// <summary>Queries that DuckDB runs over files: the same models as of the tables, and nothing is reached but what was named.</summary>
public sealed class DuckDbRowsTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Folder => Path.GetDirectoryName(_scratch.Path("x"))!;

    [Fact]
    public void FilesOfAFolder_AreOneTable_AndFittedAndFilledAsInMemory()
    {
        string file = Repository.Example("airquality.csv");
        foreach (string month in (string[])["a", "b"])
        {
            Directory.CreateDirectory(_scratch.Path($"part={month}"));
            File.Copy(file, Path.Combine(_scratch.Path($"part={month}"), "rows.csv"));
        }
        string query = $"SELECT * FROM read_csv('{Folder}/*/*.csv', nullstr = 'NA', hive_partitioning = true) ORDER BY part, Month, Day;";
        using var rows = DuckDbRows.Open(query, [Folder], memoryLimit: 200_000_000);
        Table all = Assert.Single(rows.Batches());
        Assert.Equal((306, 7), (all.RowCount, all.Columns.Count));
        Assert.Equal("a", all["part"].Value(0));

        NormalOptions exact = NormalOptions.Default with { Tolerance = 1e-11 };
        string[] lines = File.ReadAllLines(file);
        File.WriteAllLines(_scratch.Path("twice.csv"), [.. lines, .. lines.Skip(1)]);
        SameModel.Assert(NormalModel.Fit(CsvTable.Read(_scratch.Path("twice.csv")), exact), NormalModel.Fit(rows, exact));
        ImputationResult filled = Assert.Single(NormalModel.Fit(rows, exact).Impute(rows, new FillOptions { Method = FillMethod.Mean }));
        Assert.Equal(88, filled.Cells.Count());
        Assert.Equal(0, filled.Table["Ozone"].MissingCount);
    }

    [Fact]
    public void TablesOfADatabase_AreRead_AndNotWritten()
    {
        string database = _scratch.Path("d.duckdb");
        using (var connection = new DuckDBConnection($"DataSource={database}"))
        {
            connection.Open();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t AS SELECT i::DOUBLE AS a, CASE WHEN i % 3 = 0 THEN NULL ELSE i * 2.5 END AS b "
                + "FROM range(200000) AS r(i)";
            command.ExecuteNonQuery();
        }
        byte[] before = File.ReadAllBytes(database);
        using (var rows = DuckDbRows.Open("SELECT a, b FROM t ORDER BY a", database: database))
        {
            Table[] batches = [.. rows.Batches()];
            Assert.True(batches.Length > 2);
            Assert.Equal(200_000, batches.Sum(b => b.RowCount));
            Assert.Equal(66_667, batches.Sum(b => b["b"].MissingCount));
            Assert.Equal(200_000, rows.Batches().Sum(b => b.RowCount)); // again
        }
        Assert.Equal(before, File.ReadAllBytes(database));
    }

    /// <summary>A statement that would write, leave the folder, load or unlock something; and what is no statement.</summary>
    [Theory]
    [InlineData("COPY (SELECT 1) TO 'FOLDER/out.csv'")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM 'FOLDER/../outside.csv'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("INSTALL httpfs")]
    [InlineData("ATTACH 'FOLDER/new.duckdb'")]
    [InlineData("CREATE TABLE t AS SELECT 1")]
    [InlineData("SELECT 1; COPY (SELECT 1) TO 'FOLDER/out.csv'")]
    [InlineData("SELECT * FROM 'FOLDER/none.csv'")]
    [InlineData("SELEC 1")]
    [InlineData("")]
    public void AllElse_IsRefusedInWords(string query)
    {
        query = query.Replace("FOLDER", Folder, StringComparison.Ordinal);
        var refused = Assert.Throws<ImputationDataException>(() => DuckDbRows.Open(query, [Folder]));
        Assert.StartsWith("DuckDB cannot run the query: ", refused.Message);
        Assert.Contains("Expected one SELECT", refused.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    /// <summary>Found only while rows are read.</summary>
    [Fact]
    public void AnErrorOnTheWay_IsToldInWords()
    {
        using var rows = DuckDbRows.Open(
            "SELECT CASE WHEN i = 150000 THEN error('odd row') ELSE i::DOUBLE END AS a FROM range(200000) AS r(i)");
        Assert.Contains("odd row", Assert.Throws<ImputationDataException>(() => rows.Batches().Count()).Message);
    }

    [Fact]
    public void MissingPlaces_AreNamed()
    {
        Assert.Contains("There is no folder", Assert.Throws<ImputationDataException>(() => DuckDbRows.Open("SELECT 1", ["/none"])).Message);
        Assert.Contains("no database '/none'", Assert.Throws<ImputationDataException>(
            () => DuckDbRows.Open("SELECT 1", database: "/none")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => DuckDbRows.Open("SELECT 1", memoryLimit: 1));
    }
}
