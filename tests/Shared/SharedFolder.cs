namespace Imputation.Tests.Shared;

/// <summary>The folder 'shared', with test data that may not be copied into the repository: where IMPUTATION_SHARED points, otherwise
/// beside
/// the repository or above it.</summary>
public static class SharedFolder
{
    /// <summary>The path of a part of it, such as "cases" or "parquet/refuse"; null where there is none.</summary>
    public static string? Find(string part)
    {
        if (Environment.GetEnvironmentVariable("IMPUTATION_SHARED") is { Length: > 0 } named) return In(named, part);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (In(Path.Combine(folder.FullName, "shared"), part) is { } found) return found;
        return null;
    }

    private static string? In(string folder, string part) =>
        Path.GetFullPath(Path.Combine(folder, part)) is var path && Directory.Exists(path) ? path : null;
}
