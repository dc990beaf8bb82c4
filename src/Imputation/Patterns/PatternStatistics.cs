using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics.Threading;

namespace Imputation.Patterns;

/// <summary>Rows by missing-data pattern: of each pattern the number of its rows, their means and their co-moments. It is all that a
/// multivariate normal model needs of the rows, and parts of a table that were counted apart can be merged.</summary>
/// <remarks>Co-moments are Σ (x − x̄)(x − x̄)ᵀ about the pattern's own means; parts are merged by Chan, Golub and LeVeque (1983, eq. 2.1),
/// so that no digits are lost far from 0. The order of merging matters to rounding only. Not for several threads at once.</remarks>
/// <example><code>
/// var statistics = new PatternStatistics(["age", "income"]);
/// foreach (IncompleteMatrix part in parts) statistics.Add(part);
/// FittedModel fit = new AutomaticOptions().Fit(statistics);
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PatternStatistics
{
    private readonly Dictionary<string, PatternMoments> _patterns = new(StringComparer.Ordinal);

    /// <summary>The statistics of no rows.</summary>
    /// <param name="columnNames">p names, all different; copied.</param>
    /// <exception cref="ArgumentException">No column, or two of one name.</exception>
    public PatternStatistics(IReadOnlyList<string> columnNames)
    {
        ArgumentNullException.ThrowIfNull(columnNames);
        if (columnNames.Count == 0) throw new ArgumentException("Statistics need at least one column.", nameof(columnNames));
        if (columnNames.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two columns are named '{twice.Key}'.", nameof(columnNames));
        ColumnNames = [.. columnNames];
    }

    /// <summary>The statistics of a matrix.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="threads">Most threads; 0 for one per processor. The result does not depend on it.</param>
    public static PatternStatistics Of(IncompleteMatrix matrix, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var statistics = new PatternStatistics(matrix.ColumnNames);
        statistics.Add(matrix, threads);
        return statistics;
    }

    /// <summary>The p names.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Number of patterns, that of rows with nothing observed included.</summary>
    public int PatternCount => _patterns.Count;

    /// <summary>n: number of rows, those with nothing observed included.</summary>
    public long RowCount => (long)_patterns.Values.Sum(pattern => pattern.Weight);

    /// <summary>Adds one row.</summary>
    /// <param name="row">p cells, NaN where missing.</param>
    /// <exception cref="ImputationDataException">An infinite cell.</exception>
    /// <exception cref="ArgumentException">Another number of cells.</exception>
    public void Add(ReadOnlySpan<double> row)
    {
        int p = ColumnNames.Count, count = 0;
        if (row.Length != p) throw new ArgumentException($"A row of {row.Length} cells for {p} columns.", nameof(row));
        var cells = new double[p];
        var observed = new int[p];
        for (int j = 0; j < p; j++)
        {
            if (double.IsInfinity(row[j]))
                throw new ImputationDataException($"Column '{ColumnNames[j]}': {(row[j] > 0 ? "+" : "-")}Infinity is not a measurement; "
                    + "expected a finite number, or NaN for a missing cell.", ColumnNames[j]);
            if (double.IsNaN(row[j])) continue;
            (cells[count], observed[count++]) = (row[j], j);
        }
        Of(observed[..count]).Add(cells.AsSpan(0, count));
    }

    /// <summary>Adds the rows of a matrix, batch by batch in two passes each.</summary>
    /// <param name="rows">The rows; their columns are these, in this order.</param>
    /// <param name="threads">Most threads; 0 for one per processor. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">Other columns, or in another order.</exception>
    public void Add(IncompleteMatrix rows, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RequireSame(rows.ColumnNames, nameof(rows));
        foreach (PatternMoments pattern in PatternCounting.Of(rows, ParallelWork.Options(threads))) Of(pattern.Observed).Merge(pattern);
    }

    /// <summary>Adds rows of one pattern that were counted elsewhere.</summary>
    /// <param name="pattern">p characters in the order of the columns: 1 where observed, 0 where missing.</param>
    /// <param name="rowCount">Number of rows, 1 or more.</param>
    /// <param name="means">Means of the observed columns, in their order.</param>
    /// <param name="coMoments">Σ (x − x̄)(x − x̄)ᵀ of the observed columns: the lower triangle by rows, diagonal included.</param>
    /// <exception cref="ImputationDataException">Numbers that no rows can have: not finite, or co-moments that are not positive
    /// semidefinite beyond rounding.</exception>
    /// <exception cref="ArgumentException">Another pattern, or other lengths than it has.</exception>
    public void AddPattern(string pattern, long rowCount, IReadOnlyList<double> means, IReadOnlyList<double> coMoments)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(coMoments);
        int o = pattern.Count(c => c == '1');
        if (pattern.Length != ColumnNames.Count || pattern.Any(c => c is not ('0' or '1')))
            throw new ArgumentException($"'{pattern}' is no pattern; expected {ColumnNames.Count} characters 1 or 0.", nameof(pattern));
        if (rowCount < 1) throw new ArgumentOutOfRangeException(nameof(rowCount), rowCount, "A pattern has at least one row.");
        if (means.Count != o || coMoments.Count != o * (o + 1) / 2)
            throw new ArgumentException($"The pattern '{pattern}' has {o} means and {o * (o + 1) / 2} co-moments, not {means.Count} and "
                + $"{coMoments.Count}.", nameof(means));
        PatternMoments moments = Make(ObservedIn(pattern), rowCount, means, coMoments);
        if (MomentFault.Of(moments) is { } fault)
            throw new ImputationDataException($"Pattern {pattern}, {fault.Where(ColumnNames)}: {fault.Why}");
        Merge(moments);
    }

    /// <summary>Adds the rows of other statistics.</summary>
    /// <exception cref="ArgumentException">Other columns, or in another order.</exception>
    public void Merge(PatternStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireSame(other.ColumnNames, nameof(other));
        foreach (PatternMoments pattern in other.Ordered()) Merge(pattern);
    }

    /// <summary>The same rows with some of the columns: patterns that differ in the others only become one.</summary>
    /// <param name="columns">Names, in the order that they get.</param>
    /// <exception cref="ArgumentException">A name that these statistics do not have.</exception>
    public PatternStatistics Select(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        int[] indices = [.. columns.Select(IndexOf)];
        var selected = new PatternStatistics(columns);
        foreach (PatternMoments pattern in Ordered())
        {
            int[] places = Array.ConvertAll(indices, j => Array.BinarySearch(pattern.Observed, j)),
                kept = [.. Enumerable.Range(0, places.Length).Where(k => places[k] >= 0)];
            selected.Merge(pattern.Marginal(Array.ConvertAll(kept, k => places[k]), kept));
        }
        return selected;
    }

    /// <summary>The patterns in the order of <see cref="MissingPatterns"/>: by the number of missing columns, then from the left, observed
    /// before missing.</summary>
    internal IReadOnlyList<PatternMoments> Ordered() => [.. _patterns.OrderByDescending(p => p.Value.Observed.Length)
        .ThenByDescending(p => p.Key, StringComparer.Ordinal).Select(p => p.Value)];

    /// <summary>Each column by itself, over all patterns in which it is observed.</summary>
    internal PatternMoments[] Columns()
    {
        PatternMoments[] columns = [.. ColumnNames.Select(_ => new PatternMoments([0]))];
        foreach (PatternMoments pattern in Ordered())
            for (int a = 0; a < pattern.Observed.Length; a++) columns[pattern.Observed[a]].Merge(pattern.Marginal([a], [0]));
        return columns;
    }

    /// <summary>A pattern as text: 1 and 0 in the order of the columns.</summary>
    internal string Key(PatternMoments pattern) => Key(pattern.Observed);

    /// <summary>Whether there are rows of a pattern.</summary>
    internal bool Has(int[] observed) => _patterns.ContainsKey(Key(observed));

    /// <summary>Adds rows of one pattern.</summary>
    internal void Merge(PatternMoments pattern) => Of(pattern.Observed).Merge(pattern);

    /// <summary>The indices of the observed columns of a pattern given as text.</summary>
    internal static int[] ObservedIn(string pattern) => [.. Enumerable.Range(0, pattern.Length).Where(j => pattern[j] == '1')];

    /// <summary>Moments from a lower triangle.</summary>
    internal static PatternMoments Make(int[] observed, long rowCount, IReadOnlyList<double> means, IReadOnlyList<double> coMoments)
    {
        int o = observed.Length;
        var both = new double[rowCount == 1 && coMoments.All(c => c == 0) ? 0 : o * o];
        for (int a = 0, k = 0; a < o && both.Length > 0; a++)
            for (int b = 0; b <= a; b++, k++) both[a * o + b] = both[b * o + a] = coMoments[k];
        return new PatternMoments(observed, rowCount, [.. means], both);
    }

    private PatternMoments Of(int[] observed)
    {
        string key = Key(observed);
        if (!_patterns.TryGetValue(key, out PatternMoments? moments)) _patterns.Add(key, moments = new PatternMoments(observed));
        return moments;
    }

    private string Key(int[] observed) => string.Create(ColumnNames.Count, observed, static (text, observed) =>
    {
        text.Fill('0');
        foreach (int j in observed) text[j] = '1';
    });

    private int IndexOf(string name)
    {
        for (int j = 0; j < ColumnNames.Count; j++)
            if (ColumnNames[j] == name) return j;
        throw new ArgumentException($"No column '{name}'; the statistics have {string.Join(", ", ColumnNames.Select(c => $"'{c}'"))}.",
            nameof(name));
    }

    private void RequireSame(IReadOnlyList<string> names, string parameter)
    {
        if (!names.SequenceEqual(ColumnNames, StringComparer.Ordinal))
            throw new ArgumentException($"Statistics of the columns {string.Join(", ", ColumnNames)} take only rows of these columns, in "
                + $"this order; these have {string.Join(", ", names)}.", parameter);
    }

    /// <summary>The statistics in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowCount} rows in {PatternCount} patterns of {ColumnNames.Count} columns");
}
