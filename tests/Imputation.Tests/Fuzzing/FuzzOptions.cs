namespace Imputation.Tests.Fuzzing;

/// <summary>Options of the command, some at a time.</summary>
internal static class FuzzOptions
{
    public static string[] Prior(Random random) => random.Next(8) switch
    {
        0 => ["--prior", "none"],
        1 => ["--prior", "ridge:1"],
        2 => ["--prior", "jeffreys"],
        _ => [],
    };

    public static string[] Fill(Random random) =>
        [.. Prior(random), .. random.Next(4) == 0 ? (string[])["--method", "draw"] : [], .. random.Next(10) == 0 ? (string[])["--strict"] : []];

    /// <summary>Files besides the completed table.</summary>
    public static string[] Files(Random random) => random.Next(6) switch
    {
        0 => ["--ledger", "out/cells.csv"],
        1 => ["--json", "out/run.json"],
        2 => ["--ledger", "out/cells.csv", "--json", "out/run.json"],
        _ => [],
    };
}
