using System.Data;
using System.Data.Common;
using DuckDB.NET.Data;
using Imputation.Patterns;
using Imputation.Sql;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Sql;

/// <summary>Rows of any data reader in batches.</summary>
public sealed class DbRowSourceTests
{
    [Fact]
    public void Batches_HaveAllRows_EachTimeTheyAreAskedFor()
    {
        DbRowSource rows = Rows(Typed(7), batchRows: 3);
        for (int time = 0; time < 2; time++)
        {
            Table[] batches = [.. rows.Batches()];
            Assert.Equal([3, 3, 1], batches.Select(batch => batch.RowCount));
            Assert.Equal(Enumerable.Range(0, 7).Select(i => (double)i), batches.SelectMany(batch =>
                ((NumericColumn)batch["whole"]).Values.ToArray()));
        }
        Assert.Empty(Rows(Typed(0), 3).Batches());
        Assert.Single(Rows(Typed(3), 3).Batches());
    }

    [Fact]
    public void Types_BecomeNumbersTextsOrStayAsTheyAre_AndNaNIsMissing()
    {
        DataTable table = Typed(4);
        table.Rows[1].ItemArray = [DBNull.Value, DBNull.Value, float.NaN, double.NaN, DBNull.Value, DBNull.Value, DBNull.Value];
        Table batch = Assert.Single(Rows(table, 10).Batches());
        Assert.Equal([ColumnKind.Integer, ColumnKind.Integer, ColumnKind.Number, ColumnKind.Number, ColumnKind.Number, ColumnKind.Text,
            ColumnKind.Other], batch.Columns.Select(column => column.Kind));
        Assert.All(batch.Columns, column => Assert.Equal(1, column.MissingCount));
        Assert.All(batch.Columns, column => Assert.True(column.IsMissing(1)));
        Assert.Equal(MissingKind.NotANumber, batch["real"].Mask.Origin(1)!.Value.Kind);
        Assert.NotEqual(MissingKind.NotANumber, batch["whole"].Mask.Origin(1)!.Value.Kind);
        Assert.Equal(2.25, ((NumericColumn)batch["decimal"])[2]);
        Assert.Equal(["whole", "long"], batch.Source!.IntegerColumns);
    }

    [Fact]
    public void Infinity_IsRefused_WithItsColumnAndRow()
    {
        DataTable table = Typed(9);
        table.Rows[7]["double"] = double.NegativeInfinity;
        ImputationDataException refused = Assert.Throws<ImputationDataException>(() => Rows(table, 2).Batches().Count());
        Assert.Contains("Column 'double', row 8 of the result: -Infinity", refused.Message);
        Assert.Equal(("double", 8), (refused.Column, refused.Row));
    }

    /// <summary>A double would not distinguish such numbers: a column of identifiers is kept as it is, and a number among smaller ones is
    /// an error.</summary>
    [Fact]
    public void WholeNumbersBeyond2To53_AreKeptAsTheyAre_OrRefused()
    {
        DataTable table = Typed(4);
        foreach (DataRow row in table.Rows) row["long"] = long.MaxValue - (long)row["long"];
        Table[] batches = [.. Rows(table, 3).Batches()];
        Assert.All(batches, batch => Assert.Equal(ColumnKind.Other, batch["long"].Kind));
        Assert.Equal(long.MaxValue - 3, batches[1]["long"].Value(0));
        table.Rows[0]["long"] = 1L;
        Assert.All(Rows(table, 3).Batches(), batch => Assert.Equal(ColumnKind.Other, batch["long"].Kind));
        table.Rows[1]["long"] = table.Rows[2]["long"] = 2L;
        Assert.Contains("row 4: 9223372036854775804", Assert.Throws<ImputationDataException>(() => Rows(table, 3).Batches().Count())
            .Message);
    }

