using System.Numerics;

namespace Imputation.Files.Parquet;

/// <summary>A decoding table of finite-state entropy coding (RFC 8878, 4.1).</summary>
internal sealed class ZstdTable
{
    private readonly byte[] _bits;
    private readonly ushort[] _base;

    private ZstdTable(int log)
    {
        Log = log;
        Symbols = new byte[1 << log];
        _bits = new byte[1 << log];
        _base = new ushort[1 << log];
    }

    public int Log { get; }

    /// <summary>The symbol of each state.</summary>
    public byte[] Symbols { get; }

    public int Next(int state, ref ReverseBitReader bits) => _base[state] + (int)bits.Read(_bits[state]);

    /// <summary>Always the same symbol.</summary>
    public static ZstdTable Single(byte symbol)
    {
        var table = new ZstdTable(0);
        table.Symbols[0] = symbol;
        return table;
    }

    /// <summary>A table from shares of 2^<paramref name="log"/>; −1 is a share below one.</summary>
    public static ZstdTable From(int log, ReadOnlySpan<int> shares)
    {
        var table = new ZstdTable(log);
        int size = 1 << log, high = size;
        var next = new int[shares.Length];
        for (int s = 0; s < shares.Length; s++)
        {
            next[s] = Math.Abs(shares[s]);
            if (shares[s] < 0) table.Symbols[--high] = (byte)s;
        }
        int step = (size >> 1) + (size >> 3) + 3, at = 0;
        for (int s = 0; s < shares.Length; s++)
        {
            for (int i = 0; i < shares[s]; i++)
            {
                table.Symbols[at] = (byte)s;
                do at = (at + step) & (size - 1);
                while (at >= high);
            }
        }
        for (int state = 0; state < size; state++)
        {
            int x = next[table.Symbols[state]]++;
            int bits = log - BitOperations.Log2((uint)x);
            table._bits[state] = (byte)bits;
            table._base[state] = (ushort)((x << bits) - size);
        }
        return table;
    }

    /// <summary>A table as it stands in a block.</summary>
    public static ZstdTable Read(ReadOnlySpan<byte> data, ref int position, int largestLog, int symbols)
    {
        data = data[position..];
        int log = (data[0] & 15) + 5;
        if (log > largestLog) throw new ParquetException($"a zstd table of 2^{log} states");
        long bit = 4;
        var shares = new List<int>();
        for (int left = 1 << log; left > 0;)
        {
            int width = BitOperations.Log2((uint)left + 1) + 1;
            int value = (int)BitReading.Bits(data, bit, Math.Min(width, (int)(8L * data.Length - bit)));
            int half = (1 << (width - 1)) - 1, few = (1 << width) - 1 - (left + 1);
            // Small values are told by one bit less.
            bit += width;
            if ((value & half) < few)
            {
                bit--;
                value &= half;
            }
            else if (value > half)
            {
                value -= few;
            }
            int share = value - 1;
            left -= Math.Abs(share);
            shares.Add(share);
            if (share == 0)
            {
                int zeros;
                do
                {
                    zeros = (int)BitReading.Bits(data, bit, 2);
                    bit += 2;
                    for (int k = 0; k < zeros; k++) shares.Add(0);
                }
                while (zeros == 3);
            }
            if (left < 0 || shares.Count > symbols) throw new ParquetException("a damaged zstd table");
        }
        position += (int)((bit + 7) / 8);
        return From(log, shares.ToArray());
    }
}
