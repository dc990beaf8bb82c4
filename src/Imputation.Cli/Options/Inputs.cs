using Imputation.Cli.Exits;
using Imputation.Files;

namespace Imputation.Cli.Options;

/// <summary>Opens files to read, with a plain error message where that fails.</summary>
internal static class Inputs
{
    /// <summary>A file, or standard input.</summary>
    /// <param name="path">A file, or - for standard input.</param>
    /// <param name="again">Whether the file may be read a second time.</param>
    /// <exception cref="InputException">The file cannot be opened.</exception>
    public static Stream Open(string path, bool again = false)
    {
        Stream stream = path == "-" ? Console.OpenStandardInput() : OpenFile(path);
        if (!again || stream.CanSeek) return stream;
        var memory = new MemoryStream();
        using (stream) stream.CopyTo(memory);
        memory.Position = 0;
        return memory;
    }

    private static FileStream OpenFile(string path)
    {
        if (path.Length == 0) throw new UsageException("the name of the input is empty; name a file, or - for standard input.");
        if (Directory.Exists(path)) throw new InputException($"'{path}' is a folder; name a file in it.", path);
        if (!File.Exists(path)) throw new InputException($"there is no file '{path}'; check its name and folder.", path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InputException($"'{path}' cannot be read: permission denied; check its permissions.", path, exception);
        }
    }
}
