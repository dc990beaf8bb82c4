using Imputation.Diagnostics;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports.Mixtures;

/// <summary>Shares of the levels of categories by component.</summary>
internal static class ComponentLevels
{
    /// <summary>Most levels in the map of shares.</summary>
    private const int MostMapped = 40;

    /// <summary>The section; null where there is no category.</summary>
    public static DiagnosticEntry? Of(NormalMixtureFit fit)
    {
        ColumnSeparation[] columns = ColumnSeparation.OfCategories(fit);
        if (columns.Length == 0) return null;
        bool several = fit.Components.Count > 1;
        ColumnSeparation best = columns[0];
        Level[] levels = [.. columns.SelectMany(column => fit.Components[0].Probabilities[column.Name].Keys.Select(level =>
            new Level(column, level)))];
        return new DiagnosticEntry("levels", "Levels", new DiagnosticResult
        {
            Verdict = several ? $"'{best.Name}' separates the components most among the categories: {TextFormat.Percent(best.Between)} of "
                + "its variation lies between them." : "",
            Charts = several ? [Map(fit, [.. levels.Take(MostMapped)], levels.Length)] : [],
            Tables = [.. Parts(levels).Select((part, index) => Table(fit, part, index))],
            Method = "The probability of each level within a component; those of a column add up to 1." + (several ? " 'Between "
                + "components' is the share of the whole column's variation that the components make (τ of Goodman and Kruskal 1954); "
                + "columns with the largest come first." : ""),
        });
    }

    /// <summary>The levels in tables that are written in full, no column in two of them.</summary>
    private static IEnumerable<Level[]> Parts(Level[] levels)
    {
        var part = new List<Level>();
        foreach (IGrouping<ColumnSeparation, Level> column in levels.GroupBy(level => level.Column))
        {
            if (part.Count > 0 && part.Count + column.Count() > TableMarkup.MostRows)
            {
                yield return [.. part];
                part.Clear();
            }
            part.AddRange(column);
        }
        yield return [.. part];
    }

    private static DiagnosticTable Table(NormalMixtureFit fit, Level[] levels, int index)
    {
        bool several = fit.Components.Count > 1;
        return new DiagnosticTable(index == 0 ? "Shares of levels" : $"Shares of levels, from {levels[0].Column.Name} on",
            [new("Column", CellFormat.Text), new("Level", CellFormat.Text), .. ComponentNames.Columns(fit, CellFormat.Share),
                .. several ? (TableColumn[])[new("All", CellFormat.Share), new("Between components", CellFormat.Share)] : []],
            [.. levels.Select(level => (IReadOnlyList<object?>)[level.Column.Name, level.Name, .. fit.Components.Select(c =>
                (object?)c.Probabilities[level.Column.Name][level.Name]), .. several ? (object?[])[ColumnSeparation.Share(fit,
                    level.Column.Name, level.Name), level.Column.Between] : []])]);
    }

    private static HeatMap Map(NormalMixtureFit fit, Level[] levels, int all)
    {
        var values = new double[levels.Length, fit.Components.Count];
        for (int l = 0; l < levels.Length; l++)
            for (int c = 0; c < fit.Components.Count; c++)
                values[l, c] = fit.Components[c].Probabilities[levels[l].Column.Name][levels[l].Name];
        return new HeatMap("Levels by component", "share within the component", [.. levels.Select(l => $"{l.Column.Name}: {l.Name}")],
            ComponentNames.All(fit), values, 0, 1)
        {
            Description = all > levels.Length ? $"The first {levels.Length} of {TextFormat.Count(all)} levels; the tables have all." : "",
        };
    }

    private readonly record struct Level(ColumnSeparation Column, string Name);
}
