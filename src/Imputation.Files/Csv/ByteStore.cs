using System.Buffers;
using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>Bytes that can be read repeatedly, piece by piece: an array or a file.</summary>
internal abstract class ByteStore
{
    public abstract long Length { get; }

    /// <summary>A piece: in place where the bytes are in memory, otherwise read into <paramref name="buffer"/> and valid until its
    /// next use.</summary>
    public abstract ReadOnlyMemory<byte> Read(long start, int length, PieceBuffer buffer);

    /// <summary>A reader of the records from <paramref name="start"/> to the end.</summary>
    public abstract CsvReader Records(long start, CsvReaderOptions options);

    /// <summary>The exception to throw if the bytes have changed.</summary>
    public abstract Exception Changed();
}

/// <summary>Room for a piece, lent by the shared pool and given back at the end.</summary>
internal sealed class PieceBuffer : IDisposable
{
    private byte[] _bytes = [];

    public Memory<byte> Take(int length)
    {
        if (_bytes.Length < length)
        {
            Dispose();
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }
        return _bytes.AsMemory(0, length);
    }

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryBytes(byte[] bytes) : ByteStore
{
    public override long Length => bytes.Length;

    public override ReadOnlyMemory<byte> Read(long start, int length, PieceBuffer buffer) => bytes.AsMemory((int)start, length);

    public override CsvReader Records(long start, CsvReaderOptions options) => CsvReader.Create(bytes.AsMemory((int)start), options);

    public override Exception Changed() => new InvalidOperationException("Bytes in memory changed.");
}
