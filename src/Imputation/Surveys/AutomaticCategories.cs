using Imputation.Data;

namespace Imputation.Surveys;

/// <summary>Columns that are categorical by themselves: Booleans, enumerations, and text with few levels. Digits are so only where a
/// codebook or the user says so.</summary>
internal static class AutomaticCategories
{
    /// <summary>Most levels of a text that is taken for a category.</summary>
    private const int MostLevels = 50;

    /// <summary>A text of which at least this share of the answers repeats another has levels; otherwise it names or describes.</summary>
    private const double LeastRepeated = 0.5;

    /// <summary>The table with levels for these columns, but for those that the codebook calls something else.</summary>
    /// <param name="table">The table.</param>
    /// <param name="codebook">What is declared.</param>
    /// <param name="findings">Receives what was guessed.</param>
    public static Table Apply(Table table, Codebook? codebook, List<Finding> findings)
    {
        NumericColumn[] numbers = [.. table.Columns.OfType<NumericColumn>().Where(c => c.Categories is null
            && !table.Roles.ContainsKey(c.Name))];
        var changed = new Dictionary<string, Column>();
        foreach (Column column in table.Columns)
        {
            Measure? declared = codebook?[column.Name]?.Measure;
            if (column.Categories is null && declared is null or Measure.Binary or Measure.Nominal or Measure.Ordinal
                && IsCategorical(column))
            {
                if (declared is null && column is TextColumn text && NumberedLevels.Of(text, numbers) is var (levels, by))
                {
                    changed[column.Name] = column.AsCategorical(levels);
                    findings.Add(new Finding(FindingSeverity.Note, "levels-in-order", $"The levels of '{column.Name}', "
                        + $"{levels.Levels[0]} to {levels.Levels[^1]}, are taken to be in the order of their numbers, with which '{by}' "
                        + "goes.", [column.Name], "If they have no order, declare the measure nominal in a codebook."));
                }
                else changed[column.Name] = column.AsCategorical();
            }
        }
        return changed.Count == 0 ? table : table.With(changed);
    }

    private static bool IsCategorical(Column column)
    {
        if (column is ObjectColumn { Type: var type }) return type == typeof(bool) || type.IsEnum;
        if (column is not TextColumn text) return false;
        var levels = new HashSet<string>(StringComparer.Ordinal);
        int observed = 0;
        bool digits = true;
        for (int row = 0; row < text.Count; row++)
        {
            if (text[row] is not { } value) continue;
            observed++;
            digits &= value.AsSpan().Trim().IndexOfAnyExceptInRange('0', '9') < 0;
            if (levels.Add(value) && levels.Count > MostLevels) return false;
        }
        return !digits && levels.Count > 1 && observed - levels.Count >= LeastRepeated * observed && !DateText.AreDates(column);
    }
}
