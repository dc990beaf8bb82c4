using System.Buffers.Binary;

namespace Imputation.Parquet.Storage;

/// <summary>Byte arrays, of any length or of <paramref name="fixedLength"/>. They are slices of the page, not copies.</summary>
internal sealed class BytesDecoder(int? fixedLength) : ValueDecoder<ReadOnlyMemory<byte>>
{
    public override bool Copies => false;

    public override ReadOnlySpan<ReadOnlyMemory<byte>> Decode(PageEncoding encoding, ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget) =>
        (encoding, fixedLength) switch
        {
            (PageEncoding.Plain, { } size) => Fixed(data, size, count),
            (PageEncoding.Plain, null) => Plain(data, count),
            (PageEncoding.ByteStreamSplit, { } size) => Split(data, size, count),
            (PageEncoding.DeltaLengthByteArray, null) => DeltaLength(data, count),
            (PageEncoding.DeltaByteArray, _) => Checked(DeltaBytes(data, count, budget)),
            _ => throw Unsupported(encoding, fixedLength is null ? "byte array" : "fixed-length"),
        };

    private static ReadOnlyMemory<byte>[] Fixed(ReadOnlyMemory<byte> data, int size, int count)
    {
        Require((long)count * size, data);
        var values = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++) values[i] = data.Slice(i * size, size);
        return values;
    }

    private static ReadOnlyMemory<byte>[] Plain(ReadOnlyMemory<byte> data, int count)
    {
        Require(count * 4L, data);
        ReadOnlySpan<byte> bytes = data.Span;
        var values = new ReadOnlyMemory<byte>[count];
        int position = 0;
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]);
            values[i] = data.Slice(position + 4, length);
            position += 4 + length;
        }
        return values;
    }

    private static ReadOnlyMemory<byte>[] Split(ReadOnlyMemory<byte> data, int size, int count)
    {
        Require((long)count * size, data);
        var joined = new byte[count * size];
        ByteStreams.Join(data.Span, joined, size);
        return Fixed(joined, size, count);
    }

    private static ReadOnlyMemory<byte>[] DeltaLength(ReadOnlyMemory<byte> data, int count)
    {
        int[] lengths = DeltaPacking.DecodeLengths(data.Span, count, out int position);
        var values = new ReadOnlyMemory<byte>[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = data.Slice(position, lengths[i]);
            position += lengths[i];
        }
        return values;
    }

    /// <summary>Each value as the length of the prefix shared with the value before it, and the rest.</summary>
    private static ReadOnlyMemory<byte>[] DeltaBytes(ReadOnlyMemory<byte> data, int count, UnfoldingBudget? budget)
    {
        int[] prefixes = DeltaPacking.DecodeLengths(data.Span, count, out int length);
        ReadOnlyMemory<byte>[] values = DeltaLength(data[length..], count);
        long total = 0;
        for (int i = 0; i < count; i++) total += prefixes[i] + (long)values[i].Length;
        if (total > Decompression.Most(data.Length, count))
            throw new ParquetException($"{data.Length} bytes of delta strings that expand to {total}");

        budget?.Take(total);
        var joined = new byte[total];
        ReadOnlyMemory<byte> before = default;
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            int end = at + prefixes[i] + values[i].Length;
            before.Span[..prefixes[i]].CopyTo(joined.AsSpan(at));
            values[i].Span.CopyTo(joined.AsSpan(at + prefixes[i]));
            values[i] = before = joined.AsMemory(at, end - at);
            at = end;
        }
        return values;
    }

    private ReadOnlyMemory<byte>[] Checked(ReadOnlyMemory<byte>[] values)
    {
        foreach (ReadOnlyMemory<byte> value in values)
            if (fixedLength is { } size && value.Length != size)
                throw new ParquetException($"a value of {value.Length} bytes, expected {size} bytes");
        return values;
    }
}
