using System.Globalization;
using System.Text;
using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Files.Sql;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Cli;

/// <summary>accumulate, fit of statistics, and sql, as processes.</summary>
public sealed class StatisticsCommandTests : IDisposable
{
    private static readonly string[] s_exact = ["--prior", "none", "--tolerance", "1e-11", "--model", "normal"];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Model => _scratch.Path("m.json");

    /// <summary>A cell of statistics that is no number is named with its file; statistics are no rows to fill.</summary>
    [Fact]
    public void Statistics_ThatAreNoNumbers_AndStatisticsTakenForRows_AreRefused()
    {
        string rows = _scratch.Write("r.csv", "a,b\n1,2\n2,4\n3,5\n4,\n5,9\n"), good = _scratch.Path("g.stats.csv");
        Impute.Run("accumulate", rows, "--out", good).Expect(0);
        foreach ((string from, string to, string column) in (ReadOnlySpan<(string, string, string)>)[("mean a", "inf", "mean a"),
            ("mean b", "x", "mean b"), ("n", "many", "n")])
        {
            string[] lines = File.ReadAllLines(good), cells = lines[1].Split(',');
            cells[lines[0].Split(',').ToList().IndexOf(from)] = to;
            string bad = _scratch.Write("bad.stats.csv", string.Join('\n', [lines[0], string.Join(',', cells), .. lines[2..]]) + "\n");
            string error = Impute.Run("fit", bad, "--out", _scratch.Path("m.json")).Expect(3).Error;
            Assert.Contains($"bad.stats.csv, column '{column}', row 1: '{to}'", error, StringComparison.Ordinal);
            Assert.DoesNotContain("--missing", error, StringComparison.Ordinal);
        }
        string[][] runs = [["fill", good, "--out", _scratch.Path("o.csv")], ["describe", good],
            ["fill", good, "--out", _scratch.Path("o.csv"), "--memory", "64MB"],
            ["accumulate", good, "--out", _scratch.Path("o.stats.csv")], ["multiple", good, "-m", "2", "--out", _scratch.Path("o")]];
        foreach (string[] run in runs)
            Assert.Contains("impute fit", Impute.Run(run).Expect(2).Error, StringComparison.Ordinal);
        Impute.Run("fit", good, "--out", _scratch.Path("m.json")).Expect(0);
    }

    /// <summary>Three parts, one as CSV, one as Parquet, one counted from standard input.</summary>
    [Fact]
    public void PartsCountedApart_AreFittedAsTheWhole()
    {
        double[,] values = NaiveStatistics.Rows(new Random(2), 600, 4, 0.25, 50);
        string whole = _scratch.Write("whole.csv", Csv(values, 0, 600)), one = _scratch.Write("1.csv", Csv(values, 0, 150)),
            two = _scratch.Write("2.csv", Csv(values, 150, 400));
        string[] stats = [_scratch.Path("1.stats.csv"), _scratch.Path("2.stats.parquet"), _scratch.Path("3.stats.csv")];
        ImputeResult first = Impute.Run("accumulate", one, "--columns", "a,b,c,d", "--out", stats[0]).Expect(0);
        Assert.Contains("4 counted", first.Error + first.Text);
        Impute.Run("accumulate", two, "--columns", "a,b,c,d", "--out", stats[1]).Expect(0);
        ImputeResult third = Impute.Run(["accumulate", "-", "--out", "-"], Encoding.UTF8.GetBytes(Csv(values, 400, 600))).Expect(0);
        File.WriteAllBytes(stats[2], third.Output);
        Assert.StartsWith("pattern,n,mean a,mean b,mean c,mean d,co a a,co b a,co b b,", third.Text);
        Impute.Run(["fit", whole, "--out", Model, .. s_exact]).Expect(0);
        ImputeResult merged = Impute.Run(["fit", .. stats, "--out", _scratch.Path("merged.json"), .. s_exact]).Expect(0);
        Assert.Contains("600 rows", merged.Text + merged.Error);
        Assert.Contains("fitted to statistics", merged.Text + merged.Error);
        AssertSame(Model, _scratch.Path("merged.json"));

        // by content: a file of another name
        File.Copy(stats[0], _scratch.Path("counted.csv"));
        Impute.Run(["fit", _scratch.Path("counted.csv"), "--columns", "a,b", "--out", Model, .. s_exact]).Expect(0);
        Impute.Run(["fit", one, "--columns", "a,b", "--out", _scratch.Path("merged.json"), .. s_exact]).Expect(0);
        AssertSame(Model, _scratch.Path("merged.json"));
        Impute.Run("apply", Model, one, "--out", _scratch.Path("out.csv")).Expect(0);
    }

    [Fact]
    public void WhatDoesNotFitTogether_IsRefused_WithWhatToDo()
    {
        string table = _scratch.Write("t.csv", "a,b\n1,2\n2,\n3,5\n"), a = _scratch.Path("a.stats.csv"), b = _scratch.Path("b.stats.csv");
        Impute.Run("accumulate", table, "--out", a).Expect(0);
        Impute.Run("accumulate", table, "--columns", "a", "--out", b).Expect(0);
        Assert.Contains("same columns in the same order", Impute.Run("fit", a, b, "--out", Model).Expect(3).Error);
        Assert.Contains("impute accumulate", Impute.Run("fit", table, a, "--out", Model).Expect(2).Error);
        Assert.Contains("--weights", Impute.Run("fit", a, "--weights", "b", "--out", Model).Expect(2).Error);
        Assert.Contains("--model normal", Impute.Run("fit", a, "--model", "t", "--out", Model).Expect(3).Error);
        Assert.Contains("no column 'c'", Impute.Run("fit", a, "--columns", "c", "--out", Model).Expect(2).Error);
        Assert.Contains("overwritten", Impute.Run("fit", a, b, "--out", b).Expect(2).Error);
        File.WriteAllText(b, File.ReadAllText(a).Replace("11,2,", "11,2.5,", StringComparison.Ordinal));
        string error = Impute.Run("fit", a, b, "--out", Model).Expect(3).Error;
        Assert.Contains("b.stats.csv, column 'n', row 1: 2.5", error);
        Assert.False(File.Exists(Model));
    }

