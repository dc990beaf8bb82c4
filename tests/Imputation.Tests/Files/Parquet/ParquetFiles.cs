using Imputation.Tests.Cli;

namespace Imputation.Tests.Files.Parquet;

/// <summary>Parquet files: samples in the repository, and the format's own collection, which stays outside it.</summary>
internal static class ParquetFiles
{
    private static readonly string s_shared = Environment.GetEnvironmentVariable("IMPUTATION_SHARED") is { Length: > 0 } folder ? folder
        : Path.Combine(Repository.Root, "..", "shared");

    public static string Sample(string name) => Path.Combine(Repository.Root, "tests", "References", "parquet", name);

    public static IEnumerable<string> Samples => Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "References", "parquet"),
        "*.parquet").Order(StringComparer.Ordinal);

    /// <summary>Files of the shared folder, or none, and a line that says so, where there is no such folder.</summary>
    public static IReadOnlyList<string> Shared(string kind)
    {
        string folder = Path.GetFullPath(Path.Combine(s_shared, "parquet", kind));
        if (Directory.Exists(folder))
            return [.. Directory.EnumerateFiles(folder).Where(f => f.Contains(".parquet", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];
        Console.WriteLine($"SKIPPED: no folder {folder}; the {kind} files of Parquet were not tested. Set IMPUTATION_SHARED to the folder "
            + $"that holds parquet/{kind}.");
        return [];
    }
}
