using System.Runtime.InteropServices;

namespace Imputation.Parquet.Storage;

/// <summary>32- and 64-bit integers and floating-point numbers.</summary>
internal sealed class FixedDecoder<T> : ValueDecoder<T> where T : unmanaged
{
    public override ReadOnlySpan<T> Decode(PageEncoding encoding, ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget)
    {
        int size = Marshal.SizeOf<T>();
        switch (encoding)
        {
            case PageEncoding.Plain:
                Require((long)count * size, data);
                return MemoryMarshal.Cast<byte, T>(data.Span[..(count * size)]);
            case PageEncoding.ByteStreamSplit:
                Require((long)count * size, data);
                var values = new T[count];
                ByteStreams.Join(data.Span, MemoryMarshal.AsBytes(values.AsSpan()), size);
                return values;
            case PageEncoding.DeltaBinaryPacked when typeof(T) == typeof(long):
                return (T[])(object)DeltaPacking.Decode(data.Span, count, out _);
            case PageEncoding.DeltaBinaryPacked when typeof(T) == typeof(int):
                return (T[])(object)Array.ConvertAll(DeltaPacking.Decode(data.Span, count, out _), value => unchecked((int)value));
            default:
                throw Unsupported(encoding, typeof(T).Name);
        }
    }
}

/// <summary>BYTE_STREAM_SPLIT: first bytes of all values, then second bytes ...</summary>
internal static class ByteStreams
{
    public static void Join(ReadOnlySpan<byte> streams, Span<byte> values, int size)
    {
        int count = values.Length / size;
        for (int k = 0; k < size; k++)
        {
            ReadOnlySpan<byte> stream = streams.Slice(k * count, count);
            for (int i = 0; i < count; i++) values[i * size + k] = stream[i];
        }
    }
}
