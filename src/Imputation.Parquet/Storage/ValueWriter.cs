using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Imputation.Parquet.Storage;

/// <summary>Writes values plainly, nulls left out.</summary>
internal static class ValueWriter
{
    /// <summary>The rows of a column from <paramref name="start"/> on.</summary>
    public static void Write(ColumnValues column, bool withLengths, int start, int count, ArrayBufferWriter<byte> output)
    {
        switch (column)
        {
            case ColumnValues<bool> booleans:
                Bits(booleans, start, count, output);
                break;
            case ColumnValues<int> numbers:
                Fixed(numbers, start, count, output);
                break;
            case ColumnValues<long> numbers:
                Fixed(numbers, start, count, output);
                break;
            case ColumnValues<float> numbers:
                Fixed(numbers, start, count, output);
                break;
            case ColumnValues<double> numbers:
                Fixed(numbers, start, count, output);
                break;
            case ColumnValues<ReadOnlyMemory<byte>> arrays:
                for (int row = start; row < start + count; row++)
                    if (!arrays.IsNull(row)) Bytes(arrays.Values[row].Span, withLengths, output);
                break;
            default:
                throw new ArgumentException($"Values of {column.GetType()}.", nameof(column));
        }
    }

    public static void Bytes(ReadOnlySpan<byte> value, bool withLength, ArrayBufferWriter<byte> output)
    {
        if (withLength)
        {
            BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), value.Length);
            output.Advance(4);
        }
        output.Write(value);
    }

    private static void Fixed<T>(ColumnValues<T> column, int start, int count, ArrayBufferWriter<byte> output) where T : unmanaged
    {
        ReadOnlySpan<T> values = column.Values.AsSpan(start, count);
        if (column.Present is null)
        {
            output.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<T> room = MemoryMarshal.Cast<byte, T>(output.GetSpan(count * Marshal.SizeOf<T>()));
        int written = 0;
        for (int i = 0; i < count; i++)
            if (column.Present[start + i]) room[written++] = values[i];
        output.Advance(written * Marshal.SizeOf<T>());
    }

    private static void Bits(ColumnValues<bool> column, int start, int count, ArrayBufferWriter<byte> output)
    {
        int bits = 0;
        byte pending = 0;
        for (int row = start; row < start + count; row++)
        {
            if (column.IsNull(row)) continue;
            if (column.Values[row]) pending |= (byte)(1 << bits);
            if (++bits < 8) continue;
            output.Write([pending]);
            (bits, pending) = (0, 0);
        }
        if (bits > 0) output.Write([pending]);
    }
}
