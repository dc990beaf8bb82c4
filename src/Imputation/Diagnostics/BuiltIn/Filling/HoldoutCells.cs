using Imputation.Numerics.Random;
using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>Observed cells chosen to be hidden, with the missingness that the data themselves have.</summary>
internal static class HoldoutCells
{
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
}