    [Fact]
    public void Sql_PrintsStatements_AndSaysWhatIsWrong()
    {
        string sql = Impute.Run("sql", "statistics", "--dialect", "postgresql", "--table", "s.t", "--columns", "a,b", "--columns", "c")
            .Expect(0).Text;
        Assert.Equal(SqlStatements.Statistics(SqlDialect.PostgreSql, "s.t", ["a", "b", "c"]), sql);
        Impute.Run("fit", Repository.Example("airquality.csv"), "--columns", "Ozone,Solar.R,Wind", "--out", Model).Expect(0);
        string path = _scratch.Path("fill.sql");
        Impute.Run("sql", "fill", Model, "--dialect", "snowflake", "--table", "T", "--keep", "DAY", "--out", path).Expect(0);
        Assert.Contains("WHEN '000' THEN", File.ReadAllText(path));
        Assert.Contains("expected postgresql, duckdb", Impute.Run("sql", "statistics", "--dialect", "oracle", "--table", "t", "--columns",
            "a").Expect(2).Error);
        Assert.Contains("'a' is named twice", Impute.Run("sql", "statistics", "--dialect", "trino", "--table", "t", "--columns", "a,a")
            .Expect(2).Error);
        Assert.Contains("sql takes a command: statistics or fill", Impute.Run("sql").Expect(2).Error);
        Assert.Contains("unknown command 'sql fil'. Did you mean", Impute.Run("sql", "fil", Model).Expect(2).Error);
        Assert.Contains("impute sql fill --help", Impute.Run("sql", "fill", Model, "--dialect", "x", "--table", "t").Expect(2).Error);
        Assert.Contains("Examples", Impute.Run("sql", "fill", "--help").Expect(0).Text);
    }

    /// <summary>From a table in PostgreSQL to a model, by the lines that the help gives.</summary>
    [PostgreSqlFact]
    public void ATableInPostgreSql_IsFittedByItsStatistics()
    {
        using var server = new PostgreSqlServer();
        double[,] values = NaiveStatistics.Rows(new Random(5), 200, 4, 0.25);
        string whole = _scratch.Write("whole.csv", Csv(values, 0, 200)), stats = _scratch.Path("t.stats.csv");
        server.Run("CREATE TABLE t (a float8, b float8, c float8, d float8)");
        server.Run($"COPY t FROM STDIN WITH (FORMAT csv, HEADER, NULL 'NA');\n{Csv(values, 0, 200)}\\.\n");
        string sql = Impute.Run("sql", "statistics", "--dialect", "postgresql", "--table", "t", "--columns", "a,b,c,d").Expect(0).Text;
        File.WriteAllText(stats, server.Run(sql));
        Impute.Run(["fit", stats, "--out", Model, .. s_exact]).Expect(0);
        Impute.Run(["fit", whole, "--out", _scratch.Path("rows.json"), .. s_exact]).Expect(0);
        AssertSame(_scratch.Path("rows.json"), Model);
        Impute.Run("accumulate", whole, "--out", _scratch.Path("own.stats.csv")).Expect(0);
        Impute.Run(["fit", _scratch.Path("own.stats.csv"), "--out", _scratch.Path("rows.json"), .. s_exact]).Expect(0);
        AssertSame(_scratch.Path("rows.json"), Model);
    }

    private static string Csv(double[,] values, int from, int to)
    {
        var csv = new StringBuilder("a,b,c,d\n");
        for (int i = from; i < to; i++)
            csv.AppendJoin(',', Enumerable.Range(0, 4).Select(j => double.IsNaN(values[i, j]) ? "NA"
                : values[i, j].ToString("R", CultureInfo.InvariantCulture))).Append('\n');
        return csv.ToString();
    }

    private static void AssertSame(string one, string other)
    {
        JsonElement a = JsonDocument.Parse(File.ReadAllText(one)).RootElement, b = JsonDocument.Parse(File.ReadAllText(other)).RootElement;
        double logLikelihood = a.GetProperty("logLikelihood").GetDouble();
        Assert.InRange(Math.Abs(logLikelihood - b.GetProperty("logLikelihood").GetDouble()) / Math.Abs(logLikelihood), 0, 1e-12);
        double[][] own = Numbers(a.GetProperty("covariance")), its = Numbers(b.GetProperty("covariance"));
        double[] mean = [.. a.GetProperty("mean").EnumerateArray().Select(x => x.GetDouble())];
        for (int i = 0; i < own.Length; i++)
        {
            Assert.InRange(Math.Abs(mean[i] - b.GetProperty("mean")[i].GetDouble()) / Math.Sqrt(own[i][i]), 0, 1e-9);
            for (int j = 0; j < own[i].Length; j++)
                Assert.InRange(Math.Abs(own[i][j] - its[i][j]) / Math.Sqrt(own[i][i] * own[j][j]), 0, 1e-9);
        }
    }

    private static double[][] Numbers(JsonElement rows) =>
        [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(x => x.GetDouble()).ToArray())];
}
