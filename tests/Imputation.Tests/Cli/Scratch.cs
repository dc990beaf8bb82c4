namespace Imputation.Tests.Cli;

/// <summary>A folder of its own for a test, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("impute-test-");

    public string Folder => _folder.FullName;

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>Names of what is in the folder, sorted; hidden files too.</summary>
    public string[] Names => [.. _folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).Select(f => f.Name)
        .Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);
}
