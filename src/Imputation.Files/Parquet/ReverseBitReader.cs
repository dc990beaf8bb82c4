using System.Numerics;

namespace Imputation.Files.Parquet;

/// <summary>Bits read from the end of a span towards its start; the highest bit set of the last byte marks where they begin.</summary>
internal ref struct ReverseBitReader
{
    private readonly ReadOnlySpan<byte> _data;
    private long _left;

    public ReverseBitReader(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data[^1] == 0) throw new ParquetException("a zstd bit stream without its end mark");
        _data = data;
        _left = 8L * (data.Length - 1) + BitOperations.Log2(data[^1]);
    }

    public readonly bool IsAtEnd => _left == 0;

    /// <summary>Whether more was read than there is; zeros stood for it.</summary>
    public readonly bool Overrun => _left < 0;

    public ulong Read(int count)
    {
        ulong value = Peek(count);
        _left -= count;
        return value;
    }

    public readonly ulong Peek(int count)
    {
        long from = _left - count;
        if (from >= 0) return BitReading.Bits(_data, from, count);
        return _left <= 0 ? 0 : BitReading.Bits(_data, 0, (int)_left) << (int)-from;
    }

    public void Skip(int count) => _left -= count;
}
