namespace Imputation.Files;

/// <summary>A file that cannot be opened or read. The message gives the file, the reason and a remedy.</summary>
public sealed class InputException : IOException
{
    /// <summary>A file that cannot be read.</summary>
    public InputException(string message, string path, Exception? inner = null) : base(message, inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    internal static InputException From(Exception cause, string path) => new(cause switch
    {
        _ when Directory.Exists(path) => $"'{path}' is a folder; name a file in it.",
        FileNotFoundException or DirectoryNotFoundException =>
            $"There is no file '{path}'; check the name and the folder (the current one is '{Environment.CurrentDirectory}').",
        UnauthorizedAccessException => $"'{path}' cannot be read: permission denied; check its permissions.",
        _ => $"'{path}' cannot be read: {cause.Message}",
    }, path, cause);
}
