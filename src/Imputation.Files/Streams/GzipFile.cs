using System.IO.Compression;

namespace Imputation.Files.Streams;

/// <summary>Files compressed with gzip.</summary>
internal static class GzipFile
{
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0x1F, 0x8B]);

    /// <summary>A stream that compresses into another, which stays open; null where that is not asked for.</summary>
    public static Stream? Writer(Stream stream, bool compress) =>
        compress ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;

    /// <summary>The uncompressed bytes.</summary>
    /// <exception cref="ImputationDataException">The file is damaged.</exception>
    public static byte[] Read(byte[] bytes, string name, CancellationToken cancellation)
    {
        try
        {
            using var unzipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            return WholeStream.Read(unzipped, name, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw new ImputationDataException($"{name}: the gzip data are damaged: {e.Message}", inner: e);
        }
    }
}
