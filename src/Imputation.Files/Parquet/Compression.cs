using System.Buffers;
using System.IO.Compression;

namespace Imputation.Files.Parquet;

/// <summary>Puts pages into their compression.</summary>
internal static class Compression
{
    public static ReadOnlyMemory<byte> Fold(PageCodec codec, ReadOnlyMemory<byte> data)
    {
        switch (codec)
        {
            case PageCodec.None:
                return data;
            case PageCodec.Snappy:
                var output = new ArrayBufferWriter<byte>(data.Length / 2 + 64);
                Snappy.Compress(data.Span, output);
                return output.WrittenMemory;
            case PageCodec.Gzip:
                var stream = new MemoryStream();
                using (var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(data.Span);
                return stream.GetBuffer().AsMemory(0, (int)stream.Length);
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "Pages are written plain, with snappy or with gzip.");
        }
    }
}
