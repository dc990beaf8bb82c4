namespace Imputation.Files.Parquet;

/// <summary>The LZ4 block format.</summary>
internal static class Lz4
{
    public static byte[] Decompress(ReadOnlySpan<byte> data, int length)
    {
        // A byte of a match's length makes at most 255.
        if (length > 255L * data.Length) throw new ParquetException($"{data.Length} bytes of LZ4 that claim to be {length}");
        var output = new byte[length];
        int position = 0, done = 0;
        while (position < data.Length)
        {
            byte token = data[position++];
            int literals = Length(data, token >> 4, ref position);
            data.Slice(position, literals).CopyTo(output.AsSpan(done));
            position += literals;
            done += literals;
            if (position == data.Length) break;
            int offset = data[position] | data[position + 1] << 8;
            position += 2;
            done = BackReference.Copy(output, done, offset, Length(data, token & 15, ref position) + 4);
        }
        return done == length ? output : throw new ParquetException($"an LZ4 page of {done} bytes where its header says {length}");
    }

    private static int Length(ReadOnlySpan<byte> data, int length, ref int position)
    {
        if (length < 15) return length;
        byte more;
        do
        {
            more = data[position++];
            length = checked(length + more);
        }
        while (more == 255);
        return length;
    }
}
