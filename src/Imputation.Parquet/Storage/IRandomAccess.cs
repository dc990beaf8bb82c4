using Imputation.Files;

namespace Imputation.Parquet.Storage;

/// <summary>The bytes of a file, read at any place by any thread.</summary>
internal interface IRandomAccess
{
    long Length { get; }

    /// <summary>Bytes that lie within the file; in place where they are in memory.</summary>
    /// <exception cref="InputException">The file cannot be read, or is not the one that was opened.</exception>
    ReadOnlyMemory<byte> Read(long start, int length);
}
