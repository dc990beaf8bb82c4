using System.Numerics;

namespace Imputation.Data;

/// <summary>The place of each missing cell among the missing cells of its column, in constant time.</summary>
/// <remarks>A bit for each row and a count for each word of bits: so that the filled values of a column can be kept, and found,
/// without a second column.</remarks>
internal sealed class CellIndex
{
    private readonly ulong[] _bits;
    private readonly int[] _before; // missing cells before each word

    /// <summary>An index of the cells whose code is not 0.</summary>
    public CellIndex(ReadOnlySpan<byte> codes)
    {
        _bits = new ulong[(codes.Length + 63) / 64];
        _before = new int[_bits.Length];
        int count = 0;
        for (int w = 0; w < _bits.Length; w++)
        {
            ulong word = 0;
            ReadOnlySpan<byte> part = codes.Slice(64 * w, Math.Min(64, codes.Length - 64 * w));
            for (int b = 0; b < part.Length; b++) word |= (part[b] != 0 ? 1UL : 0) << b;
            _bits[w] = word;
            _before[w] = count;
            count += BitOperations.PopCount(word);
        }
    }

    /// <summary>Number of missing cells before a row (from 0).</summary>
    public int PlaceOf(int row) => _before[row / 64] + BitOperations.PopCount(_bits[row / 64] & ((1UL << (row % 64)) - 1));
}
