using System.Globalization;
using System.Text;
using Imputation.Files;
using Imputation.Patterns;
using Imputation.Sql;
using Imputation.Tests.Cli;
using Imputation.Tests.Files.Sql;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Sql;

/// <summary>fit, fill and apply of rows in PostgreSQL, as processes.</summary>
public sealed class DatabaseCommandTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private static readonly string[] s_exact = ["--prior", "none", "--tolerance", "1e-11"];

    private static int s_tables;

    private readonly Scratch _scratch = new();

    private string Model => _scratch.Path("m.json");

    public void Dispose() => _scratch.Dispose();

    /// <summary>Quote marks, keywords, blanks, other alphabets, a comment; a table whose name needs quotes.</summary>
    [PostgreSqlFact]
    public void RowsRead_RowsCountedByTheServer_AndRowsInMemory_AreOneModel()
    {
        string[] names = ["select", "a \"b\"", "naïve Σ", "x;--'", "two words"];
        double[,] values = NaiveStatistics.Rows(new Random(6), 700, 5, 0.25, offset: 100);
        server.Run("CREATE SCHEMA \"s.1\"");
        Fill("\"s.1\".\"T\"\"1\"", names, values);
        NormalFit expected = NormalModel.Fit(IncompleteMatrix.FromArray(values, names), new NormalOptions { Tolerance = 1e-11 });

        ImputeResult counted = Run(["fit", "--table", "\"s.1\".\"T\"\"1\"", "--out", Model, .. s_exact]).Expect(0);
        Assert.Contains("counted by the server", OneLine(counted.Text));
        SameModel.Assert(expected, SameModel.Read(Model));
        ImputeResult read = Run(["fit", "--query", "SELECT *, 'text ' || id AS label FROM \"s.1\".\"T\"\"1\" -- all\n;", "--out", Model,
            "--exclude", "id", .. s_exact]).Expect(0);
        Assert.Contains("read in batches", OneLine(read.Text));
        Assert.Contains("label: not modelled (not numeric)", OneLine(read.Text));
        SameModel.Assert(expected, SameModel.Read(Model));

        Run(["fit", "--table", "\"s.1\".\"T\"\"1\"", "--columns", "select,\"x;--'\"", "--out", Model, .. s_exact]).Expect(0);
        SameModel.Assert(NormalModel.Fit(IncompleteMatrix.FromArray(Columns(values, 0, 3), ["select", "x;--'"]), new NormalOptions
        {
            Tolerance = 1e-11
        }), SameModel.Read(Model));
    }

    /// <summary>At more than 16 columns reading costs less than counting.</summary>
    [PostgreSqlFact]
    public void WideTables_AreRead()
    {
        string[] names = [.. Enumerable.Range(1, 17).Select(j => $"c{j}")];
        double[,] values = NaiveStatistics.Rows(new Random(7), 300, 17, 0.05);
        string table = Fill(null, names, values);
        Assert.Contains("read in batches", OneLine(Run(["fit", "--table", table, "--exclude", "id", "--out", Model, .. s_exact]).Expect(0)
            .Text));
        SameModel.Assert(NormalModel.Fit(IncompleteMatrix.FromArray(values, names), new NormalOptions { Tolerance = 1e-11 }),
            SameModel.Read(Model));
        Assert.Contains("counted by the server", OneLine(Run(["fit", "--table", table, "--exclude", "id,c17", "--out", Model, .. s_exact])
            .Expect(0).Text));
    }

    /// <summary>All-NULL and constant columns, an empty table, infinities, whole numbers and decimals.</summary>
    [PostgreSqlFact]
    public void AwkwardColumns_AreNamed_AndInfinityIsRefused()
    {
        server.Run("""
            CREATE TABLE odd AS SELECT i AS a, NULL::real AS nil, 0.1::numeric AS same, 1000000000 + 3 * sin(i) AS far,
              CASE WHEN i % 3 = 0 THEN 'NaN'::numeric WHEN i % 3 = 1 THEN (i * i % 11) * 0.25 END AS nan, 9007199254740993 + i AS big,
              (i % 7)::smallint AS small, i % 2 = 0 AS yes FROM generate_series(1, 300) AS i ORDER BY i % 10;
            CREATE TABLE nothing (a integer, b numeric);
            CREATE TABLE infinite AS SELECT i AS a, i % 5 AS b, CASE WHEN i = 78 THEN '-Infinity' ELSE i::numeric END AS c
              FROM generate_series(1, 100) AS i;
            """);
        foreach (string rows in (string[])["--query=SELECT * FROM odd", "--table=odd"])
        {
            string text = OneLine(Run(["fit", rows, "--out", Model, .. s_exact]).Expect(0).Text);
            Assert.Equal(["a", "far", "nan", "small"], SameModel.Read(Model).Columns);
            Assert.Contains("4 modelled: a, far, nan, small", text);
            Assert.Contains("nil: not modelled (no observed value; its cells stay missing)", text);
            Assert.Contains("same: constant, not modelled", text);
            Assert.Contains("big: not modelled (digits beyond 2^53", text);
            Assert.Contains("yes: not modelled (not numeric)", text);
        }
        Run(["fit", "--query", "SELECT * FROM nothing", "--out", Model]).Expect(3).Says("no rows");
        Run(["fit", "--table", "nothing", "--out", Model]).Expect(3).Says("no rows");
        Run(["fit", "--query", "SELECT yes, big FROM odd", "--out", Model]).Expect(3).Says("No column can be modelled");
        Run(["fit", "--query", "SELECT a, c FROM infinite ORDER BY a", "--out", Model]).Expect(3)
            .Says("Column 'c', row 78 of the result: -Infinity");
        Run(["fit", "--table", "infinite", "--columns", "b,c", "--out", Model]).Expect(3).Says("Infinity", "'c'");
    }

    /// <summary>The column that is infinite is beyond the first rows, which are looked at one by one.</summary>
    [PostgreSqlFact]
    public void InfinityThatTheServerCounted_IsRefused_ByItsColumn()
    {
        server.Run("CREATE TABLE far AS SELECT i % 7 AS b, CASE WHEN i = 10500 THEN 'Infinity'::float8 ELSE i % 5 END AS \"c'\" "
            + "FROM generate_series(1, 10600) AS i");
        Run(["fit", "--table", "far", "--out", Model]).Expect(3).Says("Column 'c'' of table 'public.far': Infinity",
            "SELECT * FROM \"public\".\"far\" WHERE \"c'\" IN");
    }

    /// <summary>Every type comes through, observed cells to the bit, and the filled cells are those of the library.</summary>
    [PostgreSqlFact]
    public void Fill_WritesANewTable_WithEveryColumnAsItWas()
    {
        server.Run("""
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE DOMAIN share AS numeric(6,3) CHECK (VALUE < 1000);
            CREATE TABLE types_of AS SELECT i AS id, 9007199254740993 + i AS big, (i % 11)::smallint AS small,
              CASE WHEN i % 4 > 0 THEN 10000 * i + 7 * (i % 13) END AS whole,
              CASE WHEN i % 9 > 0 THEN ((i % 17) + i / 100.0)::share END AS domain,
              CASE WHEN i % 6 > 0 THEN i + 0.1234567890123456789012345678901234::numeric END AS digits,
              CASE WHEN i % 7 > 0 THEN sin(i)::real + i % 3 END AS single,
              CASE WHEN i % 8 > 0 THEN i * 0.1::float8 ELSE 'NaN' END AS double,
              1.5::float8 AS same, NULL::float8 AS nil, NULL::text AS empty,
              CASE i % 5 WHEN 0 THEN E'tab\tline\nback\\slash\r' WHEN 1 THEN '\N' WHEN 2 THEN '' WHEN 3 THEN 'Ünï ✓ "q"' END AS words,
              'infinity'::date AS forever, now() + i * interval '1 us' AS moment, decode('00ff5c0a', 'hex') AS bytes,
              ARRAY[i, NULL] AS list,
              jsonb_build_object('k', i) AS json, 'ok'::mood AS mood, i % 2 = 0 AS yes, interval '1 mon 2 days 03:04:05.678' AS span
            FROM generate_series(1, 480) AS i;
            CREATE TABLE types AS SELECT * FROM types_of;
            ALTER TABLE types ALTER COLUMN domain TYPE share;
            """);
        ImputeResult done = Run(["fill", "--query", "SELECT * FROM types ORDER BY id", "--into", "\"types done\"", "--exclude", "id",
            "--model-out", Model]).Expect(0);
        Assert.Contains("table \"types done\"", done.Text);
        const string describe = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attnum > 0 AND attrelid = '{0}'"
            + "::regclass ORDER BY attnum";
        Assert.Equal(server.Run(describe.Replace("{0}", "types")), server.Run(describe.Replace("{0}", "\"types done\"")));
        string[] columns = [.. server.Run("SELECT attname FROM pg_attribute WHERE attnum > 0 AND attrelid = 'types'::regclass")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        Assert.Equal(20, columns.Length);
        string Changed(string column) => $"count(*) FILTER (WHERE o.\"{column}\"::text IS DISTINCT FROM d.\"{column}\"::text)";
        int[] everyWhich = [4, 9, 6, 7, 8];
        string[] filled = ["whole", "domain", "digits", "single", "double"];
        Assert.Equal(string.Join(",", columns.Select(column => filled.Contains(column)
            ? $"{480 / everyWhich[Array.IndexOf(filled, column)]}" : "0")),
            server.Run($"SELECT {string.Join(", ", columns.Select(Changed))} FROM types o JOIN \"types done\" d USING (id)")
                .Split('\n')[1]);
        Assert.Equal("0", server.Run($"SELECT count(*) FROM \"types done\" WHERE {string.Join(" OR ", filled.Select(c =>
            $"{c} IS NULL"))}").Split('\n')[1]);

        // The same rows as a file: whole numbers are rounded, and decimals come back with the digits of their type.
        string[] numbers = ["small", .. filled, "same"];
        Table Csv(string table) => new CsvFormat().Read(new MemoryStream(Encoding.UTF8.GetBytes(server.Run(
            $"SELECT {string.Join(", ", numbers)} FROM {table} ORDER BY id"))), "psql", TableReadOptions.Default);
        Table own = Csv("types").Impute(new NormalOptions { Prior = CovariancePrior.Auto }, new FillOptions { Integer = ["whole"] }).Table,
            theirs = Csv("\"types done\"");
        foreach (string name in numbers)
            for (int i = 0; i < 480; i++)
                Assert.InRange(Math.Abs(((NumericColumn)own[name])[i] - ((NumericColumn)theirs[name])[i]), 0,
                    name == "domain" ? 5.1e-4 : name == "single" ? 1e-6 : 1e-6 * 480);

        ImputeResult applied = Run(["apply", Model, "--table", "types", "--into", "types_applied"]).Expect(0);
        Assert.Contains("480 rows", applied.Text);
        Assert.Equal("0", server.Run("SELECT count(*) FROM types_applied a JOIN \"types done\" d USING (id) WHERE a IS DISTINCT FROM d")
            .Split('\n')[1]);
    }

    /// <summary>A draw goes by the row's number in the whole result, not in its batch.</summary>
    [PostgreSqlFact]
    public void Draws_AreThoseOfTheTableInMemory()
    {
        double[,] values = NaiveStatistics.Rows(new Random(9), 500, 3, 0.25);
        string table = Fill(null, ["a", "b", "c"], values);
        Run(["fill", "--query", $"SELECT a, b, c FROM {table} ORDER BY id", "--into", table + "_drawn", "--method", "draw", "--seed", "4",
            "--model-out", Model, .. s_exact]).Expect(0);
        var matrix = IncompleteMatrix.FromArray(values, ["a", "b", "c"]);
        FittedModel fit = SameModel.Read(Model);
        Table own = fit.Impute(new Table(matrix.Columns), new FillOptions { Method = FillMethod.Draw }, new RunOptions { Seed = 4 }).Table;
        string[] lines = server.Run($"SELECT a, b, c FROM {table}_drawn").Split('\n')[1..501];
        for (int i = 0; i < 500; i++)
            Assert.Equal(own.Columns.Select(c => ((NumericColumn)c)[i]), lines[i].Split(',').Select(x =>
                double.Parse(x, CultureInfo.InvariantCulture)));

        using var session = PostgreSqlSession.Open(ConnectionName.Parse(server.ConnectionString), TimeSpan.Zero);
        IRowSource small = session.Rows($"SELECT a, b, c FROM {table} ORDER BY id", batchRows: 70);
        double[] again = [.. fit.Impute(small, new FillOptions { Method = FillMethod.Draw }, new RunOptions { Seed = 4 })
            .SelectMany(batch => ((NumericColumn)batch.Table["b"]).Values.ToArray())];
        Assert.Equal(((NumericColumn)own["b"]).Values.ToArray(), again);
        Run(["fill", "--table", table, "--into", table + "_pmm", "--method", "pmm"]).Expect(2).Says("predictive mean matching");
    }

    /// <summary>A reading that ends early leaves the snapshot usable.</summary>
    [PostgreSqlFact]
    public void AReadingThatEndsEarly_LeavesTheTransactionAsItWas()
    {
        using var session = PostgreSqlSession.Open(ConnectionName.Parse(server.ConnectionString), TimeSpan.Zero);
        IRowSource rows = session.Rows("SELECT i AS a, i % 7 AS b FROM generate_series(1, 2000000) AS i", batchRows: 10);
        for (int time = 0; time < 3; time++) Assert.Equal(10, rows.Batches().First().RowCount);
        Assert.Equal(20, session.Rows("SELECT i AS a FROM generate_series(1, 20) AS i", 7).Batches().Sum(batch => batch.RowCount));
    }

    /// <summary>What was there when the transaction began is what every pass sees.</summary>
    [PostgreSqlFact]
    public void TwoPasses_SeeTheSameRows()
    {
        server.Run("CREATE TABLE growing AS SELECT i AS a FROM generate_series(1, 30) AS i");
        using var session = PostgreSqlSession.Open(ConnectionName.Parse(server.ConnectionString), TimeSpan.Zero);
        IRowSource rows = session.Rows("SELECT a FROM growing");
        Assert.Equal(30, rows.Batches().Sum(batch => batch.RowCount));
        server.Run("INSERT INTO growing VALUES (31)");
        Assert.Equal(30, rows.Batches().Sum(batch => batch.RowCount));
    }

    [PostgreSqlFact]
    public void Queries_CanOnlyRead()
    {
        server.Run("CREATE TABLE kept AS SELECT i AS a, i % 3 AS b FROM generate_series(1, 20) AS i; CREATE SEQUENCE counter");
        foreach (string query in (string[])["DELETE FROM kept RETURNING *", "WITH d AS (DELETE FROM kept RETURNING *) SELECT * FROM d",
            "SELECT a, nextval('counter') AS n FROM kept", "SELECT a, b FROM kept; DELETE FROM kept",
            "SELECT 1 AS a; COMMIT; DROP TABLE kept",
            "COMMIT", "SELECT a INTO kept2 FROM kept", "TRUNCATE kept", "CREATE TABLE kept2 AS SELECT * FROM kept",
            "SELECT set_config('transaction_read_only', 'off', true) AS s, a FROM kept", "COPY kept TO PROGRAM 'true'"])
            foreach (string[] command in (string[][])[["fit", "--out", Model], ["fill", "--into", "kept3"]])
            {
                ImputeResult refused = Run([command[0], "--query", query, command[1], command[2]]);
                Assert.True(refused.Code is 2 or 3, query + refused.Error + refused.Text);
                refused.Expect(refused.Code);
            }
        Assert.Equal("20,1,,", server.Run("SELECT count(*), nextval('counter'), to_regclass('kept2') AS k2, to_regclass('kept3') AS k3 "
            + "FROM kept").Split('\n')[1]);
        Assert.False(File.Exists(Model));
    }

    /// <summary>The table exists, cannot be made, or refuses a row at the end; the disk of a model file fails.</summary>
    [PostgreSqlFact]
    public void FailedWrites_LeaveNoTable()
    {
        string Exists(string table) => server.Run($"SELECT to_regclass('{table}') IS NOT NULL AS t").Split('\n')[1];
        server.Run("""
            CREATE DOMAIN low AS float8 CHECK (VALUE < 100);
            CREATE TABLE bounded (a integer, b low);
            INSERT INTO bounded SELECT i, CASE WHEN i % 4 > 0 THEN i % 9 END FROM generate_series(1, 60) AS i ORDER BY i % 10;
            CREATE TABLE there (x int);
            """);
        Run(["fill", "--table", "bounded", "--into", "there"]).Expect(2).Says("table 'there' exists");
        Run(["fill", "--table", "bounded", "--into", "nowhere.t"]).Expect(2).Says("schema \"nowhere\" does not exist");
        Run(["fill", "--table", "bounded", "--into", "late", "--bounds", "b=1000..1001"]).Expect(2).Says("new table 'late'",
            "value for domain low violates check constraint");
        Assert.Equal("f", Exists("late"));
        Run(["fill", "--table", "bounded", "--into", "late", "--bounds", "b=1000..1001", "--strict"]).Expect(2);
        Run(["fill", "--table", "bounded", "--into", "strict", "--strict", "--bounds", "b=0..2"]).Expect(5).Says("outside the bounds");
        Assert.Equal("f", Exists("strict"));
        Run(["fill", "--table", "bounded", "--into", "late", "--model-out", _scratch.Path("no/such/folder.json")]).Expect(2);
        Assert.Equal("f", Exists("late"));
        Run(["fill", "--query", "SELECT a, b, pg_sleep(0.1)::text AS s FROM bounded", "--statement-timeout", "1", "--into", "late"])
            .Expect(2).Says("longer than 1 seconds", "--statement-timeout");
        Assert.Equal("f", Exists("late"));
        Run(["fill", "--table", "bounded", "--into", "late"]).Expect(0);
        Assert.Equal("t", Exists("late"));
    }

    /// <summary>Once while rows are on their way to the new table: interrupted, and killed.</summary>
    [PostgreSqlFact]
    public async Task InterruptedAndKilledWrites_LeaveNoTable()
    {
        if (OperatingSystem.IsWindows()) return;
        server.Run("CREATE TABLE many AS SELECT i AS a, CASE WHEN i % 4 > 0 THEN i % 9 END AS b FROM generate_series(1, 70000) AS i");
        Run(["fit", "--table", "many", "--columns", "b,a", "--out", Model]).Expect(0);
        foreach (bool kill in new[] { false, true })
        {
            // The first batch of 65,536 rows is written; then the rows come to a halt.
            using System.Diagnostics.Process process = Impute.Start(["apply", Model, "--connection", "SALES", "--query",
                "SELECT a, b, CASE WHEN a > 66000 THEN pg_sleep(1)::text END AS s FROM many ORDER BY a", "--into", "halted"], null,
                Environment);
            Task<byte[]> output = Impute.ReadAll(process.StandardOutput.BaseStream),
                error = Impute.ReadAll(process.StandardError.BaseStream);
            await Until(() => server.Run("SELECT count(*) FROM pg_stat_progress_copy WHERE bytes_processed > 100000").Contains("\n1\n"));
            if (kill) process.Kill();
            else Impute.Send("TERM", process); // an interrupt may be ignored, as in jobs in the background
            ImputeResult ended = Impute.Finish(process, output, error);
            if (!kill) ended.Expect(130).Says("interrupted");
            await Until(() => server.Run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'impute'").Contains("\n0\n"));
            Assert.Equal("t", server.Run("SELECT to_regclass('halted') IS NULL AS t").Split('\n')[1]);
        }
    }

    [PostgreSqlFact]
    public void OptionsThatDoNotGoTogether_AreRefused_WithWhatToDo()
    {
        Run(["fit", "--out", Model]).Expect(2).Says("--query", "--table");
        Run(["fit", "--query", "SELECT 1 AS a", "--table", "t", "--out", Model]).Expect(2).Says("one of --query");
        Run(["fit", "t.csv", "--table", "t", "--out", Model]).Expect(2).Says("'t.csv' is a file");
        Run(["fit", "--table", "t", "--missing", "-99", "--out", Model]).Expect(2).Says("--missing is about files");
        Run(["fit", "--table", "no_such_table", "--out", Model]).Expect(2).Says("no table 'no_such_table'");
        Run(["fill", "--table", "t"]).Expect(2).Says("--into NEW_TABLE");
        Run(["fill", "--table", "t", "--out", "t.csv"]).Expect(2).Says("--out is about a file");
        Run(["fill", "--table", "t", "--into", "u", "--report", "l.html"]).Expect(2).Says("--report");
        Impute.Run("fill", "--into", "u").Expect(2).Says("fill takes IN and MORE, but IN is missing");
        Impute.Run("fill", "t.csv", "--into", "u").Expect(2).Says("--into needs --connection");
        Impute.Run("fill", "t.csv", "--out", "u.csv", "--table", "u").Expect(2).Says("--table needs --connection");
        Impute.Run("fit", "t.csv", "--query", "SELECT", "--out", "u.json").Expect(2).Says("--query needs --connection");
    }

    private Dictionary<string, string> Environment => new() { ["SALES"] = server.ConnectionString };

    private ImputeResult Run(string[] args) => Impute.Run([args[0], "--connection", "SALES", .. args[1..]], null, null, Environment);

    /// <summary>A table with a number of each row and columns, missing cells NULL or, in every other row, NaN.</summary>
    private string Fill(string? table, string[] names, double[,] values)
    {
        table ??= $"t{Interlocked.Increment(ref s_tables)}";
        var sql = new StringBuilder($"CREATE TABLE {table} (id integer, {string.Join(", ", names.Select(name =>
            $"\"{name.Replace("\"", "\"\"")}\" float8"))}); INSERT INTO {table} VALUES ");
        for (int i = 0; i < values.GetLength(0); i++)
            sql.Append(i == 0 ? "(" : ", (").Append(i).Append(", ").AppendJoin(", ", Enumerable.Range(0, names.Length).Select(j =>
                !double.IsNaN(values[i, j]) ? values[i, j].ToString("R", CultureInfo.InvariantCulture) : i % 2 == 0 ? "NULL" : "'NaN'"))
                .Append(')');
        server.Run(sql.ToString());
        return table;
    }

    private static double[,] Columns(double[,] values, params int[] columns)
    {
        var some = new double[values.GetLength(0), columns.Length];
        for (int i = 0; i < some.GetLength(0); i++)
            for (int j = 0; j < columns.Length; j++) some[i, j] = values[i, columns[j]];
        return some;
    }

    private static async Task Until(Func<bool> holds)
    {
        for (int tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 300, "It did not happen within a minute.");
            await Task.Delay(200);
        }
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
