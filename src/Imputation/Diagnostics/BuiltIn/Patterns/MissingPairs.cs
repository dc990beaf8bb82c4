using System.Numerics;
using Imputation.Numerics.Threading;

namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>In how many rows two columns are observed or missing together; for every pair of columns.</summary>
/// <remarks>Columns with missing cells are held as a bit for each row, so that a pair costs n / 64 steps; the rest follows from the counts
/// of missing cells.</remarks>
internal sealed class MissingPairs
{
    private readonly int[] _place;   // of each column among those with missing cells, or −1
    private readonly int[] _missing; // missing cells of each column
    private readonly int[] _both;    // rows in which two of those with missing cells are missing, row by row
    private readonly int _order;

    private MissingPairs(int rowCount, int[] missing, int[] place, int[] both)
    {
        RowCount = rowCount;
        _missing = missing;
        _place = place;
        _both = both;
        _order = (int)Math.Round(Math.Sqrt(both.Length));
    }

    /// <summary>Counts, for all pairs.</summary>
    public static MissingPairs Of(IReadOnlyList<Column> columns, ParallelOptions parallel)
    {
        int n = columns.Count == 0 ? 0 : columns[0].Count;
        int[] missing = [.. columns.Select(c => c.MissingCount)],
            holed = [.. Enumerable.Range(0, columns.Count).Where(j => missing[j] > 0)];
        int q = holed.Length;
        var place = new int[columns.Count];
        Array.Fill(place, -1);
        for (int a = 0; a < q; a++) place[holed[a]] = a;

        var bits = new ulong[q][];
        ParallelWork.For(q, parallel, a => bits[a] = Bits(columns[holed[a]]));
        var both = new int[checked(q * q)];
        ParallelWork.For(q, parallel, a =>
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            for (int b = 0; b <= a; b++) both[a * q + b] = b == a ? missing[holed[a]] : Common(bits[a], bits[b]);
        });
        for (int a = 0; a < q; a++)
            for (int b = 0; b < a; b++) both[b * q + a] = both[a * q + b];
        return new MissingPairs(n, missing, place, both);
    }

    /// <summary>Number of rows, n.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns, p.</summary>
    public int ColumnCount => _missing.Length;

    /// <summary>Rows in which a column is missing.</summary>
    public int Missing(int j) => _missing[j];

    /// <summary>Rows in which both are missing: mm.</summary>
    public int BothMissing(int j, int k) => _place[j] < 0 || _place[k] < 0 ? 0 : _both[_place[j] * _order + _place[k]];

    /// <summary>Rows in which the first is missing and the second observed: mr.</summary>
    public int OnlyMissing(int j, int k) => _missing[j] - BothMissing(j, k);

    /// <summary>Rows in which both are observed: rr.</summary>
    public int BothObserved(int j, int k) => RowCount - _missing[j] - _missing[k] + BothMissing(j, k);

    /// <summary>Of the rows in which <paramref name="target"/> is missing, the share in which <paramref name="predictor"/> is observed; NaN
    /// where it is never missing.</summary>
    /// <remarks>The proportion of usable cases, mr / (mr + mm) (van Buuren 2018, §4.1.2).</remarks>
    public double Usable(int target, int predictor) => _missing[target] == 0 ? double.NaN : (double)OnlyMissing(target,
        predictor) / _missing[target];

    /// <summary>Correlation φ of the missingness indicators: 1 where the two are missing in the same rows; NaN where one is never or always
    /// missing.</summary>
    public double Correlation(int j, int k)
    {
        double n = RowCount, a = _missing[j], b = _missing[k], spread = Math.Sqrt(a * (n - a)) * Math.Sqrt(b * (n - b));
        return spread == 0 ? double.NaN : j == k ? 1 : Math.Clamp((n * BothMissing(j, k) - a * b) / spread, -1, 1);
    }

    private static ulong[] Bits(Column column)
    {
        var bits = new ulong[(column.Count + 63) / 64];
        for (int row = 0; row < column.Count; row++)
            if (column.IsMissing(row)) bits[row / 64] |= 1UL << (row % 64);
        return bits;
    }

    private static int Common(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        b = b[..a.Length];
        int count = 0;
        for (int w = 0; w < a.Length; w++) count += BitOperations.PopCount(a[w] & b[w]);
        return count;
    }
}
