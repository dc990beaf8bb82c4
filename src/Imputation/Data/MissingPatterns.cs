using System.Collections;

namespace Imputation.Data;

/// <summary>The rows of a matrix grouped by the set of columns observed in them; for any number of columns.</summary>
/// <remarks>Patterns are ordered by the number of missing columns, then from the left, observed before missing;
/// so the complete rows, if there are any, come first. The order does not depend on the order of the rows.</remarks>
public sealed class MissingPatterns : IReadOnlyList<MissingPattern>
{
    private readonly MissingPattern[] _patterns;
    private readonly int[] _patternOfRow;

    private MissingPatterns(int columnCount, MissingPattern[] patterns, int[] patternOfRow)
    {
        ColumnCount = columnCount;
        _patterns = patterns;
        _patternOfRow = patternOfRow;
    }

    /// <summary>Groups the rows of <paramref name="matrix"/>. Time is linear in its cells.</summary>
    public static MissingPatterns Of(IncompleteMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.RowCount, p = matrix.ColumnCount, words = (p + 63) / 64;

        // One bit per cell, set where missing; the row's words together are its key.
        var keys = new ulong[(long)n * words];
        for (int j = 0; j < p; j++)
        {
            ReadOnlySpan<double> column = matrix.Column(j);
            int word = j / 64;
            ulong bit = 1UL << (j % 64);
            for (int i = 0; i < n; i++)
                if (double.IsNaN(column[i])) keys[(long)i * words + word] |= bit;
        }

        var patternOfRow = new int[n];
        List<int> firstRows = Group(keys, words, patternOfRow, out List<int> counts);

        // Order the patterns, renumber the rows' patterns, and list the rows of each.
        var missing = firstRows.ConvertAll(row => Columns(keys, row, words, p, missing: true));
        int[] order = [.. Enumerable.Range(0, firstRows.Count)];
        Array.Sort(order, (a, b) => Compare(missing[a], missing[b]));
        var rank = new int[order.Length];
        var starts = new int[order.Length + 1];
        for (int k = 0; k < order.Length; k++)
        {
            rank[order[k]] = k;
            starts[k + 1] = starts[k] + counts[order[k]];
        }
        var rows = new int[n];
        int[] next = starts[..^1];
        for (int i = 0; i < n; i++)
        {
            int k = rank[patternOfRow[i]];
            patternOfRow[i] = k;
            rows[next[k]++] = i;
        }
        var patterns = new MissingPattern[order.Length];
        for (int k = 0; k < patterns.Length; k++)
        {
            patterns[k] = new MissingPattern(
                Columns(keys, firstRows[order[k]], words, p, missing: false),
                missing[order[k]],
                rows.AsMemory(starts[k], starts[k + 1] - starts[k]));
        }
        return new MissingPatterns(p, patterns, patternOfRow);
    }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount => _patternOfRow.Length;

    /// <summary>Number of distinct patterns, that of rows with nothing observed included.</summary>
    public int Count => _patterns.Length;

    /// <summary>The k-th pattern.</summary>
    public MissingPattern this[int index] => _patterns[index];

    /// <summary>Index of the pattern of a row (from 0).</summary>
    public int PatternOf(int row) => _patternOfRow[row];

