using Imputation.Diagnostics;
using Imputation.Statistics;
using Imputation.Text;
using MathNet.Numerics.Distributions;

namespace Imputation.Reports.Mixtures;

/// <summary>The rows in pairs of the columns that separate the components best; of a single column, its distribution in each
/// component.</summary>
internal static class ComponentPairs
{
    /// <summary>Most points of a chart: more hide one another, and make the page heavy.</summary>
    public const int MostRows = 500;

    /// <summary>Columns that are paired: six charts.</summary>
    private const int MostColumns = 4;

    /// <summary>Points of a curve, and standard deviations of the outermost components that it covers.</summary>
    private const int CurvePoints = 161;
    private const double CurveReach = 3.5;

    /// <summary>The section; null where there is no numeric column.</summary>
    public static DiagnosticEntry? Of(Table read, NormalMixtureFit fit, double[,] responsibilities)
    {
        ColumnSeparation[] columns = [.. ColumnSeparation.OfNumbers(fit).Take(MostColumns)];
        if (columns.Length == 0) return null;
        if (columns.Length == 1)
            return new DiagnosticEntry("pairs", "Distribution", new DiagnosticResult
            {
                Charts = [Densities(fit, columns[0])],
                Method = "Normal densities of the components, each times its weight: together they are the density of the column.",
            });
        NumericColumn[] numbers = [.. columns.Select(column => (NumericColumn)read[column.Name])];
        int[] components = [.. Enumerable.Range(0, read.RowCount).Select(row => NormalMixtureFit.MostProbable(responsibilities, row))];
        string which = fit.Numbers.Count == columns.Length ? "all numeric columns" : fit.Components.Count == 1
            ? $"the first {columns.Length} of {TextFormat.Count(fit.Numbers.Count)} numeric columns"
            : $"the {columns.Length} of {TextFormat.Count(fit.Numbers.Count)} numeric columns that separate the components best";
        return new DiagnosticEntry("pairs", "Pairs of columns", new DiagnosticResult
        {
            Verdict = $"{TextFormat.NameList(columns.Select(c => c.Name))}: {which}.",
            Charts = [.. from i in Enumerable.Range(0, numbers.Length) from j in Enumerable.Range(i + 1, numbers.Length - i - 1)
                select Scatter(fit, numbers[i], numbers[j], components)],
            Method = fit.Components.Count == 1 ? "" : "Separation is the share of a column's variance between the components. A row is "
                + "drawn as its most probable component, by all of its observed cells: components that overlap in one chart may be apart "
                + "in another.",
        });
    }

    private static XyChart Scatter(NormalMixtureFit fit, NumericColumn x, NumericColumn y, int[] components)
    {
        int[] both = [.. Enumerable.Range(0, components.Length).Where(row => !x.IsMissing(row) && !y.IsMissing(row))];
        int[] drawn = [.. StratifiedSample.Of(both.Length, MostRows, seed: 0).Select(place => both[place])];
        int holes = components.Length - both.Length;
        string rows = TextFormat.Count(both.Length, "row");
        return new XyChart($"{x.Name} and {y.Name}", x.Name, y.Name, [.. Enumerable.Range(0, fit.Components.Count).Select(c =>
        {
            int[] own = [.. drawn.Where(row => components[row] == c)];
            return new ChartSeries(ComponentNames.Of(c), SeriesKind.Points, [.. own.Select(row => x.Values[row])],
                [.. own.Select(row => y.Values[row])]);
        })])
        {
            Description = (drawn.Length < both.Length ? $"A sample of {TextFormat.Count(drawn.Length)} of {rows}" : rows)
                + (holes == 0 ? "."
                    : $"; {TextFormat.Count(holes)} with a hole in one of the two {(holes == 1 ? "is" : "are")} not drawn."),
        };
    }

    private static XyChart Densities(NormalMixtureFit fit, ColumnSeparation column)
    {
        (double Weight, double Mean, double Deviation)[] normals = [.. fit.Components.Select(c => (c.Weight, c.Mean[column.Index],
            Math.Sqrt(c.Covariance[column.Index, column.Index])))];
        double low = normals.Min(c => c.Mean - CurveReach * c.Deviation), high = normals.Max(c => c.Mean + CurveReach * c.Deviation);
        double[] x = [.. Enumerable.Range(0, CurvePoints).Select(i => low + (high - low) * i / (CurvePoints - 1))];
        return new XyChart($"Density of {column.Name}", column.Name, "density", [.. normals.Select((normal, c) => new ChartSeries(
            ComponentNames.Of(c), SeriesKind.Area, x,
            [.. x.Select(at => normal.Weight * Normal.PDF(normal.Mean, normal.Deviation, at))]))]);
    }
}
