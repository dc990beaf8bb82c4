using System.Buffers;

namespace Imputation.Parquet.Storage;

/// <summary>Writes levels and dictionary indices: a run where eight or more are alike, bit-packed groups of eight elsewhere.</summary>
internal static class RunLengthWriter
{
    private const int Group = 8;

    public static void Write(ReadOnlySpan<int> values, int width, ArrayBufferWriter<byte> output)
    {
        int packedFrom = 0, i = 0;
        while (i < values.Length)
        {
            int run = values[i..].IndexOfAnyExcept(values[i]);
            if (run < 0) run = values.Length - i;
            if (run < Group)
            {
                i = Math.Min(values.Length, i + Group);
                continue;
            }
            Pack(values[packedFrom..i], width, output);
            Varint((ulong)run << 1, output);
            for (int k = 0; k < (width + 7) / 8; k++) Byte((byte)(values[i] >> (8 * k)), output);
            packedFrom = i += run;
        }
        Pack(values[packedFrom..], width, output);
    }

    private static void Pack(ReadOnlySpan<int> values, int width, ArrayBufferWriter<byte> output)
    {
        if (values.IsEmpty) return;
        int groups = (values.Length + Group - 1) / Group;
        Varint((ulong)groups << 1 | 1, output);
        ulong pending = 0;
        int bits = 0;
        for (int i = 0; i < groups * Group; i++)
        {
            if (i < values.Length) pending |= (ulong)(uint)values[i] << bits;
            for (bits += width; bits >= 8; bits -= 8)
            {
                Byte((byte)pending, output);
                pending >>= 8;
            }
        }
    }

    private static void Varint(ulong value, ArrayBufferWriter<byte> output)
    {
        for (; value >= 128; value >>= 7) Byte((byte)(value | 128), output);
        Byte((byte)value, output);
    }

    private static void Byte(byte value, ArrayBufferWriter<byte> output)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
