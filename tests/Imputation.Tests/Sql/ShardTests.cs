using Imputation.Patterns;
using Imputation.Sql;
using Imputation.Tests.Cli;
using Imputation.Tests.Files.Sql;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Sql;

/// <summary>A partitioned table whose rows are on two other servers.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly PostgreSqlServer _coordinator = new(), _one = new(), _other = new();
    private readonly Scratch _scratch = new();

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_coordinator, _one, _other, _scratch]) part.Dispose();
    }

    /// <summary>The aggregates travel, not the rows, also beyond 16 columns; and the model is that of all rows in memory.</summary>
    [PostgreSqlFact]
    public void TwoShards_AreCountedByTheirServers_AndAreOneModel()
    {
        const int rows = 1200, p = 18;
        string[] names = [.. Enumerable.Range(1, p - 1).Select(j => $"c{j}"), "a \"b\" 'c'"];
        double[,] values = NaiveStatistics.Rows(new Random(4), rows, p, 0.02, offset: 1000);
        string columns = "part text, " + string.Join(", ", names.Select(name => $"\"{name.Replace("\"", "\"\"")}\" float8"));
        string Cells(int i) => string.Join(",", Enumerable.Range(0, p).Select(j => double.IsNaN(values[i, j]) ? ""
            : values[i, j].ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        (PostgreSqlServer Server, string Name, int Remainder)[] shards = [(_one, "one", 0), (_other, "other", 1)];
        string sql = $"CREATE EXTENSION postgres_fdw; CREATE TABLE t ({columns}) PARTITION BY LIST (part);";
        foreach ((PostgreSqlServer shard, string name, int remainder) in shards)
        {
            shard.Run($"CREATE TABLE leaf ({columns})");
            shard.Run("COPY leaf FROM STDIN WITH (FORMAT csv);\n" + string.Join("\n", Enumerable.Range(0, rows)
                .Where(i => i % 2 == remainder).Select(i => $"{name},{Cells(i)}")) + "\n\\.\n");
            sql += $"CREATE SERVER {name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{shard.Host}', dbname 'postgres', async_capable "
                + $"'true', options '-c jit=off'); CREATE USER MAPPING FOR tester SERVER {name} OPTIONS (user 'tester'); "
                + $"CREATE FOREIGN TABLE leaf_{name} PARTITION OF t FOR VALUES IN ('{name}') SERVER {name} OPTIONS (table_name 'leaf');";
        }
        _coordinator.Run(sql);

        string model = _scratch.Path("m.json");
        string[] exact = ["--prior", "none", "--tolerance", "1e-11", "--out", model];
        ImputeResult Fit(params string[] given) => Impute.Run(["fit", "--connection", "SALES", .. given, .. exact], null, null,
            new Dictionary<string, string> { ["SALES"] = _coordinator.ConnectionString }).Expect(0);
        NormalFit expected = NormalModel.Fit(IncompleteMatrix.FromArray(values, names), new NormalOptions { Tolerance = 1e-11 });
        Assert.Contains("those of 2 foreign tables", string.Join(' ', Fit("--table", "t").Text.Split((char[])[' ', '\n'],
            StringSplitOptions.RemoveEmptyEntries)));
        SameModel.Assert(expected, SameModel.Read(model));
        Fit("--query", "SELECT * FROM t");
        SameModel.Assert(expected, SameModel.Read(model));

        using var session = PostgreSqlSession.Open(ConnectionName.Parse(_coordinator.ConnectionString), TimeSpan.Zero);
        var table = PostgreSqlTable.Of(session, "t", CancellationToken.None);
        Assert.Equal(2, table.ForeignCount);
        string plan = _coordinator.Run("EXPLAIN (VERBOSE) " + table.Statement(["c1", "c2"]));
        Assert.Equal(2, plan.Split("Relations: Aggregate on").Length - 1);
        Assert.Equal(p, names.Length);
        Assert.True(table.IsPushed(p));
        Assert.False(table.IsPushed(54));
    }
}
