using Imputation.Files;
using Imputation.Files.Streams;
using Microsoft.Win32.SafeHandles;

namespace Imputation.Parquet.Storage;

/// <summary>A file that is not kept in memory. It is opened for each reading, so that nothing has to be closed and another program may
/// replace it; one that was changed since is refused.</summary>
internal sealed class BytesInFile : IRandomAccess
{
    private readonly string _name;
    private readonly string _path;
    private readonly DateTime _written;

    /// <summary>A file with its present length and time.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public BytesInFile(string path)
    {
        _name = path;
        _path = Path.GetFullPath(path); // the current folder may change
        using SafeFileHandle file = Open();
        Length = RandomAccess.GetLength(file);
        _written = File.GetLastWriteTimeUtc(file);
    }

    public long Length { get; }

    public ReadOnlyMemory<byte> Read(long start, int length)
    {
        try
        {
            using SafeFileHandle file = Open();
            byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
            return FilePart.TryRead(file, start, bytes) && RandomAccess.GetLength(file) == Length
                && File.GetLastWriteTimeUtc(file) == _written ? bytes : throw Changed();
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not InputException)
        {
            throw InputException.From(e, _name);
        }
    }

    private SafeFileHandle Open() => File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private InputException Changed() => new(
        $"'{_name}' changed after it was opened. A file of this size is not kept in memory: it is read again, row group by row group, "
            + "also to copy its observed cells. No file was written; run this again when no other program writes to it.", _name);
}