    /// <inheritdoc/>
    public IEnumerator<MissingPattern> GetEnumerator() => ((IEnumerable<MissingPattern>)_patterns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A column order in which every row's observed columns come first, or null where there is none.</summary>
    /// <remarks>Then the pattern is monotone (Little and Rubin 2019, §1.2): each column is observed wherever a later one is.</remarks>
    public IReadOnlyList<int>? MonotoneOrder()
    {
        var observedRows = new long[ColumnCount];
        foreach (MissingPattern pattern in _patterns)
            foreach (int j in pattern.ObservedIndices) observedRows[j] += pattern.RowCount;
        int[] order = [.. Enumerable.Range(0, ColumnCount).OrderByDescending(j => observedRows[j]).ThenBy(j => j)];
        var position = new int[ColumnCount];
        for (int k = 0; k < order.Length; k++) position[order[k]] = k;
        return _patterns.All(pattern => pattern.ObservedIndices.All(j => position[j] < pattern.ObservedIndices.Count)) ? order : null;
    }

    /// <summary>The pairs of columns, (smaller index, larger index), that no row has both of. Nothing in the data tells their covariance.</summary>
    public IReadOnlyList<(int First, int Second)> NeverObservedTogether()
    {
        int words = (ColumnCount + 63) / 64;
        var together = new ulong[ColumnCount][];
        for (int j = 0; j < ColumnCount; j++) together[j] = new ulong[words];
        var set = new ulong[words];
        foreach (MissingPattern pattern in _patterns)
        {
            Array.Clear(set);
            foreach (int j in pattern.ObservedIndices) set[j / 64] |= 1UL << (j % 64);
            foreach (int j in pattern.ObservedIndices)
                for (int w = 0; w < words; w++) together[j][w] |= set[w];
        }
        var pairs = new List<(int, int)>();
        for (int j = 0; j < ColumnCount; j++)
            for (int k = j + 1; k < ColumnCount; k++)
                if ((together[j][k / 64] & (1UL << (k % 64))) == 0) pairs.Add((j, k));
        return pairs;
    }

    /// <summary>Numbers distinct keys in order of first appearance: an open-addressing table over the rows' words.</summary>
    private static List<int> Group(ulong[] keys, int words, int[] groupOfRow, out List<int> counts)
    {
        var firstRows = new List<int>();
        counts = [];
        var slots = new int[64]; // group + 1, or 0 where free; a power of two, at most half full
        for (int i = 0; i < groupOfRow.Length; i++)
        {
            ReadOnlySpan<ulong> key = keys.AsSpan(i * words, words);
            int slot = (int)Hash(key) & (slots.Length - 1);
            while (slots[slot] != 0 && !keys.AsSpan(firstRows[slots[slot] - 1] * words, words).SequenceEqual(key))
                slot = (slot + 1) & (slots.Length - 1);
            if (slots[slot] == 0)
            {
                firstRows.Add(i);
                counts.Add(0);
                slots[slot] = firstRows.Count;
            }
            int group = groupOfRow[i] = slots[slot] - 1;
            counts[group]++;
            if (firstRows.Count * 2 >= slots.Length) slots = Grown(slots.Length * 2, firstRows, keys, words);
        }
        return firstRows;
    }

    private static int[] Grown(int size, List<int> firstRows, ulong[] keys, int words)
    {
        var slots = new int[size];
        for (int group = 0; group < firstRows.Count; group++)
        {
            int slot = (int)Hash(keys.AsSpan(firstRows[group] * words, words)) & (size - 1);
            while (slots[slot] != 0) slot = (slot + 1) & (size - 1);
            slots[slot] = group + 1;
        }
        return slots;
    }

    private static ulong Hash(ReadOnlySpan<ulong> key)
    {
        ulong hash = 0x9E3779B97F4A7C15;
        foreach (ulong word in key)
        {
            hash = (hash ^ word) * 0xBF58476D1CE4E5B9;
            hash ^= hash >> 29;
        }
        return hash;
    }

    private static int[] Columns(ulong[] keys, int row, int words, int p, bool missing)
    {
        var columns = new List<int>();
        for (int j = 0; j < p; j++)
            if ((keys[(long)row * words + j / 64] >> (j % 64) & 1) == 1 == missing) columns.Add(j);
        return [.. columns];
    }

    private static int Compare(int[] missingA, int[] missingB)
    {
        if (missingA.Length != missingB.Length) return missingA.Length.CompareTo(missingB.Length);
        for (int k = 0; k < missingA.Length; k++)
            if (missingA[k] != missingB[k]) return missingB[k].CompareTo(missingA[k]); // a later first hole comes first
        return 0;
    }
}
