namespace Imputation.Models;

/// <summary>Joint draws of a row's missing cells within their bounds.</summary>
internal static class JointDraws
{
    /// <summary>Draws of a row before its cells are cut to their bounds one by one.</summary>
    public const int Most = 50;

    /// <summary>Draws a cell given those before it.</summary>
    /// <param name="a">Index of the missing cell.</param>
    /// <param name="attempt">Keys the draw: the index of the attempt, 0 for a cell without bounds, which keeps its first draw.</param>
    /// <param name="bounds">Bounds that it is cut to; none where the draw may fall outside.</param>
    public delegate double Cell(int a, int attempt, Bounds bounds);

    /// <summary>Draws all cells until all are inside their bounds; where that is rare, each is cut to its bounds given those before
    /// it.</summary>
    /// <param name="bounds">Bounds of each missing cell.</param>
    /// <param name="values">Receives the draw.</param>
    /// <param name="cell">Draws a cell.</param>
    /// <param name="begin">Called before each attempt, with its index; null for nothing.</param>
    /// <returns>Whether the first draw fell outside the bounds.</returns>
    public static bool Within(ReadOnlySpan<Bounds> bounds, Span<double> values, Cell cell, Action<int>? begin = null)
    {
        bool inside = false;
        int attempt = -1;
        while (!inside && ++attempt <= Most)
        {
            inside = true;
            bool last = attempt == Most;
            begin?.Invoke(attempt);
            for (int a = 0; a < values.Length && inside; a++)
            {
                values[a] = cell(a, bounds[a].Any ? attempt : 0, last ? bounds[a] : Bounds.None);
                if (bounds[a].Any && !last) inside = values[a] >= bounds[a].Lower && values[a] <= bounds[a].Upper;
            }
        }
        return attempt > 0;
    }
}
