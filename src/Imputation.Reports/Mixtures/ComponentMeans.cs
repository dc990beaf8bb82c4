using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Reports.Mixtures;

/// <summary>Means of the numeric columns by component, on the scale of the data.</summary>
internal static class ComponentMeans
{
    /// <summary>Most columns in the map of means.</summary>
    private const int MostMapped = 40;

    /// <summary>The section; null where there is no numeric column.</summary>
    public static DiagnosticEntry? Of(NormalMixtureFit fit)
    {
        ColumnSeparation[] columns = ColumnSeparation.OfNumbers(fit);
        if (columns.Length == 0) return null;
        bool several = fit.Components.Count > 1;
        ColumnSeparation best = columns[0];
        return new DiagnosticEntry("means", "Means", new DiagnosticResult
        {
            Verdict = several ? $"'{best.Name}' separates the components most: {TextFormat.Percent(best.Between)} of its variance lies "
                + "between them." : "",
            Charts = several ? [Map(fit, [.. columns.Take(MostMapped)])] : [],
            Tables =
            [
                new DiagnosticTable("Means", [new("Column", CellFormat.Text), .. ComponentNames.Columns(fit),
                    .. several ? (TableColumn[])[new("All"), new("Between components", CellFormat.Share)] : []],
                    [.. columns.Select(column => (IReadOnlyList<object?>)[column.Name, .. fit.Components.Select(c =>
                        (object?)c.Mean[column.Index]), .. several ? (object?[])[column.Mean, column.Between] : []])])
                {
                    UnitsByRow = true,
                },
            ],
            Method = "Means in the units of the data, with missing cells accounted for by the model." + (several ? " 'All' is the mean "
                + "under the whole mixture. 'Between components' is the share of a column's variance that the differences of the means "
                + "make (η²); columns with the largest come first." : ""),
        });
    }

    /// <summary>Means as distances from the mean of all: comparable between columns.</summary>
    private static HeatMap Map(NormalMixtureFit fit, ColumnSeparation[] columns)
    {
        int k = fit.Components.Count;
        var values = new double[columns.Length, k];
        double largest = 1;
        for (int j = 0; j < columns.Length; j++)
        {
            ColumnSeparation column = columns[j];
            for (int c = 0; c < k; c++)
            {
                values[j, c] = column.StandardDeviation > 0
                    ? (fit.Components[c].Mean[column.Index] - column.Mean) / column.StandardDeviation : 0;
                largest = Math.Max(largest, Math.Abs(values[j, c]));
            }
        }
        return new HeatMap("Profiles", "mean less that of all, in standard deviations", [.. columns.Select(c => c.Name)],
            ComponentNames.All(fit), values, -largest, largest)
        {
            Description = "How far each component lies above or below the mean of all, in standard deviations of the column"
                + (fit.Numbers.Count > columns.Length ? $"; the {columns.Length} columns that separate the components best." : "."),
        };
    }
}
