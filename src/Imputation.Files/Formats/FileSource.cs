namespace Imputation.Files.Formats;

/// <summary>A file that a table was read from.</summary>
internal abstract class FileSource(string name) : TableSource
{
    /// <summary>The file's name, without the folder.</summary>
    public string FileName { get; } = Path.GetFileName(name);

    /// <summary>SHA-256 of the file's bytes, in lower-case hexadecimal.</summary>
    public abstract string Sha256 { get; }
}
