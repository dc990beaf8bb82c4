using Imputation.Numerics.Random;

namespace Imputation.Patterns;

/// <summary>Observed cells chosen to be hidden, with the missingness that the data themselves have.</summary>
internal static class HoldoutCells
{
    /// <summary>Share of the observed cells that are hidden at a time, hidden cells that are wanted, and the most times that some are
    /// hidden for it.</summary>
    private const double Tenth = 0.1;
    private const int Wanted = 1500, MostSplits = 5;

    /// <summary>Number of donor rows tried before a row is left unchanged.</summary>
    private const int Attempts = 8;

    /// <summary>For each row the columns to hide: those that are missing in another, incomplete row drawn at random, as far as they
    /// are observed here and something else stays; where no row is incomplete, one column drawn at random. Empty where nothing can be
    /// hidden.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="seed">The seed.</param>
    public static int[][] Choose(IncompleteMatrix matrix, MissingPatterns patterns, ulong seed)
    {
        int n = matrix.RowCount, p = matrix.ColumnCount;
        int[] incomplete = [.. Enumerable.Range(0, n).Where(row => patterns.MissingCountOf(patterns.PatternOf(row)) is var m && m > 0
            && m < p)];
        var missing = new Dictionary<int, int[]>();
        int[] MissingOf(int row)
        {
            int k = patterns.PatternOf(row);
            if (!missing.TryGetValue(k, out int[]? columns)) missing[k] = columns = patterns[k].Missing;
            return columns;
        }
        return [.. Enumerable.Range(0, n).Select<int, int[]>(row =>
        {
            int observed = p - patterns.MissingCountOf(patterns.PatternOf(row));
            if (observed < 2) return [];
            if (incomplete.Length == 0) return [(int)(CounterRandom.Uniform(seed, row, 1, 0) * p)];
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                int donor = incomplete[(int)(CounterRandom.Uniform(seed, row, 2, attempt) * incomplete.Length)];
                int[] hidden = [.. MissingOf(donor).Where(j => !double.IsNaN(matrix[row, j]))];
                if (hidden.Length > 0 && hidden.Length < observed) return hidden;
            }
            return [];
        })];
    }

    /// <summary>Cells to hide, about a share of the observed ones, in the patterns that the data have: a column keeps at least half of its
    /// observed cells, and two distinct values.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="share">Of the observed cells, between 0 and 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>For each column whether the cell of each row is to be hidden.</returns>
    public static bool[][] Choose(IncompleteMatrix matrix, MissingPatterns patterns, double share, ulong seed) =>
        Hidden(matrix, share, Choose(matrix, patterns, seed).Select((columns, row) => (Row: row, Columns: columns))
            .OrderBy(r => CounterRandom.Uniform(seed, r.Row, 4, 0)));

    /// <summary>A tenth of the observed cells, and of small tables up to five times others: few cells choose a model by chance.</summary>
    /// <param name="matrix">The columns.</param>
    /// <param name="patterns">Their patterns.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="key">Keys these cells, away from those that others hide by the same seed.</param>
    public static IEnumerable<bool[][]> Several(IncompleteMatrix matrix, MissingPatterns patterns, ulong seed, int key)
    {
        for (int split = 0, count = 0; split < MostSplits && (split == 0 || count < Wanted); split++)
        {
            bool[][] hidden = Choose(matrix, patterns, Tenth, CounterRandom.Derive(seed, split, key));
            count += hidden.Sum(column => column.Count(h => h));
            yield return hidden;
        }
    }

    /// <summary>As <see cref="Choose(IncompleteMatrix, MissingPatterns, double, ulong)"/>, but a few of the cells of every row instead of
    /// whole patterns in a few rows: where most cells are missing, a row with a second pattern on top of its own has next to nothing left
    /// to be predicted from.</summary>
    /// <inheritdoc cref="Choose(IncompleteMatrix, MissingPatterns, double, ulong)"/>
    public static bool[][] Scatter(IncompleteMatrix matrix, MissingPatterns patterns, double share, ulong seed) =>
        Hidden(matrix, share, Choose(matrix, patterns, seed)
            .SelectMany((columns, row) => columns.Select(j => (Row: row, Columns: new[] { j })))
            .OrderBy(cell => CounterRandom.Uniform(seed, cell.Row, 5, cell.Columns[0])));

    /// <summary>Hides cells in this order, up to the share.</summary>
    private static bool[][] Hidden(IncompleteMatrix matrix, double share, IEnumerable<(int Row, int[] Columns)> order)
    {
        int n = matrix.RowCount, p = matrix.ColumnCount;
        bool[][] hidden = [.. Enumerable.Range(0, p).Select(_ => new bool[n])];
        long[] observed = [.. matrix.Columns.Select(c => (long)c.Count - c.MissingCount)], left = [.. observed.Select(count => count / 2)];
        double most = share * observed.Sum();
        int count = 0;
        foreach ((int row, int[] columns) in order)
        {
            if (count >= most) break;
            foreach (int j in columns.Where(j => left[j] > 0))
            {
                hidden[j][row] = true;
                left[j]--;
                count++;
            }
        }
        for (int j = 0; j < p; j++)
            if (!Varies(matrix.Column(j), hidden[j])) Array.Clear(hidden[j]);
        return hidden;
    }

    private static bool Varies(ReadOnlySpan<double> column, bool[] hidden)
    {
        double first = double.NaN;
        for (int row = 0; row < column.Length; row++)
        {
            if (double.IsNaN(column[row]) || hidden[row]) continue;
            if (double.IsNaN(first)) first = column[row];
            else if (column[row] != first) return true;
        }
        return false;
    }
}
