namespace Imputation.Files.Streams;

/// <summary>Opens files for reading; exceptions name the file and the reason.</summary>
internal static class InputFile
{
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    public static T Read<T>(string path, Func<FileStream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return read(stream);
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not InputException)
        {
            throw InputException.From(e, path);
        }
    }
}