    [Fact]
    public void ResultsWithoutUsableNames_AreRefused()
    {
        using DuckDBConnection connection = Open();
        DbRowSource Of(string sql) => new("q", () => Reader(connection, sql));
        Assert.Contains("both named 'a'", Assert.Throws<ImputationDataException>(() => Of("SELECT 1 AS a, 2 AS a").Batches().Count())
            .Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DbRowSource("q", () => Reader(connection, "SELECT 1"), 0));
    }

    [Fact]
    public void Cancelled_ReadingEnds()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Rows(Typed(3000), 1000).Batches(source.Token).Count());
    }

    /// <summary>DuckDB is one of the providers that need no code of their own.</summary>
    [Fact]
    public void DuckDb_StreamedByBatches_IsTheModelOfTheTable()
    {
        using DuckDBConnection connection = Open();
        double[,] values = NaiveStatistics.Rows(new Random(11), 500, 3, 0.25, offset: 40);
        Execute(connection, "CREATE TABLE t (a DOUBLE, b DOUBLE, c DOUBLE, label VARCHAR)");
        using (DuckDBAppender appender = connection.CreateAppender("t"))
            for (int i = 0; i < 500; i++)
            {
                IDuckDBAppenderRow row = appender.CreateRow();
                for (int j = 0; j < 3; j++) row = double.IsNaN(values[i, j]) && i % 2 == 0 ? row.AppendNullValue()
                    : row.AppendValue(values[i, j]);
                row.AppendValue($"r{i}").EndRow();
            }
        var matrix = IncompleteMatrix.FromArray(values, ["a", "b", "c"]);
        NormalOptions exact = NormalOptions.Default with { Tolerance = 1e-11 };
        NormalFit streamed = NormalModel.Fit(new DbRowSource("t", () => Reader(connection, "SELECT * FROM t"), 64), exact);
        SameModel.Assert(NormalModel.Fit(matrix, exact), streamed);
        Assert.Contains(streamed.Report.ColumnUses, use => use is { Name: "label", Role: ColumnRole.PassThrough });
    }

    /// <summary>As the design page says: nothing is loaded, one folder is open, and nothing of it can be undone by a query.</summary>
    [Fact]
    public void DuckDb_LockedDown_ReadsOnlyItsFolder()
    {
        string folder = Directory.CreateTempSubdirectory("impute-duck-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "t.csv"), "a,b\n1,2\n3,\n");
            using DuckDBConnection connection = Open();
            foreach (string setting in (string[])["autoinstall_known_extensions = false", "autoload_known_extensions = false",
                "allow_community_extensions = false", $"allowed_directories = ['{folder}']", "enable_external_access = false",
                "lock_configuration = true"]) Execute(connection, "SET " + setting);
            Table read = Assert.Single(new DbRowSource("t", () => Reader(connection, $"SELECT * FROM '{folder}/t.csv'")).Batches());
            Assert.Equal(2, read.RowCount);
            foreach (string refused in (string[])["SELECT * FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/impute-out.csv'",
                "SET enable_external_access = true", "INSTALL httpfs"])
                Assert.ThrowsAny<DbException>(() => new DbRowSource("q", () => Reader(connection, refused)).Batches().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DbRowSource Rows(DataTable table, int batchRows) => new("t", table.CreateDataReader, batchRows);

    private static DataTable Typed(int rows)
    {
        var table = new DataTable();
        foreach ((string name, Type type) in new[] { ("whole", typeof(int)), ("long", typeof(long)), ("real", typeof(float)),
            ("double", typeof(double)), ("decimal", typeof(decimal)), ("text", typeof(string)), ("day", typeof(DateTime)) })
            table.Columns.Add(name, type);
        for (int i = 0; i < rows; i++) table.Rows.Add(i, (long)i, i / 2f, i / 4d, i + 0.25m, $"t{i}", new DateTime(2020, 1, 1).AddDays(i));
        return table;
    }

    private static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return connection;
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static DuckDBDataReader Reader(DuckDBConnection connection, string sql)
    {
        DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteReader();
    }
}
