using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>Numbers of a few bits each, least significant bit first, and the varints between them.</summary>
internal static class BitReading
{
    /// <summary><paramref name="width"/> (at most 64) bits from bit <paramref name="bit"/> on.</summary>
    public static ulong Bits(ReadOnlySpan<byte> data, long bit, int width)
    {
        if (width == 0) return 0;
        int at = checked((int)(bit >> 3)), shift = (int)(bit & 7);
        ulong mask = ulong.MaxValue >> (64 - width);
        if (at + 8 <= data.Length && shift + width <= 64) return BinaryPrimitives.ReadUInt64LittleEndian(data[at..]) >> shift & mask;
        UInt128 wide = 0;
        int bytes = (shift + width + 7) >> 3;
        for (int k = 0; k < bytes; k++) wide |= (UInt128)data[at + k] << (8 * k);
        return (ulong)(wide >> shift) & mask;
    }

    public static ulong Varint(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte part = data[position++];
            value |= (ulong)(part & 127) << shift;
            if (part < 128) return value;
        }
        throw new ParquetException("a variable-length integer in a page has no end");
    }

    public static int Count(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = Varint(data, ref position);
        return value <= int.MaxValue ? (int)value : throw new ParquetException($"a count of {value} in a page");
    }

    public static long ZigZag(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = Varint(data, ref position);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
