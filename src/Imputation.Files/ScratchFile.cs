using System.Runtime.InteropServices;
using Imputation.Files.Streams;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>A temporary file for the numbers of rows that do not fit into memory. Only its owner may read it, and it is gone when it is
/// disposed of.</summary>
public sealed class ScratchFile : IScratch
{
    private readonly FileStream _file;
    private long _count;

    private ScratchFile(FileStream file) => _file = file;

    /// <summary>Makes one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="bytes">The most bytes that it will be asked to take; null where that is not known.</param>
    /// <exception cref="OutputException">The folder cannot be written, or its disk has less room than that.</exception>
    public static ScratchFile Create(string folder, long? bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new OutputException($"There is no folder '{folder}' for temporary files; name one that exists (--temp).", folder);
        long room = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (bytes is { } most && room < most)
            throw new OutputException($"The rows do not fit into memory, and up to {TextFormat.Bytes(most)} of them would go to "
                + $"'{folder}', which has room for {TextFormat.Bytes(room)}. Give more memory (--memory), or a folder "
                + "on a larger disk (--temp).", folder);
        return new ScratchFile(TemporaryFile.Scratch(folder));
    }

    /// <inheritdoc/>
    /// <exception cref="OutputException">The disk is full, or fails.</exception>
    public long Write(ReadOnlySpan<double> numbers)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, MemoryMarshal.AsBytes(numbers), sizeof(double) * _count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OutputException.From(e, _file.Name);
        }
        _count += numbers.Length;
        return _count - numbers.Length;
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public void Read(long start, Span<double> numbers)
    {
        try
        {
            if (!FilePart.TryRead(_file.SafeFileHandle, sizeof(double) * start, MemoryMarshal.AsBytes(numbers)))
                throw new EndOfStreamException("the scratch file ends too early");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InputException.From(e, _file.Name);
        }
    }

    /// <summary>Deletes the file.</summary>
    public void Dispose() => _file.Dispose();
}
