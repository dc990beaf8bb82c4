namespace Imputation.Files.Parquet;

/// <summary>The blocks of one zstd frame; entropy tables and recent offsets carry over from one to the next.</summary>
internal sealed class ZstdBlock(byte[] output, int start)
{
    private readonly int _start = start;

    private const int Predefined = 0, Run = 1, Fresh = 2;

    private static readonly int[] s_literalBase = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];
    private static readonly byte[] s_literalBits = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
    private static readonly int[] s_matchBase = [.. Enumerable.Range(3, 32), 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539];
    private static readonly byte[] s_matchBits = [.. new byte[32], 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    private static readonly ZstdTable s_literalDefault = ZstdTable.From(6, [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1]);
    private static readonly ZstdTable s_matchDefault = ZstdTable.From(6, [1, 4, 3, 2, 2, 2, 2, 2, 2, .. Enumerable.Repeat(1, 37), -1, -1, -1, -1, -1, -1, -1]);
    private static readonly ZstdTable s_offsetDefault = ZstdTable.From(5, [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);

    private readonly ZstdLiterals _literals = new();
    private ZstdTable? _literalTable, _offsetTable, _matchTable;
    private long _offset1 = 1, _offset2 = 4, _offset3 = 8;

    /// <summary>Bytes of the output that are there.</summary>
    public int Done { get; private set; } = start;

    public void Raw(ReadOnlySpan<byte> data)
    {
        data.CopyTo(output.AsSpan(Done));
        Done += data.Length;
    }

    public void Repeat(byte value, int count)
    {
        output.AsSpan(Done, count).Fill(value);
        Done += count;
    }

    public void Compressed(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> literals = _literals.Read(data, out int position);
        int count = data[position++];
        if (count == 255)
        {
            count = (data[position] | data[position + 1] << 8) + 0x7F00;
            position += 2;
        }
        else if (count >= 128)
        {
            count = (count - 128) << 8 | data[position++];
        }
        if (count > 0)
        {
            byte modes = data[position++];
            _literalTable = Table(modes >> 6, data, ref position, s_literalDefault, _literalTable, 9, s_literalBase.Length);
            _offsetTable = Table(modes >> 4 & 3, data, ref position, s_offsetDefault, _offsetTable, 8, 32);
            _matchTable = Table(modes >> 2 & 3, data, ref position, s_matchDefault, _matchTable, 9, s_matchBase.Length);
            literals = Sequences(data[position..], count, literals, _literalTable, _offsetTable, _matchTable);
        }
        Raw(literals);
    }

    private static ZstdTable Table(int mode, ReadOnlySpan<byte> data, ref int position, ZstdTable predefined, ZstdTable? previous, int largestLog, int symbols) => mode switch
    {
        Predefined => predefined,
        Run => data[position] < symbols ? ZstdTable.Single(data[position++]) : throw new ParquetException("a zstd block with an unknown code"),
        Fresh => ZstdTable.Read(data, ref position, largestLog, symbols),
        _ => previous ?? throw new ParquetException("a zstd block that repeats a table there is not"),
    };

    /// <summary>Copies literals and matches; returns the literals left over.</summary>
    private ReadOnlySpan<byte> Sequences(ReadOnlySpan<byte> data, int count, ReadOnlySpan<byte> literals, ZstdTable literalTable, ZstdTable offsetTable, ZstdTable matchTable)
    {
        var bits = new ReverseBitReader(data);
        int literalState = (int)bits.Read(literalTable.Log), offsetState = (int)bits.Read(offsetTable.Log), matchState = (int)bits.Read(matchTable.Log);
        while (true)
        {
            byte offsetCode = offsetTable.Symbols[offsetState], matchCode = matchTable.Symbols[matchState], literalCode = literalTable.Symbols[literalState];
            long offsetValue = (1L << offsetCode) + (long)bits.Read(offsetCode);
            int match = s_matchBase[matchCode] + (int)bits.Read(s_matchBits[matchCode]);
            int literal = s_literalBase[literalCode] + (int)bits.Read(s_literalBits[literalCode]);
            if (bits.Overrun) throw new ParquetException("a zstd block that ends too soon");
            Raw(literals[..literal]);
            literals = literals[literal..];
            long offset = Offset(offsetValue, literal);
            if (offset > Done - _start) throw new ParquetException($"a copy from {offset} bytes back where there are {Done - _start}");
            Done = BackReference.Copy(output, Done, offset, match);
            if (--count == 0) break;
            literalState = literalTable.Next(literalState, ref bits);
            matchState = matchTable.Next(matchState, ref bits);
            offsetState = offsetTable.Next(offsetState, ref bits);
        }
        return bits.IsAtEnd ? literals : throw new ParquetException("a zstd block with bits left over");
    }

    /// <summary>Values up to 3 stand for one of the last three offsets, counted from the second where no literal comes before.</summary>
    private long Offset(long value, int literals)
    {
        if (value > 3) return Remember(value - 3, keep: 2);
        int which = (int)value - (literals > 0 ? 1 : 0);
        return which switch
        {
            0 => _offset1,
            1 => Remember(_offset2, keep: 1),
            2 => Remember(_offset3, keep: 2),
            _ => Remember(_offset1 - 1, keep: 2),
        };
    }

    private long Remember(long offset, int keep)
    {
        if (keep == 2) _offset3 = _offset2;
        _offset2 = _offset1;
        return _offset1 = offset;
    }
}
