namespace Imputation.Files.Streams;

/// <summary>Opens files to read, and says what stood in the way.</summary>
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
