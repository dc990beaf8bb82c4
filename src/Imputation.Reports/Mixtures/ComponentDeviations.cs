using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Reports.Mixtures;

/// <summary>Standard deviations of the numeric columns by component, on the scale of the data.</summary>
internal static class ComponentDeviations
{
    /// <summary>The section; null where there is no numeric column.</summary>
    public static DiagnosticEntry? Of(NormalMixtureFit fit)
    {
        ColumnSeparation[] columns = ColumnSeparation.OfNumbers(fit);
        if (columns.Length == 0) return null;
        string shape = fit.Shape switch
        {
            MixtureShape.Tied => "The components have the same covariance, as the shape 'tied' asks.",
            MixtureShape.Diagonal => "Within a component the columns are independent, as the shape 'diagonal' asks.",
            MixtureShape.Spherical => "A component has one variance for all columns, as the shape 'spherical' asks.",
            _ => "Every component has a covariance of its own.",
        };
        bool several = fit.Components.Count > 1;
        return new DiagnosticEntry("deviations", "Standard deviations", new DiagnosticResult
        {
            Verdict = !several ? "" : fit.Shape == MixtureShape.Tied ? "The same in every component." : Widest(fit, columns),
            Tables =
            [
                new DiagnosticTable("Standard deviations", [new("Column", CellFormat.Text), .. ComponentNames.Columns(fit),
                    .. several ? (TableColumn[])[new("All")] : []],
                    [.. columns.Select(column => (IReadOnlyList<object?>)[column.Name, .. fit.Components.Select(c =>
                        (object?)Deviation(c, column)), .. several ? (object?[])[column.StandardDeviation] : []])]) { UnitsByRow = true },
            ],
            Method = $"In the units of the data. {shape}" + (several ? " 'All' is the standard deviation under the whole mixture: within "
                + "and between components." : ""),
        });
    }

    /// <summary>The column whose spread differs most, as a ratio.</summary>
    private static string Widest(NormalMixtureFit fit, ColumnSeparation[] columns)
    {
        string Of(int c, ColumnSeparation column) => $"{TextFormat.Number(Deviation(fit.Components[c], column), 3)} in component "
            + TextFormat.Count(c + 1);
        (ColumnSeparation Column, int Least, int Most) widest = columns.Select(column =>
        {
            int[] order = [.. Enumerable.Range(0, fit.Components.Count).OrderBy(c => Deviation(fit.Components[c], column))];
            return (column, order[0], order[^1]);
        }).MaxBy(w => Deviation(fit.Components[w.Item3], w.column) / Deviation(fit.Components[w.Item2], w.column));
        return $"That of '{widest.Column.Name}' differs most: {Of(widest.Least, widest.Column)}, {Of(widest.Most, widest.Column)}.";
    }

    private static double Deviation(MixtureComponent component, ColumnSeparation column) =>
        Math.Sqrt(component.Covariance[column.Index, column.Index]);
}
