using Imputation.Sql;
using Imputation.Tests.Cli;
using Imputation.Tests.Files.Sql;

namespace Imputation.Tests.Sql;

/// <summary>A marker in place of a password, through every way to fail and to succeed: it is in no output, no file and no error, with the
/// details of failures too.</summary>
public sealed class SecretTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private const string Marker = "Marker-pa55word-7f3a", User = "marked";

    private static readonly Lock s_gate = new();

    private static bool s_isMade;

    private readonly Scratch _scratch = new();

    private string Model => _scratch.Path("m.json");

    public void Dispose() => _scratch.Dispose();

    /// <summary>The connection string as it is, in the environment, and by a service file.</summary>
    public enum Way
    {
        Text,
        Variable,
        Service,
    }

    [PostgreSqlFact]
    public void Failures_AreExplained_WithoutThePassword()
    {
        Make();
        foreach (Way way in Enum.GetValues<Way>())
        {
            (string What, int Code, ImputeResult Result)[] failures =
            [
                ("no such host", 2, Run(way, [("Host", "/tmp/impute-no-such-folder")], "fit", "--table", "t", "--out", Model)),
                ("no such name", 2, Run(way, [("Host", "no-such-host.invalid")], "fit", "--table", "t", "--out", Model)),
                ("wrong password", 2, Run(way, [("Password", Marker + "x")], "fit", "--table", "t", "--out", Model)),
                ("no such database", 2, Run(way, [("Database", "nowhere")], "fit", "--table", "t", "--out", Model)),
                ("no such table", 2, Run(way, [], "fit", "--table", "tt", "--out", Model)),
                ("bad query", 2, Run(way, [], "fit", "--query", "SELEC * FROM t", "--out", Model)),
                ("fails late", 2, Run(way, [], "fit", "--query", "SELECT a, 1 / (a - 15) AS b FROM t", "--out", Model)),
                ("no right", 2, Run(way, [], "fit", "--query", "SELECT rolname, rolpassword FROM pg_authid", "--out", Model)),
                ("table exists", 2, Run(way, [], "fill", "--table", "t", "--into", "t")),
                ("no right to make it", 2, Run(way, [], "fill", "--table", "t", "--into", "pg_catalog.made")),
                ("no numbers", 3, Run(way, [], "fit", "--query", "SELECT 'x'::text AS x", "--out", Model)),
                ("timeout", 2, Run(way, [], "fit", "--query", "SELECT 1 AS a, pg_sleep(5)::text AS s", "--statement-timeout", "1", "--out",
                    Model)),
            ];
            foreach ((string what, int code, ImputeResult result) in failures)
            {
                Assert.True(result.Code == code, $"{way}, {what}: {result.Code} {result.Text} {result.Error}");
                AssertSilent(result, $"{way}, {what}");
                Assert.Matches(@"(?m)^impute: ", result.Error);
            }
            Assert.Empty(Directory.GetFiles(_scratch.Folder, "*.json"));
        }
    }

    [PostgreSqlFact]
    public void ConnectionStringsThatCannotBeRead_AreNotRepeated()
    {
        foreach (string text in (string[])[$"Host=h;Password=x;{Marker};Database=d", $"Host={server.Host};Port={Marker}",
            $"postgresql://me:{Marker}@h/d", $"Host=h;Password='{Marker}", $"Password={Marker}"])
        {
            ImputeResult named = Impute.Run(["fit", "--connection", "SECRET", "--table", "t", "--out", Model], null, null,
                Environment(("SECRET", text))), shown = Impute.Run(["fit", "--connection", text, "--table", "t", "--out", Model], null,
                null, Environment());
            Assert.Equal((2, 2), (named.Code, shown.Code));
            AssertSilent(named, text);
            AssertSilent(shown, text);
        }
    }

    /// <summary>A password on the command line is taken, with a warning; nowhere else is there one.</summary>
    [PostgreSqlFact]
    public void Successes_WriteNoPassword()
    {
        Make();
        foreach (Way way in Enum.GetValues<Way>())
        {
            ImputeResult fit = Run(way, [], "fit", "--table", "t", "--out", Model, "--json", _scratch.Path("copy.json")),
                fill = Run(way, [], "fill", "--query", "SELECT * FROM t", "--into", $"filled_{way}", "--model-out",
                    _scratch.Path("fill.json"), "--json", _scratch.Path("report.json"), "--ledger", _scratch.Path("ledger.json")),
                apply = Run(way, [], "apply", Model, "--table", "t", "--into", $"applied_{way}");
            foreach (ImputeResult result in new[] { fit, fill, apply })
            {
                Assert.True(result.Code == 0, result.Error);
                AssertSilent(result, $"{way}");
                Assert.Equal(way == Way.Text, result.Error.Contains("list of processes", StringComparison.Ordinal));
            }
            foreach (string file in Directory.GetFiles(_scratch.Folder, "*.json"))
                Assert.DoesNotContain(Marker, File.ReadAllText(file));
        }
    }

    [PostgreSqlFact]
    public async Task Cancelled_NothingIsRepeated()
    {
        if (OperatingSystem.IsWindows()) return;
        Make();
        using System.Diagnostics.Process process = Impute.Start(["fit", "--connection", "SECRET", "--query",
            "SELECT a, pg_sleep(1)::text AS s FROM t", "--out", Model], null, Environment(("SECRET", Connection([]))));
        Task<byte[]> output = Impute.ReadAll(process.StandardOutput.BaseStream), error = Impute.ReadAll(process.StandardError.BaseStream);
        for (int tries = 0; !server.Run("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1)%' AND application_name = "
            + "'impute' AND state = 'active'").Contains("\n1\n"); tries++)
        {
            Assert.True(tries < 200, "It did not begin.");
            await Task.Delay(100);
        }
        Impute.Send("TERM", process); // an interrupt may be ignored, as in jobs in the background
        ImputeResult ended = Impute.Finish(process, output, error);
        Assert.Equal(130, ended.Code);
        AssertSilent(ended, "cancelled");
        Assert.False(File.Exists(Model));
    }

    /// <summary>Whoever puts the password into a message.</summary>
    [Fact]
    public void MessagesOfOthers_AreCleaned()
    {
        var errors = new DatabaseErrors(ConnectionName.Parse($"Host=h;Database=d;Password={Marker}"), TimeSpan.Zero);
        Exception wrapped = errors.Wrapped(new TimeoutException($"no answer to {Marker}"), "the query", CancellationToken.None);
        Assert.Equal("h/d: the query: no answer to ***.", wrapped.Message);
    }

    private void Make()
    {
        lock (s_gate)
        {
            if (s_isMade) return;
            server.AddUser(User, Marker);
            server.Run("CREATE TABLE t AS SELECT i AS a, CASE WHEN i % 3 > 0 THEN i % 5 END AS b FROM generate_series(1, 40) AS i; "
                + $"GRANT ALL ON t TO {User}; GRANT ALL ON SCHEMA public TO {User}");
            s_isMade = true;
        }
    }

    private string Connection((string Key, string Value)[] changed)
    {
        var settings = new Dictionary<string, string>
        {
            ["Host"] = server.Host,
            ["Username"] = User,
            ["Database"] = "postgres",
            ["Password"] = Marker,
            ["Timeout"] = "5",
        };
        foreach ((string key, string value) in changed) settings[key] = value;
        return string.Join(';', settings.Select(setting => $"{setting.Key}={setting.Value}"));
    }

    private ImputeResult Run(Way way, (string Key, string Value)[] changed, string command, params string[] args)
    {
        string text = Connection(changed), services = _scratch.Path("services");
        File.WriteAllText(services, "[secret_service]\n" + text.Replace(';', '\n').Replace("Host=", "host=").Replace("Username=", "user=")
            .Replace("Database=", "dbname=").Replace("Password=", "password=").Replace("Timeout=", "connect_timeout=") + "\n");
        string name = way switch { Way.Text => text, Way.Variable => "SECRET", _ => "secret_service" };
        string[] model = command == "apply" ? [args[0]] : [];
        return Impute.Run([command, .. model, "--connection", name, .. args[model.Length..]], null, null,
            Environment(("SECRET", text), ("PGSERVICEFILE", services)));
    }

    /// <summary>With the details of failures.</summary>
    private static Dictionary<string, string> Environment(params (string Name, string Value)[] more) =>
        more.Append(("IMPUTE_DEBUG", "1")).ToDictionary(variable => variable.Item1, variable => variable.Item2);

    private static void AssertSilent(ImputeResult result, string what)
    {
        Assert.False(result.Error.Contains(Marker, StringComparison.Ordinal), $"{what}: {result.Error}");
        Assert.False(result.Text.Contains(Marker, StringComparison.Ordinal), $"{what}: {result.Text}");
    }
}
