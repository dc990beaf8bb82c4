using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Imputation.Tests.Files.Sql;

/// <summary>A fact that needs the programs of PostgreSQL; where they are not installed it is skipped, with the reason in its
/// name.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute([CallerMemberName] string test = "")
    {
        if (PostgreSqlServer.Programs is not null) return;
        Skip = "PostgreSQL (initdb, pg_ctl, psql) is not installed: apt-get install postgresql.";
        DisplayName = $"{test}. {Skip}";
    }
}

/// <summary>A server of its own for some tests, reached by a socket in its folder only; gone with them.</summary>
public sealed class PostgreSqlServer : IDisposable
{
    private static readonly bool s_root = !OperatingSystem.IsWindows() && Environment.UserName == "root";

    private readonly string _folder;

    public PostgreSqlServer()
    {
        _folder = "";
        if (Programs is null) return;
        // The server refuses to run as root: then it runs, and owns its folder, as the user of the package.
        _folder = AsOwner("mktemp", "-d", "/tmp/impute-pg-XXXXXX").Trim();
        AsOwner(Program("initdb"), "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8", "--locale=C", "-D", $"{_folder}/data");
        AsOwner("chmod", "755", _folder);
        AsOwner(Program("pg_ctl"), "-w", "-D", $"{_folder}/data", "-l", $"{_folder}/log", "-o",
            $"-c listen_addresses='' -c unix_socket_directories={_folder} -c unix_socket_permissions=0777 -c fsync=off", "start");
    }

    /// <summary>The folder of the programs; null where they are not installed.</summary>
    internal static string? Programs { get; } = Folders().FirstOrDefault(folder => folder.Length > 0
        && new[] { "initdb", "pg_ctl", "psql" }.All(name => File.Exists(Path.Combine(folder, name))));

    /// <summary>The folder of its socket, which is its host.</summary>
    internal string Host => _folder;

    /// <summary>How Npgsql reaches it.</summary>
    internal string ConnectionString => $"Host={_folder};Username=tester;Database=postgres";

    /// <summary>Makes a user that has to give a password.</summary>
    internal void AddUser(string name, string password)
    {
        Run($"CREATE ROLE {name} LOGIN PASSWORD '{password}'");
        string rules = $"{_folder}/data/pg_hba.conf";
        File.WriteAllText(rules, $"local all {name} scram-sha-256\n{File.ReadAllText(rules)}");
        Run("SELECT pg_reload_conf()");
    }

    /// <summary>Runs a statement by psql and returns the result as CSV with a header.</summary>
    public string Run(string sql) => Start(Program("psql"), ["-h", _folder, "-U", "tester", "-d", "postgres", "-X", "-q", "--csv", "-v",
        "ON_ERROR_STOP=1", "-f", "-"], sql);

    public void Dispose()
    {
        if (_folder.Length == 0) return;
        AsOwner(Program("pg_ctl"), "-D", $"{_folder}/data", "-m", "immediate", "stop");
        AsOwner("rm", "-rf", _folder);
    }

    private static string Program(string name) => Path.Combine(Programs!, name);

    private static IEnumerable<string> Folders()
    {
        const string debian = "/usr/lib/postgresql";
        IEnumerable<string> own = Directory.Exists(debian) ? Directory.EnumerateDirectories(debian).OrderDescending()
            .Select(version => Path.Combine(version, "bin")) : [];
        return own.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
    }

    private static string AsOwner(string program, params string[] args) =>
        s_root ? Start("runuser", ["-u", "postgres", "--", program, .. args], "") : Start(program, args, "");

    private static string Start(string program, string[] args, string input)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/tmp",
        };
        foreach (string arg in args) start.ArgumentList.Add(arg);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        // A started server keeps the error stream open, so it is not read to its end.
        var errors = new System.Text.StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2))) throw new TimeoutException($"{program} did not end.");
        Assert.True(process.ExitCode == 0, $"{program}: {errors}");
        return output.Wait(TimeSpan.FromSeconds(program.EndsWith("psql", StringComparison.Ordinal) ? 60 : 2)) ? output.Result : "";
    }
}
