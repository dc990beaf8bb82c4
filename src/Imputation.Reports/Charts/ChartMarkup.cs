using Imputation.Diagnostics;
using Imputation.Reports.Html;

namespace Imputation.Reports.Charts;

/// <summary>A chart as a figure of the page.</summary>
internal static class ChartMarkup
{
    /// <summary>The drawing of a chart; null for a kind of chart that is not known here.</summary>
    public static Drawing? Layout(Chart chart) => chart switch
    {
        XyChart xy => new XyDrawing(xy),
        BarChart bars => new BarDrawing(bars),
        PatternMap patterns => new PatternDrawing(patterns),
        HeatMap heat => new HeatDrawing(heat),
        Dendrogram tree => new DendrogramDrawing(tree),
        _ => null,
    };

    public static void Write(Markup html, Chart chart)
    {
        Drawing? drawing = Layout(chart);
        string wide = drawing is { Scrolls: true, Width: > Drawing.OrdinaryWidth } ? " wide" : "", tall = IsTall(drawing) ? " tall" : "";
        using (html.In("figure", ("class", $"chart {drawing?.Kind ?? "unknown"}{wide}{tall}")))
        {
            using (html.In("figcaption"))
            {
                html.Element("span", chart.Title, ("class", "title"));
                if (chart.Description.Length > 0) html.Element("span", chart.Description, ("class", "about"));
            }
            if (drawing is null)
            {
                html.Element("p", $"This kind of chart ({chart.GetType().Name}) cannot be drawn on this page.", ("class", "note"));
                return;
            }
            if (drawing.Scrolls)
            {
                using (html.In("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", chart.Title)))
                    WriteSvg(html, chart, drawing);
            }
            else
            {
                WriteSvg(html, chart, drawing);
            }
            if (IsTall(drawing)) html.Element("p", "The chart is taller than its box: scroll to see all of it.",
                ("class", "note onscreen"));
            if (drawing.Note.Length > 0) html.Element("p", drawing.Note, ("class", "note"));
        }
        html.Break();
    }

    /// <summary>Whether the drawing is higher than the box that the style sheet gives it, scaled up as it may be; heat maps and patterns
    /// keep their size.</summary>
    private static bool IsTall(Drawing? drawing) => drawing is { Scrolls: true }
        && drawing.Height * (drawing is HeatDrawing or PatternDrawing ? 1 : Math.Max(1, 464 / drawing.Width)) > 960;

    private static void WriteSvg(Markup html, Chart chart, Drawing drawing)
    {
        string title = html.NewId("title"), about = html.NewId("desc"), width = Svg.N(drawing.Width), height = Svg.N(drawing.Height);
        using (html.In("svg", ("role", "img"), ("aria-labelledby", $"{title} {about}"), ("viewBox", $"0 0 {width} {height}"),
            ("width", width), ("height", height)))
        {
            html.Element("title", chart.Title, ("id", title));
            html.Element("desc", $"{chart.Description} {drawing.Summary}".Trim(), ("id", about));
            drawing.Draw(new Svg(html));
        }
    }
}
