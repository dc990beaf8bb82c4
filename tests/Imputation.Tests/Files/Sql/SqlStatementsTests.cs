using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Imputation.Files;
using Imputation.Patterns;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Files.Sql;

/// <summary>The printed statements, executed where there is a server, against the statistics and the fills of the rows.</summary>
public sealed class SqlStatementsTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    /// <summary>Quote marks of every dialect, blanks, a point, a backslash, a comment, and the statements' own names.</summary>
    private static readonly string[] s_hostile = ["d1", "pattern", "a \"b\"", "c`.d", "e\\-- f;'"];

    private static double[,] Values { get; } = NaiveStatistics.Rows(new Random(3), 400, 5, 0.25, offset: 100);

    private static IncompleteMatrix Matrix { get; } = IncompleteMatrix.FromArray(Values, s_hostile);

    [Fact]
    public void DuckDb_CountsAndFillsAsTheCommandDoes()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Table Query(string sql)
        {
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = sql;
            using DuckDBDataReader reader = command.ExecuteReader();
            return reader.ToTable();
        }
        foreach (string made in (string[])["CREATE SCHEMA \"my.schema\"", Creating("DOUBLE"), Inserting()])
        {
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = made;
            command.ExecuteNonQuery();
        }
        AssertSame(sql => Query(sql), SqlDialect.DuckDb);
    }

    [PostgreSqlFact]
    public void PostgreSql_CountsAndFillsAsTheCommandDoes()
    {
        server.Run("CREATE SCHEMA \"my.schema\";" + Creating("double precision") + ";" + Inserting());
        AssertSame(sql => new CsvFormat().Read(new MemoryStream(Encoding.UTF8.GetBytes(server.Run(sql))), "psql",
            StatisticsFile.ReadOptions), SqlDialect.PostgreSql);
    }

    /// <summary>An empty table, a column with nothing, a constant one, integers and decimals far from 0.</summary>
    [PostgreSqlFact]
    public void PostgreSql_CountsAwkwardTables()
    {
        Table Statistics(string table, params string[] columns) => new CsvFormat().Read(new MemoryStream(Encoding.UTF8.GetBytes(
            server.Run(SqlStatements.Statistics(SqlDialect.PostgreSql, table, columns)))), "psql", StatisticsFile.ReadOptions);
        server.Run("CREATE TABLE nothing (a integer, b numeric)");
        Assert.Contains("no rows", Assert.Throws<ImputationDataException>(() => Statistics("nothing", "a", "b")).Message);
        server.Run("CREATE TABLE odd AS SELECT i AS a, NULL::real AS nil, 0.1::numeric AS same, 1000000000 + 3 * sin(i) AS far, "
            + "CASE WHEN i % 3 = 0 THEN 'NaN'::real WHEN i % 3 = 1 THEN i END AS nan FROM generate_series(1, 300) AS i");
        PatternStatistics odd = StatisticsFile.Of(Statistics("public.odd", "a", "nil", "same", "far", "nan"), "psql");
        Assert.Equal(["10111", "10110"], odd.Ordered().Select(odd.Key));
        Assert.Equal([100, 200], odd.Ordered().Select(pattern => pattern.Weight));
        FittedModel fit = new NormalOptions { Prior = CovariancePrior.Auto }.Fit(odd);
        Assert.Equal(["a", "far", "nan"], fit.Columns);
    }

    [Theory]
    [InlineData(SqlDialect.PostgreSql, "\"s\".\"t\"", "NULLIF(CAST(\"x\"\"y\" AS double precision), 'NaN')", "covar_pop(d2, d1) * count(")]
    [InlineData(SqlDialect.DuckDb, "\"s\".\"t\"", "CASE WHEN isnan(CAST(\"x\"\"y\" AS DOUBLE))", "covar_pop(d2, d1) * count(*)")]
    [InlineData(SqlDialect.Spark, "`s`.`t`", "CASE WHEN isnan(CAST(`x\"y` AS DOUBLE))", "AS `co b x\"y`")]
    [InlineData(SqlDialect.BigQuery, "`s`.`t`", "CASE WHEN IS_NAN(CAST(`x\"y` AS FLOAT64))", "covar_pop(d2, d1) * count(*)")]
    [InlineData(SqlDialect.Snowflake, "\"s\".\"t\"", "NULLIF(CAST(\"x\"\"y\" AS DOUBLE), 'NaN'::DOUBLE)", "AS \"co b x\"\"y\"")]
    [InlineData(SqlDialect.Trino, "\"s\".\"t\"", "CASE WHEN is_nan(CAST(\"x\"\"y\" AS DOUBLE))", "covar_pop(d2, d1) * count(*)")]
    [InlineData(SqlDialect.ClickHouse, "\"s\".\"t\"", "isNaN(CAST(\"x\"\"y\" AS Nullable(Float64)))", "covarPop(d2, d1) * count(*)")]
    public void EachDialect_SpellsNamesTypesAndFunctions(SqlDialect dialect, params string[] expected)
    {
        string sql = SqlStatements.Statistics(dialect, "s.t", ["x\"y", "b"]);
        Assert.All(expected, part => Assert.Contains(part, sql));
        Assert.Equal(dialect == SqlDialect.PostgreSql, sql.Contains("OFFSET 0", StringComparison.Ordinal)
            && sql.Contains("SET LOCAL jit", StringComparison.Ordinal));
        Assert.Equal(dialect == SqlDialect.ClickHouse, sql.Contains("concat(", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("s.", "empty")]
    [InlineData("\"s", "not closed")]
    [InlineData("\"s\"t", "expected a point")]
    [InlineData("s\0", "\\0")]
    public void NamesThatAreNone_AreRefused(string table, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => SqlStatements.Statistics(SqlDialect.DuckDb, table, ["a"])).Message);

    [Fact]
    public void WhatEnginesWouldCutOrRefuse_IsRefused()
    {
        string[] many = [.. Enumerable.Range(1, 54).Select(j => $"c{j}")];
        Assert.Contains("53", Assert.Throws<ArgumentException>(() => SqlStatements.Statistics(SqlDialect.Trino, "t", many)).Message);
        Assert.Contains("covar_pop(d53, d53)", SqlStatements.Statistics(SqlDialect.Trino, "t", many[..53]));
        string longest = new('x', 40);
        Assert.Contains("63 bytes", Assert.Throws<ArgumentException>(() => SqlStatements.Statistics(SqlDialect.PostgreSql, "t", [longest]))
            .Message);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => SqlStatements.Statistics(SqlDialect.Spark, "t", ["a", "a"])).Message);
        Assert.Contains("`a``b`.`c`", SqlStatements.Statistics(SqlDialect.Spark, "\"a`b\".c", ["a"]));
        Assert.Contains("\"a\"\"b\".\"c\"", SqlStatements.Statistics(SqlDialect.Trino, "\"a\"\"b\".c", ["a"]));
        Assert.Contains("`a\\`\\\\b`", SqlStatements.Statistics(SqlDialect.BigQuery, "a`\\b", ["a"]));
    }

    [Fact]
    public void FillsOfTooManyPatterns_AreRefused_WithWhatToDo()
    {
        var wide = IncompleteMatrix.FromArray(NaiveStatistics.Rows(new Random(8), 600, 8, 0.5));
        FittedModel model = NormalModel.Fit(wide, new NormalOptions { Prior = CovariancePrior.Ridge(1) });
        Assert.Contains("--patterns", Assert.Throws<ArgumentException>(() => SqlStatements.Fill(model, SqlDialect.DuckDb, "t")).Message);
        var statistics = PatternStatistics.Of(wide);
        Assert.InRange(statistics.PatternCount, 101, 256);
        Assert.Contains("impute apply", Assert.Throws<ArgumentException>(() => SqlStatements.Fill(model, SqlDialect.DuckDb, "t", [],
            statistics)).Message);
        FittedModel other = new StudentTOptions().Fit(new Table(Matrix.Columns));
        Assert.Contains("'t'", Assert.Throws<ImputationDataException>(() => SqlStatements.Fill(other, SqlDialect.DuckDb, "t")).Message);
        Assert.Contains("'d1'", Assert.Throws<ArgumentException>(() => SqlStatements.Fill(NormalModel.Fit(Matrix), SqlDialect.DuckDb, "t",
            ["d1"])).Message);
    }

    /// <summary>An engine's statistics are those of the rows to 1e-12 of the columns' scale, and its fills those of the library to
    /// 1e-12.</summary>
    private static void AssertSame(Func<string, Table> query, SqlDialect dialect)
    {
        const string table = "\"my.schema\".\"T\"\"1\"";
        var rows = PatternStatistics.Of(Matrix);
        PatternStatistics counted = StatisticsFile.Of(query(SqlStatements.Statistics(dialect, table, s_hostile)), "the engine");
        Assert.InRange(NaiveStatistics.Difference(rows, counted, [1, 2, 3, 4, 5]), 0, 1e-12);

        NormalFit fit = NormalModel.Fit(counted, new NormalOptions { Tolerance = 1e-11 }), ofRows = NormalModel.Fit(Matrix,
            new NormalOptions { Tolerance = 1e-11 });
        for (int j = 0; j < 5; j++)
            for (int k = 0; k < 5; k++)
                Assert.InRange(Math.Abs(fit.Covariance[j, k] - ofRows.Covariance[j, k])
                    / Math.Sqrt(ofRows.Covariance[j, j] * ofRows.Covariance[k, k]), 0, 1e-9);

        ImputationResult own = fit.Impute(new Table(Matrix.Columns), new FillOptions { Method = FillMethod.Mean });
        foreach (PatternStatistics? patterns in new[] { null, counted })
        {
            Table filled = query(SqlStatements.Fill(fit, dialect, table, ["id"], patterns).TrimEnd() + "\nORDER BY 1");
            Assert.Equal(["id", .. s_hostile], filled.Columns.Select(column => column.Name));
            for (int j = 0; j < 5; j++)
            {
                var theirs = (NumericColumn)filled.Columns[j + 1];
                var ours = (NumericColumn)own.Table.Columns[j];
                for (int i = 0; i < Matrix.RowCount; i++) Assert.InRange(Math.Abs(theirs[i] - ours[i]), 0, 1e-12 * 100 * (j + 1));
            }
        }
    }

    private static string Creating(string type) => "CREATE TABLE \"my.schema\".\"T\"\"1\" (id integer, "
        + string.Join(", ", s_hostile.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {type}")) + ")";

    /// <summary>Missing cells are NULL and, in every other row, NaN.</summary>
    private static string Inserting()
    {
        var sql = new StringBuilder("INSERT INTO \"my.schema\".\"T\"\"1\" VALUES ");
        for (int i = 0; i < Matrix.RowCount; i++)
            sql.Append(i == 0 ? "(" : ", (").Append(i).Append(", ").AppendJoin(", ", Enumerable.Range(0, 5).Select(j =>
                !double.IsNaN(Values[i, j]) ? Values[i, j].ToString("R", CultureInfo.InvariantCulture) : i % 2 == 0 ? "NULL" : "'NaN'"))
                .Append(')');
        return sql.ToString();
    }
}
