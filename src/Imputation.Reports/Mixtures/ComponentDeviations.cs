using Imputation.Diagnostics;

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
        return new DiagnosticEntry("deviations", "Standard deviations", new DiagnosticResult
        {
            Tables =
            [
                new DiagnosticTable("Standard deviations", [new("Column", CellFormat.Text), .. ComponentNames.Columns(fit), new("All")],
                    [.. columns.Select(column => (IReadOnlyList<object?>)[column.Name, .. fit.Components.Select(c =>
                        (object?)Math.Sqrt(c.Covariance[column.Index, column.Index])), column.StandardDeviation])]),
            ],
            Method = $"In the units of the data. {shape} 'All' is the standard deviation under the whole mixture: within and between "
                + "components.",
        });
    }
}
