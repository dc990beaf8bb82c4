using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>How far patterns are from monotone in the order of increasing missing counts: an order in which each column is observed
/// wherever a later one is.</summary>
/// <remarks>Little and Rubin 2019, §1.2; Schafer 1997, §6.5.1 on filling only what destroys a monotone pattern. Where some order
/// makes the patterns monotone, this one does.</remarks>
internal sealed class MonotoneOrder
{
    private MonotoneOrder(int[] order, long toDiscard, long toFill)
    {
        Columns = order;
        ToDiscard = toDiscard;
        ToFill = toFill;
    }

    /// <summary>Column indices, those with the fewest missing cells first, ties as in the table.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>Observed cells that have a missing one before them in their row: without them the patterns would be monotone.</summary>
    public long ToDiscard { get; }

    /// <summary>Missing cells that have an observed one after them in their row: with them the patterns would be monotone.</summary>
    public long ToFill { get; }

    /// <summary>Whether the patterns are monotone.</summary>
    public bool IsMonotone => ToFill == 0;

    /// <summary>Looks at every pattern once.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="missingCounts">Missing cells of each column.</param>
    public static MonotoneOrder Of(MissingPatterns patterns, IReadOnlyList<int> missingCounts)
    {
        int p = patterns.ColumnCount;
        int[] order = [.. Enumerable.Range(0, p).OrderBy(j => missingCounts[j])]; // stable
        var place = new int[p];
        for (int k = 0; k < p; k++) place[order[k]] = k;
        var missing = new int[p];
        long discard = 0, fill = 0;
        for (int k = 0; k < patterns.Count; k++)
        {
            int count = patterns.MissingCountOf(k), rows = patterns.RowCountOf(k);
            if (count == 0) continue;
            Span<int> places = missing.AsSpan(0, count);
            patterns.MissingOf(k, missing);
            for (int a = 0; a < count; a++) places[a] = place[places[a]];
            places.Sort();
            discard += (long)rows * (p - places[0] - count); // of the cells from the first missing one on, those observed
            int trailing = 0;
            while (trailing < count && places[count - 1 - trailing] == p - 1 - trailing) trailing++;
            fill += (long)rows * (count - trailing);
        }
        return new MonotoneOrder(order, discard, fill);
    }
}
