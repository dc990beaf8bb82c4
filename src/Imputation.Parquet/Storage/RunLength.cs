using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Imputation.Parquet.Storage;

/// <summary>The format's hybrid of runs and bit-packed groups, for levels, dictionary indices and Booleans.</summary>
internal static class RunLength
{
    /// <summary>Whether the runs hold at least <paramref name="count"/> numbers, so that room for them may be made.</summary>
    public static bool Holds(ReadOnlySpan<byte> data, int width, int count)
    {
        long held = 0;
        for (int position = 0; held < count && position < data.Length;)
        {
            ulong head = BitReading.Varint(data, ref position);
            long run = (long)Math.Min(head >> 1, 1L << 32);
            bool packed = (head & 1) != 0;
            held += packed ? width == 0 ? run * 8 : Math.Min(run * 8, (data.Length - position) * 8L / width) : run;
            long bytes = packed ? run * width : (width + 7) / 8;
            if (bytes > data.Length - position) break;
            position += (int)bytes;
        }
        return held >= count;
    }

    /// <summary>Fills <paramref name="output"/>. A last group that ends after the required numbers is accepted.</summary>
    public static void Decode(ReadOnlySpan<byte> data, int width, Span<int> output)
    {
        if (width is < 0 or > 32) throw new ParquetException($"numbers of {width} bits in a run");
        int position = 0, done = 0;
        while (done < output.Length)
        {
            ulong head = BitReading.Varint(data, ref position);
            if ((head & 1) == 0)
            {
                int run = (int)Math.Min(head >> 1, (ulong)(output.Length - done)), bytes = (width + 7) / 8;
                output.Slice(done, run).Fill((int)BitReading.Bits(data.Slice(position, bytes), 0, width));
                position += bytes;
                done += run;
                continue;
            }
            ulong groups = head >> 1;
            int packed = (int)Math.Min(groups * 8, (ulong)(output.Length - done));
            if (groups > int.MaxValue / 8) throw new ParquetException($"a run of {groups} groups");
            Unpack(data[position..], width, output.Slice(done, packed));
            position = (int)Math.Min(data.Length, position + (long)groups * width);
            done += packed;
        }
    }

    /// <summary>The same for numbers of one bit.</summary>
    public static void Decode(ReadOnlySpan<byte> data, Span<bool> output)
    {
        int position = 0;
        for (int done = 0; done < output.Length;)
        {
            ulong head = BitReading.Varint(data, ref position);
            if ((head & 1) == 0)
            {
                int run = (int)Math.Min(head >> 1, (ulong)(output.Length - done));
                output.Slice(done, run).Fill((data[position++] & 1) != 0);
                done += run;
                continue;
            }
            ulong groups = head >> 1;
            if (groups > int.MaxValue / 8) throw new ParquetException($"a run of {groups} groups");
            int packed = (int)Math.Min(groups * 8, (ulong)(output.Length - done));
            Unpack(data[position..], MemoryMarshal.AsBytes(output.Slice(done, packed)));
            position = (int)Math.Min(data.Length, position + (long)groups);
            done += packed;
        }
    }

    /// <summary>A byte for each bit, least significant bit first.</summary>
    private static void Unpack(ReadOnlySpan<byte> data, Span<byte> output)
    {
        const ulong each = 0x0101010101010101, bits = 0x8040201008040201, below = 0x7F7F7F7F7F7F7F7F;
        Span<ulong> eights = MemoryMarshal.Cast<byte, ulong>(output);
        for (int i = 0; i < eights.Length; i++)
        {
            // The byte eight times, a bit of each kept in its place, moved to the lowest.
            ulong spread = (((data[i] * each) & bits) + below) >> 7 & each;
            eights[i] = BitConverter.IsLittleEndian ? spread : BinaryPrimitives.ReverseEndianness(spread);
        }
        for (int i = eights.Length * 8; i < output.Length; i++) output[i] = (byte)(data[i >> 3] >> (i & 7) & 1);
    }

    /// <summary>Bit-packed numbers, least significant bit first.</summary>
    private static void Unpack(ReadOnlySpan<byte> data, int width, Span<int> output)
    {
        if (width == 1)
        {
            for (int i = 0; i < output.Length; i++) output[i] = data[i >> 3] >> (i & 7) & 1;
            return;
        }
        for (int i = 0; i < output.Length; i++) output[i] = (int)BitReading.Bits(data, (long)i * width, width);
    }

    /// <summary>The deprecated packing of levels: most significant bit first, no runs.</summary>
    public static void DecodeBitPacked(ReadOnlySpan<byte> data, Span<bool> output)
    {
        for (int i = 0; i < output.Length; i++) output[i] = (data[i >> 3] >> (7 - (i & 7)) & 1) != 0;
    }
}
