using System.IO.Compression;

namespace Imputation.Files.Streams;

/// <summary>Files compressed with gzip.</summary>
internal static class GzipFile
{
    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([0x1F, 0x8B]);

    /// <summary>Whether a file is compressed.</summary>
    public static bool Is(FileStream file)
    {
        if (!file.CanSeek) return false;
        Span<byte> head = stackalloc byte[2];
        bool compressed = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && Is((ReadOnlySpan<byte>)head);
        file.Position = 0;
        return compressed;
    }

    /// <summary>Unpacks a file into a temporary one, which only its owner may read and which is gone when it is closed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="folder">Where it is unpacked.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">The file is damaged.</exception>
    /// <exception cref="OutputException">The folder cannot be written, or is full.</exception>
    public static FileStream Unpack(FileStream file, string name, string folder, CancellationToken cancellation)
    {
        FileStream unpacked = TemporaryFile.Scratch(folder);
        try
        {
            using var unzipped = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var buffer = new byte[1 << 20];
            for (int read; (read = unzipped.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                Written(unpacked, buffer.AsSpan(0, read));
            }
            unpacked.Flush();
            unpacked.Position = 0;
            return unpacked;
        }
        catch (Exception e)
        {
            unpacked.Dispose();
            if (e is not InvalidDataException) throw;
            throw new ImputationDataException($"{name}: the gzip data are damaged: {e.Message}", inner: e);
        }

        static void Written(FileStream target, ReadOnlySpan<byte> bytes)
        {
            try
            {
                target.Write(bytes);
            }
            catch (IOException e)
            {
                throw OutputException.From(e, target.Name);
            }
        }
    }

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
