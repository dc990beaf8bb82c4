using Imputation.Numerics;
using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Statistics;

namespace Imputation.Diagnostics.BuiltIn.Missingness;

/// <summary>A column compared between the rows in which another is observed and those in which it is missing.</summary>
/// <param name="Column">Index of the column among those of the matrix.</param>
/// <param name="By">Index of the other among those of the patterns.</param>
/// <param name="Observed">Moments where the other is observed.</param>
/// <param name="Missing">Moments where it is missing.</param>
/// <param name="RankLogP">log of the two-sided p-value of Wilcoxon's rank-sum test; NaN where a group is empty or all values are
/// equal.</param>
internal sealed record MeanComparison(int Column, int By, SampleMoments Observed, SampleMoments Missing, double RankLogP)
{
    /// <summary>Values in each group from which on a difference may be claimed: with fewer, or with skewed values, t is too often
    /// large.</summary>
    public const int EnoughValues = 10;

    /// <summary>Whether there is a test, with enough values in both groups to rely on.</summary>
    public bool CanTell => !double.IsNaN(Test.LogP) && Math.Min(Observed.Count, Missing.Count) >= EnoughValues;

    /// <summary>The test; none where it cannot be computed.</summary>
    public WelchTest Test { get; } = WelchTest.Of(Observed, Missing);

    /// <summary>The difference over the root of the mean of the two variances (Cohen 1988, eq. 2.3.2).</summary>
    public double StandardisedDifference => (Observed.Mean - Missing.Mean) / Math.Sqrt((Observed.Variance + Missing.Variance) / 2);

    /// <summary>What a pass over a column sums up for each pattern and, from these, for each other column; in standard deviations about the
    /// column's mean.</summary>
    private struct Sums
    {
        public int Count;
        public double Sum, Squares, Ranks;

        public void Add(in Sums other)
        {
            Count += other.Count;
            Sum += other.Sum;
            Squares += other.Squares;
            Ranks += other.Ranks;
        }
    }

    /// <summary>All comparisons: each column with each other one that has missing cells.</summary>
    /// <remarks>A column's values are summed by pattern once; the groups are sums of patterns. A group with hardly any variance, for
    /// which such sums are not exact enough, is gone through by itself.</remarks>
    /// <param name="matrix">The columns to compare.</param>
    /// <param name="places">Their places among the columns of the patterns.</param>
    /// <param name="patterns">The patterns of all columns.</param>
    /// <param name="rows">The rows to look at.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    public static MeanComparison[] All(IncompleteMatrix matrix, int[] places, MissingPatterns patterns, int[] rows,
        ParallelOptions parallel)
    {
        int p = matrix.ColumnCount, q = patterns.ColumnCount;
        var counts = new int[patterns.Count];
        foreach (int row in rows) counts[patterns.PatternOf(row)]++;
        int[] present = [.. Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0)];
        var lacking = new bool[q];
        var missing = new int[q];
        foreach (int k in present)
        {
            patterns.MissingOf(k, missing);
            foreach (int i in missing.AsSpan(0, patterns.MissingCountOf(k))) lacking[i] = true;
        }
        var found = new MeanComparison[p][];
        ParallelWork.For(p, parallel, j => found[j] = [.. Compare(matrix, j, places[j], patterns, rows, present, lacking)]);
        return [.. found.SelectMany(list => list)];
    }

    private static List<MeanComparison> Compare(IncompleteMatrix matrix, int j, int place, MissingPatterns patterns, int[] rows,
        int[] present, bool[] lacking)
    {
        const double hardly = 1e-6;
        var found = new List<MeanComparison>();
        SampleMoments all = SampleMoments.Of([.. rows.Select(row => matrix[row, j])]);
        double scale = all.Variance > 0 ? Math.Sqrt(all.Variance) : 1;
        var byPattern = new Sums[patterns.Count];
        ReadOnlySpan<double> column = matrix.Column(j);
        CentredRanks ranks = CentredRanks.Of(column, rows);
        foreach (int row in rows)
        {
            double z = (column[row] - all.Mean) / scale;
            if (double.IsNaN(z)) continue;
            ref Sums sums = ref byPattern[patterns.PatternOf(row)];
            sums.Count++;
            sums.Sum += z;
            sums.Squares += z * z;
            sums.Ranks += ranks.Of(row);
        }
        var total = new Sums();
        var without = new Sums[lacking.Length];
        var missing = new int[lacking.Length];
        foreach (int k in present)
        {
            ref readonly Sums sums = ref byPattern[k];
            if (sums.Count == 0) continue;
            total.Add(sums);
            patterns.MissingOf(k, missing);
            foreach (int i in missing.AsSpan(0, patterns.MissingCountOf(k))) without[i].Add(sums);
        }
        for (int i = 0; i < lacking.Length; i++)
        {
            if (!lacking[i] || i == place) continue;
            Sums other = without[i], rest = new()
            {
                Count = total.Count - other.Count,
                Sum = total.Sum - other.Sum,
                Squares = total.Squares
                - other.Squares
            };
            found.Add(new MeanComparison(j, i, Moments(rest, i, false), Moments(other, i, true), ranks.LogP(other.Count, other.Ranks)));
        }
        return found;

        SampleMoments Moments(Sums sums, int by, bool where)
        {
            if (sums.Count == 0) return SampleMoments.None;
            double squares = sums.Squares - sums.Sum * sums.Sum / sums.Count;
            if (sums.Count == 1 || squares < hardly * total.Squares / total.Count * sums.Count || squares < 1e-9 * total.Squares)
            {
                int[] members = [.. present.Where(k => byPattern[k].Count > 0 && IsMissing(k, by) == where)];
                var inside = new bool[byPattern.Length];
                foreach (int k in members) inside[k] = true;
                return SampleMoments.Of([.. rows.Where(row => inside[patterns.PatternOf(row)]).Select(row => matrix[row, j])]);
            }
            return new SampleMoments(sums.Count, all.Mean + scale * sums.Sum / sums.Count, scale * scale * squares);
        }

        bool IsMissing(int pattern, int by)
        {
            patterns.MissingOf(pattern, missing);
            return missing.AsSpan(0, patterns.MissingCountOf(pattern)).BinarySearch(by) >= 0;
        }
    }
}
