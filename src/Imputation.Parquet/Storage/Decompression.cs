using System.IO.Compression;
using System.Runtime.InteropServices;
using K4os.Compression.LZ4;
using Snappier;

namespace Imputation.Parquet.Storage;

/// <summary>Decompresses pages. The result must have the length in the page's header.</summary>
internal static class Decompression
{
    /// <summary>Largest decompressed size of a page: an amount justified by its own size and its number of values, and 16 MiB.</summary>
    public static long Most(long bytes, long values) => Math.Min(Array.MaxLength, (16L << 20) + 1024 * bytes + 64 * values);

    /// <summary>Decompresses a page.</summary>
    /// <param name="codec">The compression.</param>
    /// <param name="data">The page.</param>
    /// <param name="length">Decompressed length in the header.</param>
    /// <param name="values">Number of its values.</param>
    /// <param name="budget">The decompressed size is subtracted from it; null where that was done before.</param>
    /// <param name="room">Makes room for bytes, which may be more; null for an array of their own.</param>
    public static ReadOnlyMemory<byte> Unfold(PageCodec codec, ReadOnlyMemory<byte> data, int length, int values, UnfoldingBudget? budget,
        Func<int, byte[]>? room = null)
    {
        Check(codec, data, length, values, budget);
        if (codec == PageCodec.None) return data;
        ReadOnlyMemory<byte> result = codec switch
        {
            PageCodec.Snappy => Exactly(data, length, Snappy.Decompress, room),
            PageCodec.Lz4Raw => Exactly(data, length, (page, output) => LZ4Codec.Decode(page, output), room),
            PageCodec.Zstd => Exactly(data, length, Zstd, room),
            PageCodec.Gzip => Read(new GZipStream(Stream(data), CompressionMode.Decompress), length),
            PageCodec.Brotli => Read(new BrotliStream(Stream(data), CompressionMode.Decompress), length),
            _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Unsupported codec."),
        };
        return result.Length == length ? result : throw new ParquetException($"a page decompresses to {result.Length} bytes, but its "
            + $"header says {length}");
    }

    /// <summary>Checks made before memory is allocated: whether the codec is known, and whether the lengths agree with each other and
    /// with the file's limits.</summary>
    /// <exception cref="ParquetException">It is not, or they do not.</exception>
    public static void Check(PageCodec codec, ReadOnlyMemory<byte> data, int length, int values, UnfoldingBudget? budget)
    {
        switch (codec)
        {
            case PageCodec.None:
                if (data.Length != length)
                    throw new ParquetException($"an uncompressed page has {data.Length} bytes, but its header says {length}");
                return;
            case PageCodec.Lz4Hadoop:
                throw new ParquetException(
                    "it is compressed with the old LZ4 codec, whose framing is not defined; write the file with LZ4_RAW, snappy or zstd");
            case not (PageCodec.Snappy or PageCodec.Gzip or PageCodec.Brotli or PageCodec.Zstd or PageCodec.Lz4Raw):
                string name = Enum.IsDefined(codec) ? codec.ToString().ToUpperInvariant() : $"codec {(int)codec}";
                throw new ParquetException(
                    $"it is compressed with {name}, which is not supported; write the file with snappy, gzip, zstd, brotli or LZ4_RAW");
        }
        if (length > Most(data.Length, values))
            throw new ParquetException($"a page of {data.Length} bytes and {values} values cannot decompress to {length} bytes");
        if (codec == PageCodec.Snappy && Damaged(() => Snappy.GetUncompressedLength(data.Span)) is var declared && declared != length)
            throw new ParquetException($"a snappy page declares {declared} bytes, but its header says {length}");
        budget?.Take(length);
    }

    private delegate int Decoder(ReadOnlySpan<byte> page, Span<byte> output);

    /// <summary>The decoders do not write beyond their output, which has the length given in the header.</summary>
    private static ReadOnlyMemory<byte> Exactly(ReadOnlyMemory<byte> data, int length, Decoder decode, Func<int, byte[]>? room)
    {
        Memory<byte> output = (room?.Invoke(length) ?? new byte[length]).AsMemory(0, length);
        int count = Damaged(() => decode(data.Span, output.Span));
        return count == length
            ? output
            : throw new ParquetException($"a page decompresses to {Math.Max(count, 0)} bytes, but its header says {length}");
    }

    private static int Zstd(ReadOnlySpan<byte> page, Span<byte> output)
    {
        using var decompressor = new ZstdSharp.Decompressor();
        return decompressor.Unwrap(page, output);
    }

    /// <summary>Whatever a decoder throws, it could not make sense of the page.</summary>
    private static T Damaged<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ParquetException("a page cannot be decompressed: the file is damaged", e);
        }
    }

    private static MemoryStream Stream(ReadOnlyMemory<byte> data) =>
        MemoryMarshal.TryGetArray(data, out ArraySegment<byte> array) ? new MemoryStream(array.Array!, array.Offset, array.Count,
            writable: false) : new MemoryStream(data.ToArray());

    /// <summary>Reads in steps: no room for bytes that do not come.</summary>
    private static byte[] Read(Stream stream, int length)
    {
        try
        {
            using Stream open = stream;
            var bytes = new byte[Math.Min(length, 1 << 16)];
            int count = 0;
            while (true)
            {
                if (count == bytes.Length)
                {
                    int next = stream.ReadByte();
                    if (next < 0) break;
                    if (count == length) throw new ParquetException($"a page decompresses to more than the {length} bytes in its header");
                    Array.Resize(ref bytes, (int)Math.Min(length, bytes.Length * 2L));
                    bytes[count++] = (byte)next;
                }
                if (count == bytes.Length) continue;
                int read = stream.Read(bytes.AsSpan(count));
                if (read == 0) break;
                count += read;
            }
            Array.Resize(ref bytes, count);
            return bytes;
        }
        catch (InvalidOperationException e)
        {
            // Brotli's decoder throws this for damaged data.
            throw new ParquetException("a page cannot be decompressed: the file is damaged", e);
        }
    }
}
