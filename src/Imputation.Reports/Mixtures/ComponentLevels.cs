using Imputation.Diagnostics;
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
        (ColumnSeparation Column, string Level)[] levels = [.. columns.SelectMany(column =>
            fit.Components[0].Probabilities[column.Name].Keys.Select(level => (column, level)))];
        return new DiagnosticEntry("levels", "Levels", new DiagnosticResult
        {
            Verdict = several ? $"'{best.Name}' separates the components most among the categories: {TextFormat.Percent(best.Between)} of "
                + "its variation lies between them." : "",
            Charts = several ? [Map(fit, [.. levels.Take(MostMapped)], levels.Length)] : [],
            Tables =
            [
                new DiagnosticTable("Shares of levels", [new("Column", CellFormat.Text), new("Level", CellFormat.Text),
                    .. ComponentNames.Columns(fit, CellFormat.Share), new("All", CellFormat.Share),
                    new("Between components", CellFormat.Share)],
                    [.. levels.Select(l => (IReadOnlyList<object?>)[l.Column.Name, l.Level, .. fit.Components.Select(c =>
                        (object?)c.Probabilities[l.Column.Name][l.Level]), ColumnSeparation.Share(fit, l.Column.Name, l.Level),
                        l.Column.Between])]),
            ],
            Method = "The probability of each level within a component; those of a column add up to 1. 'Between components' is the share "
                + "of the whole column's variation that the components make (τ of Goodman and Kruskal 1954); columns with the largest come "
                + "first.",
        });
    }

    private static HeatMap Map(NormalMixtureFit fit, (ColumnSeparation Column, string Level)[] levels, int all)
    {
        var values = new double[levels.Length, fit.Components.Count];
        for (int l = 0; l < levels.Length; l++)
            for (int c = 0; c < fit.Components.Count; c++)
                values[l, c] = fit.Components[c].Probabilities[levels[l].Column.Name][levels[l].Level];
        return new HeatMap("Levels by component", "share within the component", [.. levels.Select(l => $"{l.Column.Name}: {l.Level}")],
            ComponentNames.All(fit), values, 0, 1)
        {
            Description = all > levels.Length ? $"The first {levels.Length} of {TextFormat.Count(all)} levels of the table below." : "",
        };
    }
}
