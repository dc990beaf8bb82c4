using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Imputation.Numerics.Threading;

namespace Imputation.Patterns;

/// <summary>The rows of a matrix grouped by the set of columns observed in them; for any number of columns.</summary>
/// <remarks>Patterns are ordered by the number of missing columns, then from the left, observed before missing;
/// so the complete rows, if there are any, come first. The order does not depend on the order of the rows.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class MissingPatterns : IReadOnlyList<MissingPattern>
{
    /// <summary>Rows whose keys are made together.</summary>
    private const int BlockRows = 1024;

    private readonly int _words;
    private readonly ulong[] _keys;       // of each pattern, a bit for each column from the highest of the first word on, set where missing
    private readonly int[] _starts;       // of each pattern in _rows, and the end
    private readonly int[] _rows;         // pattern by pattern, ascending
    private readonly int[] _patternOfRow;
    private readonly int[]? _counts;      // rows of each pattern, where the rows themselves are not known

    private MissingPatterns(int columnCount, ulong[] keys, int[] starts, int[] rows, int[] patternOfRow)
    {
        ColumnCount = columnCount;
        _words = Words(columnCount);
        _keys = keys;
        _starts = starts;
        _rows = rows;
        _patternOfRow = patternOfRow;
        RowCount = rows.Length;
    }

    private MissingPatterns(int columnCount, ulong[] keys, int[] counts) : this(columnCount, keys, new int[counts.Length + 1], [], [])
    {
        _counts = counts;
        RowCount = (int)Math.Min(int.MaxValue, counts.Sum(count => (long)count));
    }

    /// <summary>Groups the rows of <paramref name="matrix"/>. Time is linear in its cells.</summary>
    public static MissingPatterns Of(IncompleteMatrix matrix) => Of(matrix, ParallelWork.Options(threads: 0));

    /// <summary>Patterns of which the number of rows is known, not the rows. Numbers from 2³¹ on are taken as 2³¹ − 1.</summary>
    /// <param name="columnCount">p.</param>
    /// <param name="patterns">The patterns, in the order of this class.</param>
    internal static MissingPatterns Of(int columnCount, IReadOnlyList<PatternMoments> patterns)
    {
        int words = Words(columnCount);
        var keys = new ulong[patterns.Count * words];
        for (int k = 0; k < patterns.Count; k++)
        {
            for (int j = 0; j < columnCount; j++) keys[k * words + j / 64] |= Highest >> (j % 64);
            foreach (int j in patterns[k].Observed) keys[k * words + j / 64] &= ~(Highest >> (j % 64));
        }
        return new MissingPatterns(columnCount, keys, [.. patterns.Select(pattern => (int)Math.Min(int.MaxValue, pattern.Weight))]);
    }

    /// <summary>The patterns of the rows of both, without the rows themselves.</summary>
    internal static MissingPatterns Merged(MissingPatterns first, MissingPatterns second)
    {
        int words = first._words, a = 0, b = 0;
        var keys = new List<ulong>((first.Count + second.Count) * words);
        var counts = new List<int>(first.Count + second.Count);
        while (a < first.Count || b < second.Count)
        {
            int order = a == first.Count ? 1 : b == second.Count ? -1 : Compare(first, a, second, b);
            keys.AddRange(order <= 0 ? first.Key(a) : second.Key(b));
            long rows = (order <= 0 ? first.RowCountOf(a++) : 0L) + (order >= 0 ? second.RowCountOf(b++) : 0L);
            counts.Add((int)Math.Min(int.MaxValue, rows));
        }
        return new MissingPatterns(first.ColumnCount, [.. keys], [.. counts]);
    }

    /// <summary>The order of patterns: by the number of missing columns, then from the left, observed before missing.</summary>
    private static int Compare(MissingPatterns first, int a, MissingPatterns second, int b)
    {
        int order = first.MissingCountOf(a) - second.MissingCountOf(b);
        return order != 0 ? order : first.Key(a).SequenceCompareTo(second.Key(b));
    }

    /// <summary>The same on some threads.</summary>
    internal static MissingPatterns Of(IncompleteMatrix matrix, ParallelOptions parallel)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int n = matrix.RowCount, p = matrix.ColumnCount, words = Words(p);
        var keys = new ulong[words * n]; // the first word of every row, then the second of every row ...
        ParallelWork.For((n + BlockRows - 1) / BlockRows, parallel, b =>
        {
            int first = b * BlockRows, count = Math.Min(BlockRows, n - first);
            for (int j = 0; j < p; j++) Mark(matrix.Column(j).Slice(first, count), Highest >> (j % 64),
                keys.AsSpan(j / 64 * n + first, count));
        });

        // A pattern is a run of rows with the same key. Parts count the runs that begin in them, then number them from where the part
        // before left off.
        int parts = RowChunks.Count(n);
        int[] rows = PatternRadixSort.Of(keys, words, parallel), patternOfRow = new int[n], before = new int[parts + 1];
        ParallelWork.For(parts, parallel, t =>
        {
            (int from, int to) = RowChunks.Bounds(t, parts, n);
            int begun = 0;
            for (int i = from; i < to; i++) begun += Begins(keys, words, rows, i) ? 1 : 0;
            before[t + 1] = begun;
        });
        for (int t = 0; t < parts; t++) before[t + 1] += before[t];
        var distinct = new ulong[before[parts] * words];
        var starts = new int[before[parts] + 1];
        starts[^1] = n;
        ParallelWork.For(parts, parallel, t =>
        {
            (int from, int to) = RowChunks.Bounds(t, parts, n);
            int pattern = before[t] - 1;
            for (int i = from; i < to; i++)
            {
                if (Begins(keys, words, rows, i))
                {
                    starts[++pattern] = i;
                    for (int w = 0; w < words; w++) distinct[pattern * words + w] = keys[w * n + rows[i]];
                }
                patternOfRow[rows[i]] = pattern;
            }
        });
        return new MissingPatterns(p, distinct, starts, rows, patternOfRow);
    }

    /// <summary>Whether the i-th row in order has another key than the one before it.</summary>
    private static bool Begins(ulong[] keys, int words, int[] rows, int i)
    {
        if (i == 0) return true;
        for (int at = 0; at < words * rows.Length; at += rows.Length)
            if (keys[at + rows[i]] != keys[at + rows[i - 1]]) return true;
        return false;
    }

    /// <summary>Number of columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of distinct patterns, that of rows with nothing observed included.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>Number of rows with nothing missing.</summary>
    internal int CompleteRowCount => Count > 0 && MissingCountOf(0) == 0 ? RowCountOf(0) : 0;

    /// <summary>Number of rows with nothing observed.</summary>
    internal int EmptyRowCount => Enumerable.Range(0, Count).Where(k => MissingCountOf(k) == ColumnCount).Sum(RowCountOf);

    /// <summary>The k-th pattern.</summary>
    public MissingPattern this[int index] => new(Columns(index, missing: false), Columns(index, missing: true),
        _counts is null ? _rows.AsMemory(_starts[index], RowCountOf(index)) : default);

    /// <summary>Index of the pattern of a row (from 0).</summary>
    public int PatternOf(int row) => _patternOfRow[row];

    /// <summary>Number of rows of a pattern.</summary>
    internal int RowCountOf(int pattern) => _counts is null ? _starts[pattern + 1] - _starts[pattern] : _counts[pattern];

    /// <summary>The rows of a pattern, ascending.</summary>
    internal ReadOnlySpan<int> RowsOf(int pattern) => _rows.AsSpan(_starts[pattern], RowCountOf(pattern));

    /// <summary>Number of missing columns of a pattern.</summary>
    internal int MissingCountOf(int pattern)
    {
        int count = 0;
        foreach (ulong word in Key(pattern)) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Writes the indices of a pattern's missing columns, ascending.</summary>
    internal void MissingOf(int pattern, Span<int> missing)
    {
        int count = 0;
        ReadOnlySpan<ulong> key = Key(pattern);
        for (int w = 0; w < key.Length; w++)
        {
            for (ulong word = key[w]; word != 0; word &= ~(Highest >> (missing[count++] - 64 * w)))
                missing[count] = 64 * w + BitOperations.LeadingZeroCount(word);
        }
    }

    /// <summary>Indices of the patterns in which all these columns are observed.</summary>
    internal int[] HavingAll(ReadOnlySpan<int> columns)
    {
        var wanted = new ulong[_words];
        foreach (int j in columns) wanted[j / 64] |= Highest >> (j % 64);
        var having = new List<int>();
        for (int k = 0; k < Count; k++)
        {
            ulong lacking = 0;
            ReadOnlySpan<ulong> key = Key(k);
            for (int w = 0; w < wanted.Length; w++) lacking |= key[w] & wanted[w];
            if (lacking == 0) having.Add(k);
        }
        return [.. having];
    }

    /// <inheritdoc/>
    public IEnumerator<MissingPattern> GetEnumerator()
    {
        for (int k = 0; k < Count; k++) yield return this[k];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A column order in which every row's observed columns come first, or null where there is none.</summary>
    /// <remarks>Then the pattern is monotone (Little and Rubin 2019, §1.2): each column is observed wherever a later one is.</remarks>
    public IReadOnlyList<int>? MonotoneOrder()
    {
        var missingRows = new long[ColumnCount];
        var missing = new int[ColumnCount];
        for (int k = 0; k < Count; k++)
        {
            MissingOf(k, missing);
            foreach (int j in missing.AsSpan(0, MissingCountOf(k))) missingRows[j] += RowCountOf(k);
        }
        var order = new int[ColumnCount];
        for (int j = 0; j < order.Length; j++) order[j] = j;
        Array.Sort(order, (a, b) => missingRows[a] != missingRows[b] ? missingRows[a].CompareTo(missingRows[b]) : a - b);
        var position = new int[ColumnCount];
        for (int k = 0; k < order.Length; k++) position[order[k]] = k;
        for (int k = 0; k < Count; k++)
        {
            int count = MissingCountOf(k);
            MissingOf(k, missing);
            foreach (int j in missing.AsSpan(0, count))
                if (position[j] < ColumnCount - count) return null;
        }
        return order;
    }

    /// <summary>The pairs of columns (smaller index, larger index) that are never observed together. The data do not determine their
    /// covariance.</summary>
    public IReadOnlyList<(int First, int Second)> NeverObservedTogether()
    {
        var together = new ulong[ColumnCount * _words];
        for (int k = 0; k < Count; k++)
        {
            if (k % 64 == 1 && Pairs().Count == 0) return []; // mostly the first patterns have them all
            ReadOnlySpan<ulong> key = Key(k);
            for (int j = 0; j < ColumnCount; j++)
            {
                if (IsMissing(key, j)) continue;
                for (int w = 0; w < _words; w++) together[j * _words + w] |= ~key[w];
            }
        }
        return Pairs();

        List<(int, int)> Pairs()
        {
            var pairs = new List<(int, int)>();
            for (int j = 0; j < ColumnCount; j++)
                for (int k = j + 1; k < ColumnCount; k++)
                    if (!IsMissing(together.AsSpan(j * _words, _words), k)) pairs.Add((j, k));
            return pairs;
        }
    }

    private const ulong Highest = 1UL << 63;

    private static int Words(int columns) => (columns + 63) / 64;

    private ReadOnlySpan<ulong> Key(int pattern) => _keys.AsSpan(pattern * _words, _words);

    private static bool IsMissing(ReadOnlySpan<ulong> key, int column) => (key[column / 64] & (Highest >> (column % 64))) != 0;

    private int[] Columns(int pattern, bool missing)
    {
        ReadOnlySpan<ulong> key = Key(pattern);
        int count = MissingCountOf(pattern), next = 0;
        var columns = new int[missing ? count : ColumnCount - count];
        for (int j = 0; j < ColumnCount; j++)
            if (IsMissing(key, j) == missing) columns[next++] = j;
        return columns;
    }

    /// <summary>Sets a bit in the words of the rows that are missing in a column.</summary>
    private static void Mark(ReadOnlySpan<double> column, ulong bit, Span<ulong> words)
    {
        ReadOnlySpan<Vector<double>> values = MemoryMarshal.Cast<double, Vector<double>>(column);
        Span<Vector<ulong>> marks = MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
        var bits = new Vector<ulong>(bit);
        for (int i = 0; i < values.Length; i++) marks[i] |= Vector.AndNot(bits, Vector.Equals(values[i], values[i]).As<long, ulong>());
        for (int r = values.Length * Vector<double>.Count; r < column.Length; r++) words[r] |= double.IsNaN(column[r]) ? bit : 0;
    }

    /// <summary>The patterns in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Count} patterns of {RowCount} rows and {ColumnCount} columns");
}
