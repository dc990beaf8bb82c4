using System.Globalization;
using Imputation.Diagnostics;

namespace Imputation.Reports.Mixtures;

/// <summary>The components by their numbers, as in the file of segments: from 1, the largest first.</summary>
internal static class ComponentNames
{
    /// <summary>Of a component by its index from 0.</summary>
    public static string Of(int index) => string.Create(CultureInfo.InvariantCulture, $"Component {index + 1}");

    /// <summary>Of all of a fit.</summary>
    public static string[] All(NormalMixtureFit fit) => [.. Enumerable.Range(0, fit.Components.Count).Select(Of)];

    /// <summary>A table's columns, one for each.</summary>
    public static IEnumerable<TableColumn> Columns(NormalMixtureFit fit, CellFormat format = CellFormat.Number) =>
        All(fit).Select(name => new TableColumn(name, format));
}
