using Imputation.Diagnostics;

namespace Imputation.Reports.Charts;

/// <summary>Style of the k-th series. Series never differ in colour alone: marks differ in shape too, and lines in their dashes.</summary>
internal static class SeriesStyle
{
    private const int Colours = 6;
    private const int Dashes = 4;

    /// <summary>The number of each series in the order of looks; lines for orientation take none.</summary>
    public static int[] Indices(IReadOnlyList<ChartSeries> series)
    {
        int next = 0;
        return [.. series.Select(s => s.Kind == SeriesKind.Reference ? 0 : next++)];
    }

    /// <summary>The classes of its colour and dashes.</summary>
    public static string Of(int index) => $"s{index % Colours} d{index % Dashes}";

    /// <summary>A mark about a point: circle, square, triangle, diamond, then the same hollow.</summary>
    public static void Mark(Svg svg, int index, string style, double x, double y, double radius, string? title = null)
    {
        string classes = $"{style} s{index % Colours}{(index / 4 % 2 == 1 ? " hollow" : "")}";
        double a = radius * 0.9, b = radius * 1.25;
        switch (index % 4)
        {
            case 0: svg.Circle(classes, x, y, radius, title); break;
            case 1: svg.Path(classes, $"M{Svg.N(x - a)} {Svg.N(y - a)}h{Svg.N(2 * a)}v{Svg.N(2 * a)}h{Svg.N(-2 * a)}z", title); break;
            case 2: svg.Path(classes, $"M{Svg.N(x)} {Svg.N(y - b)}l{Svg.N(b)} {Svg.N(1.8 * b)}h{Svg.N(-2 * b)}z", title); break;
            default:
                svg.Path(classes, $"M{Svg.N(x)} {Svg.N(y - b)}l{Svg.N(b)} {Svg.N(b)}l{Svg.N(-b)} {Svg.N(b)}l{Svg.N(-b)} {Svg.N(-b)}z",
                title); break;
        }
    }
}
