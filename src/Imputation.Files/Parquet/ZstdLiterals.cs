using System.Numerics;

namespace Imputation.Files.Parquet;

/// <summary>The literals of zstd blocks: raw, a run, or Huffman-coded with a table that later blocks may use again (RFC 8878, 3.1.1.3.1).</summary>
internal sealed class ZstdLiterals
{
    private const int Longest = 11;
    private const int LargestBlock = 1 << 17;

    private byte[]? _symbols;
    private byte[] _lengths = [];
    private int _log;

    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> data, out int end)
    {
        int type = data[0] & 3, format = data[0] >> 2 & 3;
        if (type < 2)
        {
            int head = format switch { 1 => 2, 3 => 3, _ => 1 };
            int size = (int)BitReading.Bits(data[..head], head == 1 ? 3 : 4, 8 * head - (head == 1 ? 3 : 4));
            Check(size);
            end = head + (type == 0 ? size : 1);
            if (type == 0) return data.Slice(head, size);
            var run = new byte[size];
            run.AsSpan().Fill(data[head]);
            return run;
        }
        int header = format < 2 ? 3 : format + 2, width = format switch { 2 => 14, 3 => 18, _ => 10 };
        int regenerated = (int)BitReading.Bits(data[..header], 4, width), compressed = (int)BitReading.Bits(data[..header], 4 + width, width);
        Check(regenerated);
        end = header + compressed;
        data = data[header..end];
        if (type == 2) data = data[ReadTable(data)..];
        if (_symbols is null) throw new ParquetException("zstd literals that repeat a table there is not");

        var literals = new byte[regenerated];
        if (format == 0)
        {
            Decode(data, literals);
            return literals;
        }
        int each = (regenerated + 3) / 4, at = 6;
        for (int k = 0; k < 4; k++)
        {
            int length = k < 3 ? data[2 * k] | data[2 * k + 1] << 8 : data.Length - at;
            Decode(data.Slice(at, length), literals.AsSpan(k * each, k < 3 ? each : regenerated - 3 * each));
            at += length;
        }
        return literals;
    }

    private void Decode(ReadOnlySpan<byte> data, Span<byte> output)
    {
        var bits = new ReverseBitReader(data);
        for (int i = 0; i < output.Length; i++)
        {
            int code = (int)bits.Peek(_log);
            output[i] = _symbols![code];
            bits.Skip(_lengths[code]);
        }
        if (!bits.IsAtEnd) throw new ParquetException("damaged zstd literals");
    }

    /// <summary>Reads the weights of a Huffman table and makes it; returns the bytes taken.</summary>
    private int ReadTable(ReadOnlySpan<byte> data)
    {
        int head = data[0], taken;
        var weights = new List<int>();
        if (head >= 128)
        {
            for (int i = 0; i < head - 127; i++) weights.Add(i % 2 == 0 ? data[1 + i / 2] >> 4 : data[1 + i / 2] & 15);
            taken = 1 + (head - 126) / 2;
        }
        else
        {
            ReadOnlySpan<byte> packed = data.Slice(1, head);
            int position = 0;
            var table = ZstdTable.Read(packed, ref position, 6, 256);
            Weights(packed[position..], table, weights);
            taken = 1 + head;
        }
        Build(weights);
        return taken;
    }

    /// <summary>Two states take turns until the bits are used up.</summary>
    private static void Weights(ReadOnlySpan<byte> data, ZstdTable table, List<int> weights)
    {
        var bits = new ReverseBitReader(data);
        int one = (int)bits.Read(table.Log), two = (int)bits.Read(table.Log);
        while (true)
        {
            if (weights.Count > 253) throw new ParquetException("a damaged zstd Huffman table");
            weights.Add(table.Symbols[one]);
            one = table.Next(one, ref bits);
            if (bits.Overrun)
            {
                weights.Add(table.Symbols[two]);
                return;
            }
            (one, two) = (two, one);
        }
    }

    /// <summary>A symbol of weight w has 2^(w−1) of the table's entries; the last symbol's weight is what is left.</summary>
    private void Build(List<int> weights)
    {
        long sum = 0;
        foreach (int weight in weights) sum += weight is >= 0 and <= Longest ? 1L << weight >> 1 : throw new ParquetException("a damaged zstd Huffman table");
        if (sum == 0) throw new ParquetException("an empty zstd Huffman table");
        _log = BitOperations.Log2((ulong)sum) + 1;
        long rest = (1L << _log) - sum;
        if (_log > Longest || !BitOperations.IsPow2(rest)) throw new ParquetException("a damaged zstd Huffman table");
        weights.Add(BitOperations.Log2((ulong)rest) + 1);

        _symbols = new byte[1 << _log];
        _lengths = new byte[1 << _log];
        int at = 0;
        for (int weight = 1; weight <= _log; weight++)
        {
            for (int symbol = 0; symbol < weights.Count; symbol++)
            {
                if (weights[symbol] != weight) continue;
                int entries = 1 << (weight - 1);
                _symbols.AsSpan(at, entries).Fill((byte)symbol);
                _lengths.AsSpan(at, entries).Fill((byte)(_log + 1 - weight));
                at += entries;
            }
        }
    }

    private static void Check(int size)
    {
        if (size > LargestBlock) throw new ParquetException($"zstd literals of {size} bytes");
    }
}
