using CsvHelper;
using Imputation.Files.Streams;
using Microsoft.Win32.SafeHandles;

namespace Imputation.Files.Csv;

/// <summary>The bytes of a file that is too large to be kept in memory; the file must not change until the table is written.</summary>
internal sealed class FileBytes : ByteStore
{
    /// <summary>Bytes; a quote that is never closed would take the rest of the file into memory.</summary>
    public const int LongestRecord = 1 << 28;

    private readonly string _name;
    private readonly string _path;

    /// <summary>A file with its present length.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public FileBytes(string path, string name)
    {
        _name = name;
        _path = Path.GetFullPath(path);     // the current folder may change
        using SafeFileHandle file = Open();
        Length = RandomAccess.GetLength(file);
    }

    public override long Length { get; }

    public override ReadOnlyMemory<byte> Read(long start, int length, PieceBuffer buffer)
    {
        Memory<byte> piece = buffer.Take(length);
        try
        {
            using SafeFileHandle file = Open();
            return FilePart.TryRead(file, start, piece.Span) && RandomAccess.GetLength(file) == Length ? piece : throw Changed();
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not InputException)
        {
            throw InputException.From(e, _name);
        }
    }

    public override CsvReader Records(long start, CsvReaderOptions options)
    {
        var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0)
        { Position = start };
        return CsvReader.Create(stream, options with { MaxRecordSize = LongestRecord });
    }

    public override Exception Changed() => new InputException(
        $"'{_name}' changed after it was read. A file of this size is not kept in memory: it is read again to copy its observed "
            + "cells. No file was written; run this again when no other program writes to it.", _name);

    private SafeFileHandle Open() => File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
