using System.Buffers;
using System.Buffers.Binary;

namespace Imputation.Files.Parquet;

/// <summary>The Snappy block format.</summary>
internal static class Snappy
{
    private const int BlockLength = 1 << 16;
    private const int HashBits = 14;

    /// <summary>No copy of three bytes makes more than 64.</summary>
    private const int LargestRatio = 22;

    public static byte[] Decompress(ReadOnlySpan<byte> data, int length)
    {
        int position = 0;
        ulong declared = BitReading.Varint(data, ref position);
        if (declared != (ulong)length) throw new ParquetException($"a snappy page that says it has {declared} bytes where its header says {length}");
        if (length > (long)LargestRatio * data.Length) throw new ParquetException($"{data.Length} bytes of snappy that claim to be {length}");
        var output = new byte[length];
        int done = 0;
        while (position < data.Length)
        {
            byte tag = data[position++];
            int count = tag >> 2;
            if ((tag & 3) == 0)
            {
                if (count >= 60)
                {
                    int extra = count - 59;
                    count = (int)Math.Min(BitReading.Bits(data.Slice(position, extra), 0, 8 * extra), int.MaxValue - 1);
                    position += extra;
                }
                count++;
                data.Slice(position, count).CopyTo(output.AsSpan(done));
                position += count;
                done += count;
                continue;
            }
            int bytes = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
            long offset = (long)BitReading.Bits(data.Slice(position, bytes), 0, 8 * bytes);
            position += bytes;
            if (bytes == 1)
            {
                offset |= (long)(tag >> 5) << 8;
                count = (count & 7) + 3;
            }
            done = BackReference.Copy(output, done, offset, count + 1);
        }
        return done == length ? output : throw new ParquetException($"a snappy page of {done} bytes where its header says {length}");
    }

    public static void Compress(ReadOnlySpan<byte> data, ArrayBufferWriter<byte> output)
    {
        uint length = (uint)data.Length;
        for (; length >= 128; length >>= 7) Byte(output, (byte)(length | 128));
        Byte(output, (byte)length);
        var table = new ushort[1 << HashBits];
        for (int start = 0; start < data.Length; start += BlockLength)
        {
            table.AsSpan().Clear();
            CompressBlock(data.Slice(start, Math.Min(BlockLength, data.Length - start)), table, output);
        }
    }

    /// <summary>Each four bytes are looked up by their hash; where nothing matches for long, steps grow.</summary>
    private static void CompressBlock(ReadOnlySpan<byte> block, ushort[] table, ArrayBufferWriter<byte> output)
    {
        int literal = 0;
        for (int i = 1, misses = 32; i + 4 <= block.Length;)
        {
            uint here = BinaryPrimitives.ReadUInt32LittleEndian(block[i..]);
            ref ushort slot = ref table[here * 0x1E35A7BD >> (32 - HashBits)];
            int before = slot;
            slot = (ushort)i;
            if (before >= i || BinaryPrimitives.ReadUInt32LittleEndian(block[before..]) != here)
            {
                i += misses++ >> 5;
                continue;
            }
            int count = 4 + block[(i + 4)..].CommonPrefixLength(block[(before + 4)..]);
            Literal(block[literal..i], output);
            Copy(i - before, count, output);
            literal = i += count;
            misses = 32;
        }
        Literal(block[literal..], output);
    }

    private static void Literal(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> output)
    {
        if (bytes.IsEmpty) return;
        int last = bytes.Length - 1;
        if (last < 60)
        {
            Byte(output, (byte)(last << 2));
        }
        else
        {
            Byte(output, (byte)((last < 256 ? 60 : 61) << 2));
            Byte(output, (byte)last);
            if (last >= 256) Byte(output, (byte)(last >> 8));
        }
        output.Write(bytes);
    }

    private static void Copy(int offset, int count, ArrayBufferWriter<byte> output)
    {
        while (count > 0)
        {
            int step = Math.Min(count, 64);
            Byte(output, (byte)((step - 1) << 2 | 2));
            Byte(output, (byte)offset);
            Byte(output, (byte)(offset >> 8));
            count -= step;
        }
    }

    private static void Byte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
