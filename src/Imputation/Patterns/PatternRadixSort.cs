using System.Numerics;
using Imputation.Numerics.Threading;

namespace Imputation.Patterns;

/// <summary>Orders rows by the bits set in their keys, then by the keys themselves; rows with the same key stay in their order.</summary>
/// <remarks>Radix sort from the least significant digit: a few passes over the rows, for any number of different keys. In a pass
/// every part of the rows counts its digits and then moves its rows to places reserved for it, so that the order is the same on any
/// number of threads.</remarks>
internal sealed class PatternRadixSort
{
    private const int DigitBits = 11;

    private readonly ParallelOptions _parallel;
    private readonly int _parts;
    private readonly int _buckets;
    private readonly int[] _digits;
    private readonly int[] _places; // of each part, where its next row with a digit goes
    private int[] _order;
    private int[] _moved;

    private PatternRadixSort(int n, int words, ParallelOptions parallel)
    {
        _parallel = parallel;
        _parts = RowChunks.Count(n);
        _buckets = Math.Max(1 << DigitBits, 64 * words + 1);
        (_digits, _places, _order, _moved) = (new int[n], new int[_parts * _buckets], new int[n], new int[n]);
        for (int i = 0; i < n; i++) _order[i] = i;
    }

    /// <summary>The rows in their order.</summary>
    /// <param name="keys">The keys' first words, one for each row, then the second words, and so on.</param>
    /// <param name="words">Number of words of a key.</param>
    /// <param name="parallel">Threads.</param>
    public static int[] Of(ulong[] keys, int words, ParallelOptions parallel)
    {
        int n = keys.Length / words;
        var sorting = new PatternRadixSort(n, words, parallel);

        // Stable passes: the later one decides first.
        for (int w = words - 1; w >= 0; w--)
        {
            ulong varying = 0;
            foreach (ulong key in keys.AsSpan(w * n, n)) varying |= key ^ keys[w * n];
            for (int shift = BitOperations.TrailingZeroCount(varying); shift < 64; shift += DigitBits)
            {
                const ulong mask = (1UL << DigitBits) - 1;
                if ((varying >> shift & mask) == 0) continue;
                int first = w * n, by = shift;
                sorting.Pass(row => (int)(keys[first + row] >> by & mask));
            }
        }
        sorting.Pass(row =>
        {
            int set = 0;
            for (int w = 0; w < words; w++) set += BitOperations.PopCount(keys[w * n + row]);
            return set;
        });
        return sorting._order;
    }

    private void Pass(Func<int, int> digit)
    {
        ParallelWork.For(_parts, _parallel, t =>
        {
            (int from, int to) = RowChunks.Bounds(t, _parts, _digits.Length);
            for (int row = from; row < to; row++) _digits[row] = digit(row);
        });
        ParallelWork.For(_parts, _parallel, t =>
        {
            (int from, int to) = RowChunks.Bounds(t, _parts, _digits.Length);
            Span<int> counts = _places.AsSpan(t * _buckets, _buckets);
            counts.Clear();
            foreach (int row in _order.AsSpan(from, to - from)) counts[_digits[row]]++;
        });
        for (int d = 0, next = 0; d < _buckets; d++)
            for (int at = d; at < _places.Length; at += _buckets) (_places[at], next) = (next, next + _places[at]);
        ParallelWork.For(_parts, _parallel, t =>
        {
            (int from, int to) = RowChunks.Bounds(t, _parts, _digits.Length);
            Span<int> places = _places.AsSpan(t * _buckets, _buckets);
            foreach (int row in _order.AsSpan(from, to - from)) _moved[places[_digits[row]]++] = row;
        });
        (_order, _moved) = (_moved, _order);
    }
}
