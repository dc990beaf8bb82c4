using Imputation.Data;

namespace Imputation.Diagnostics;

/// <summary>A number that stands for a column in tests of means: the column itself, the places of ordered levels, or whether a cell has a
/// certain level.</summary>
/// <param name="Number">The number; missing where the column is.</param>
/// <param name="Source">The column.</param>
internal sealed record Contrast(NumericColumn Number, Column Source)
{
    /// <summary>Most levels of a category that has an indicator for each.</summary>
    private const int MostLevels = 20;

    /// <summary>Whether it says whether a cell has a level.</summary>
    public bool IsIndicator => Number.Name != Source.Name;

    /// <summary>The numbers that stand for columns, in their order: of a nominal category an indicator of every level but the first that
    /// occurs. Categories with more than 20 levels are left out.</summary>
    public static IReadOnlyList<Contrast> Of(IEnumerable<Column> columns) => [.. columns.SelectMany(Of)];

    private static IEnumerable<Contrast> Of(Column column)
    {
        if (column is NumericColumn { Categories: null } number)
        {
            yield return new Contrast(number, column);
            yield break;
        }
        Categories levels = column.Levels;
        if (column.Categories is { IsOrdered: true } && levels.Levels.Count > 2)
        {
            yield return Numbers(column.Name, null);
            yield break;
        }
        if (levels.Levels.Count > MostLevels) yield break;
        HashSet<int> seen = [.. Enumerable.Range(0, column.Count).Select(row => column.Value(row) is { } value ? levels.IndexOf(value) : -1)
            .Where(k => k >= 0)];
        foreach (int k in seen.Order().Skip(1))
        {
            string level = RuleValues.Text(levels.Levels[k].Value);
            yield return Numbers($"{column.Name} = {level}", level);
        }

        Contrast Numbers(string name, string? level)
        {
            Func<int, double> cells = ColumnNumbers.Of(column, level);
            return new Contrast(NumericColumn.Number(name, [.. Enumerable.Range(0, column.Count).Select(cells)]), column);
        }
    }
}
