namespace Imputation.Parquet.Storage;

/// <summary>DELTA_BINARY_PACKED: each number as its distance from the one before, packed by blocks.</summary>
internal static class DeltaPacking
{
    private const int LargestBlock = 1 << 16;

    /// <summary>The numbers, exactly <paramref name="count"/>; <paramref name="length"/> is how many bytes they took.</summary>
    public static long[] Decode(ReadOnlySpan<byte> data, int count, out int length)
    {
        int position = 0;
        int block = BitReading.Count(data, ref position), parts = BitReading.Count(data, ref position),
            total = BitReading.Count(data, ref position);
        long value = BitReading.ZigZag(data, ref position);
        if (block is 0 or > LargestBlock || parts == 0 || block % parts != 0 || block / parts % 8 != 0)
            throw new ParquetException($"delta blocks of {block} numbers in {parts} miniblocks");
        if (total != count) throw new ParquetException($"{total} delta-packed numbers, expected {count}");
        int part = block / parts;
        // A block takes at least a byte for its smallest step and one for each part's width.
        if (count - 1L > (long)block * ((data.Length - position) / (1 + parts)))
            throw new ParquetException($"{count} delta-packed numbers in {data.Length} bytes");

        var values = new long[count];
        if (count > 0) values[0] = value;
        for (int done = 1; done < count;)
        {
            long smallest = BitReading.ZigZag(data, ref position);
            ReadOnlySpan<byte> widths = data.Slice(position, parts);
            position += parts;
            for (int k = 0; k < parts && done < count; k++)
            {
                int width = widths[k];
                if (width > 64) throw new ParquetException($"delta-packed numbers of {width} bits");
                ReadOnlySpan<byte> packed = data[position..];
                int wanted = Math.Min(part, count - done);
                for (int i = 0; i < wanted; i++)
                {
                    value = unchecked(value + smallest + (long)BitReading.Bits(packed, (long)i * width, width));
                    values[done++] = value;
                }
                position = Math.Min(data.Length, position + part / 8 * width);
            }
        }
        length = position;
        return values;
    }

    /// <summary>Lengths of byte arrays, none negative.</summary>
    public static int[] DecodeLengths(ReadOnlySpan<byte> data, int count, out int length) =>
        Array.ConvertAll(Decode(data, count, out length), value => value is >= 0 and <= int.MaxValue ? (int)value
            : throw new ParquetException($"a length of {value}"));
}
