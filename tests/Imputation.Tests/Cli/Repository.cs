namespace Imputation.Tests.Cli;

/// <summary>Files of the repository, found upward from the tests' own folder.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A real data set that users have too.</summary>
    public static string Example(string name) => Path.Combine(Root, "examples", "data", name);

    /// <summary>An awkward file; what is right for each is told in expected.json beside it.</summary>
    public static string Degenerate(string name) => Path.Combine(Root, "tests", "References", "degenerate", name);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Imputation.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Imputation.sln above {AppContext.BaseDirectory}.");
    }
}
