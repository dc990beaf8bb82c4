namespace Imputation.Files.Streams;

/// <summary>Reads a stream to its end into memory, for formats that write observed cells unchanged.</summary>
internal static class WholeStream
{
    /// <exception cref="ImputationDataException">It is longer than an array may be.</exception>
    public static byte[] Read(Stream stream, string name, CancellationToken cancellation)
    {
        long expected = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (expected > Array.MaxLength) throw TooLarge(name);
        var bytes = new byte[expected > 0 ? expected : 1 << 16];
        int count = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (count == bytes.Length)
            {
                int next = stream.ReadByte();
                if (next < 0) return bytes;
                if (count == Array.MaxLength) throw TooLarge(name);
                Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, bytes.Length * 2L));
                bytes[count++] = (byte)next;
            }
            int read = stream.Read(bytes.AsSpan(count, Math.Min(bytes.Length - count, 1 << 24)));
            if (read == 0) break;
            count += read;
        }
        Array.Resize(ref bytes, count);
        return bytes;
    }

    private static ImputationDataException TooLarge(string name) =>
        new($"{name}: larger than 2 GB, the current limit for a file; split it by rows or columns.");
}
