using System.Globalization;

namespace Imputation.Models;

/// <summary>The levels of a model in the columns of another table: they are the same where their texts are.</summary>
internal static class LevelMatching
{
    /// <summary>A level's text, by which models and model files know it.</summary>
    public static string Text(Category level) => Convert.ToString(level.Value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>A column with a model's levels, in the model's order, before any others that it has.</summary>
    /// <exception cref="ImputationDataException">The column's cells cannot be these levels.</exception>
    public static Column WithLevels(Column column, ILevels margin)
    {
        if (column.Categories is { } own && own.Levels.Count >= margin.Levels.Count
            && own.Levels.Take(margin.Levels.Count).Select(Text).SequenceEqual(margin.Levels)) return column;
        // Nothing observed: the reader could not know that these cells are text.
        if (column is NumericColumn && column.MissingCount == column.Count && !margin.Levels.All(IsNumber))
            column = TextColumn.Create(column.Name, new string?[column.Count], column.Mask);
        Dictionary<string, Category> known = column.Levels.Levels.GroupBy(Text).ToDictionary(g => g.Key, g => g.First());
        var levels = margin.Levels.Select(text => known.GetValueOrDefault(text) ?? new Category(Parse(column, text)));
        return column.AsCategorical(new Categories(levels, margin.IsOrdered));
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static object Parse(Column column, string text)
    {
        switch (column)
        {
            case TextColumn:
                return text;
            case NumericColumn when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number):
                return number;
            case ObjectColumn { Type: var type } when type == typeof(bool) && bool.TryParse(text, out bool truth):
                return truth;
            case ObjectColumn { Type: { IsEnum: true } type } when Enum.TryParse(type, text, out object? value):
                return value;
            default:
                throw new ImputationDataException($"Column '{column.Name}' has the level '{text}' in the model, and its cells are of "
                    + $"another kind ({column.Kind.ToString().ToLowerInvariant()}) in this table.", column.Name);
        }
    }
}
