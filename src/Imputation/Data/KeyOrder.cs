using System.Numerics;

namespace Imputation.Data;

/// <summary>Orders rows by the bits set in their keys, then by the keys themselves; rows with the same key stay in their order.</summary>
/// <remarks>Radix sort from the least digit on: a few passes over the rows, however many different keys there are.</remarks>
internal static class KeyOrder
{
    private const int DigitBits = 11;

    /// <summary>The rows in their order.</summary>
    /// <param name="keys">The keys' first words, one for each row, then the second words, and so on.</param>
    /// <param name="words">Number of words of a key.</param>
    public static int[] Of(ulong[] keys, int words)
    {
        int n = keys.Length / words;
        int[] order = new int[n], moved = new int[n], digits = new int[n], starts = new int[Math.Max(1 << DigitBits, 64 * words + 1)];
        for (int i = 0; i < n; i++) order[i] = i;

        // Stable passes: the later one decides first.
        for (int w = words - 1; w >= 0; w--)
        {
            ReadOnlySpan<ulong> word = keys.AsSpan(w * n, n);
            ulong varying = 0;
            foreach (ulong key in word) varying |= key ^ word[0];
            for (int shift = BitOperations.TrailingZeroCount(varying); shift < 64; shift += DigitBits)
            {
                const ulong mask = (1UL << DigitBits) - 1;
                if ((varying >> shift & mask) == 0) continue;
                for (int i = 0; i < n; i++) digits[i] = (int)(word[i] >> shift & mask);
                Pass(digits, starts, ref order, ref moved);
            }
        }
        Array.Clear(digits);
        for (int w = 0; w < words; w++)
        {
            ReadOnlySpan<ulong> word = keys.AsSpan(w * n, n);
            for (int i = 0; i < n; i++) digits[i] += BitOperations.PopCount(word[i]);
        }
        Pass(digits, starts, ref order, ref moved);
        return order;
    }

    /// <summary>Orders by one digit of every row, which may use all of <paramref name="starts"/>.</summary>
    private static void Pass(int[] digits, int[] starts, ref int[] order, ref int[] moved)
    {
        Array.Clear(starts);
        foreach (int digit in digits) starts[digit]++;
        for (int d = 0, next = 0; d < starts.Length; d++) (starts[d], next) = (next, next + starts[d]);
        foreach (int row in order) moved[starts[digits[row]]++] = row;
        (order, moved) = (moved, order);
    }
}
