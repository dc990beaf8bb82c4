namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>Summary of all pairs of columns, from one pass over them.</summary>
internal sealed class PairSurvey
{
    private const double LowCoverage = 0.1;

    /// <summary>Looks at the pairs of some columns.</summary>
    /// <param name="pairs">The counts.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="most">Most pairs to list.</param>
    /// <param name="cancellation">Cancels.</param>
    public PairSurvey(MissingPairs pairs, int[] columns, int most, CancellationToken cancellation)
    {
        var listed = new PriorityQueue<(int, int), (int, long)>(); // of those kept, the one to go first
        var never = new List<(int, int)>();
        var same = new Dictionary<int, List<int>>(); // by the first of a group; having the same rows missing is transitive
        var grouped = new HashSet<int>();
        Fewest = FewestSome = int.MaxValue;
        for (int a = 0; a < columns.Length; a++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int b = a + 1; b < columns.Length; b++)
            {
                (int j, int k) = (columns[a], columns[b]);
                int both = pairs.BothObserved(j, k);
                Count++;
                Fewest = Math.Min(Fewest, both);
                if (both == 0) never.Add((j, k));
                else FewestSome = Math.Min(FewestSome, both);
                if (both > 0 && both < LowCoverage * pairs.RowCount) Low++;
                if (pairs.Missing(j) == 0 && pairs.Missing(k) == 0) continue;

                Holed++;
                listed.Enqueue((j, k), (-both, -Count));
                if (listed.Count > most) listed.Dequeue();
                double correlation = pairs.Correlation(j, k);
                if (!(correlation <= Highest)) (Highest, HighestPair) = double.IsNaN(correlation) ? (Highest, HighestPair)
                    : (correlation, (j, k));
                if (pairs.Missing(j) != pairs.Missing(k) || pairs.BothMissing(j, k) != pairs.Missing(j) || grouped.Contains(j)) continue;
                if (!same.TryGetValue(j, out List<int>? group)) same[j] = group = [j];
                group.Add(k);
                grouped.Add(k);
            }
        }
        var kept = new List<(int, int)>();
        while (listed.TryDequeue(out (int, int) pair, out _)) kept.Add(pair);
        kept.Reverse();
        (Listed, Never, Same) = (kept, never, [.. same.Values]);
    }

    /// <summary>Number of pairs.</summary>
    public long Count { get; }

    /// <summary>Number of pairs with a missing cell.</summary>
    public long Holed { get; }

    /// <summary>Pairs with a missing cell that have the fewest rows in common, the fewest first.</summary>
    public IReadOnlyList<(int First, int Second)> Listed { get; }

    /// <summary>Pairs that no row has both of.</summary>
    public IReadOnlyList<(int First, int Second)> Never { get; }

    /// <summary>Groups of columns that are missing in exactly the same rows.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Same { get; }

    /// <summary>Fewest rows that a pair has in common.</summary>
    public int Fewest { get; }

    /// <summary>The same of the pairs that have any.</summary>
    public int FewestSome { get; }

    /// <summary>Pairs that have rows in common, but fewer than a tenth of all.</summary>
    public int Low { get; }

    /// <summary>Highest correlation of two columns' missingness; NaN where there is none.</summary>
    public double Highest { get; } = double.NaN;

    /// <summary>The pair that has it.</summary>
    public (int First, int Second) HighestPair { get; }
}
