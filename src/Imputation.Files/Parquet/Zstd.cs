using System.Buffers.Binary;

namespace Imputation.Files.Parquet;

/// <summary>Zstandard frames without dictionary (RFC 8878). The framework has no decoder of it, and Polars writes it by default.</summary>
internal static class Zstd
{
    private const uint Magic = 0xFD2FB528;
    private const int LargestBlock = 1 << 17;
    private const int RawBlock = 0, RunBlock = 1, CompressedBlock = 2;

    public static byte[] Decompress(ReadOnlySpan<byte> data, int length)
    {
        if (length > LongestResult(data)) throw new ParquetException($"{data.Length} bytes of zstd that claim to be {length}");
        var output = new byte[length];
        int done = 0;
        for (int position = 0; position < data.Length;)
        {
            if (SkipFrame(data, ref position)) continue;
            bool hasChecksum = FrameHeader(data, ref position);
            var block = new ZstdBlock(output, done);
            for (bool last = false; !last;)
            {
                int type = BlockHeader(data, ref position, out int size, out last);
                if (type == RawBlock) block.Raw(data.Slice(position, size));
                else if (type == RunBlock) block.Repeat(data[position], size);
                else block.Compressed(data.Slice(position, size));
                position += type == RunBlock ? 1 : size;
            }
            done = block.Done;
            if (hasChecksum) position += 4;     // of the content; the page's own checksum, where there is one, was verified
        }
        return done == length ? output : throw new ParquetException($"a zstd page of {done} bytes where its header says {length}");
    }

    /// <summary>What the blocks can hold at most, from their headers alone.</summary>
    private static long LongestResult(ReadOnlySpan<byte> data)
    {
        long longest = 0;
        for (int position = 0; position < data.Length;)
        {
            if (SkipFrame(data, ref position)) continue;
            bool hasChecksum = FrameHeader(data, ref position);
            for (bool last = false; !last;)
            {
                int type = BlockHeader(data, ref position, out int size, out last);
                longest += type == CompressedBlock ? LargestBlock : size;
                position += type == RunBlock ? 1 : size;
            }
            if (hasChecksum) position += 4;
        }
        return longest;
    }

    private static bool SkipFrame(ReadOnlySpan<byte> data, ref int position)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(data[position..]) >> 4 != 0x184D2A5) return false;
        position = checked(position + 8 + (int)BinaryPrimitives.ReadUInt32LittleEndian(data[(position + 4)..]));
        return true;
    }

    /// <summary>Whether a checksum of the content follows the blocks.</summary>
    private static bool FrameHeader(ReadOnlySpan<byte> data, ref int position)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(data[position..]) != Magic) throw new ParquetException("a zstd page that does not begin as one");
        byte descriptor = data[position + 4];
        bool single = (descriptor & 32) != 0;
        int dictionary = (descriptor & 3) is var d && d == 3 ? 4 : d;
        int content = descriptor >> 6 == 0 ? single ? 1 : 0 : 1 << (descriptor >> 6);
        if (dictionary > 0 && data.Slice(position + 5 + (single ? 0 : 1), dictionary).ContainsAnyExcept((byte)0)) throw new ParquetException("a zstd page with a dictionary of its own");
        position += 5 + (single ? 0 : 1) + dictionary + content;
        return (descriptor & 4) != 0;
    }

    private static int BlockHeader(ReadOnlySpan<byte> data, ref int position, out int size, out bool last)
    {
        int header = data[position] | data[position + 1] << 8 | data[position + 2] << 16;
        position += 3;
        last = (header & 1) != 0;
        size = header >> 3;
        int type = header >> 1 & 3;
        if (type > CompressedBlock || size > LargestBlock) throw new ParquetException($"a zstd block of type {type} and {size} bytes");
        return type;
    }
}
