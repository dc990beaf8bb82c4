namespace Imputation.Files;

/// <summary>A file that cannot be written. The message gives the file, the reason and a remedy.</summary>
public sealed class OutputException : IOException
{
    /// <summary>A file that cannot be written.</summary>
    public OutputException(string message, string path, Exception? inner = null) : base(message, inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The exception with a readable message for a file system error.</summary>
    /// <param name="cause">The error.</param>
    /// <param name="path">The file that was to be written; - is standard output.</param>
    public static OutputException From(Exception cause, string path) => new($"{Name(path)} cannot be written: {Reason(cause)}", path,
        cause);

    private static string Name(string path) => path == "-" ? "standard output" : $"'{path}'";

    private static string Reason(Exception cause) => cause switch
    {
        UnauthorizedAccessException => "permission denied; check the permissions of the file and its folder, or choose "
            + "another place.",
        DirectoryNotFoundException => "its folder does not exist; create it first.",
        PathTooLongException => "the name is too long.",
        // ENOSPC, ERROR_DISK_FULL
        _ when (cause.HResult & 0xFFFF) is 28 or 112 => "the disk is full; free some space or name another place.",
        _ => cause.Message,
    };
}
