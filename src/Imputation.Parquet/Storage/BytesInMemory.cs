namespace Imputation.Parquet.Storage;

/// <summary>A file in memory.</summary>
internal sealed class BytesInMemory(ReadOnlyMemory<byte> bytes) : IRandomAccess
{
    public long Length => bytes.Length;

    public ReadOnlyMemory<byte> Read(long start, int length) => bytes.Slice(checked((int)start), length);
}
