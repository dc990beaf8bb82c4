using Imputation.Diagnostics;

namespace Imputation.Reports.Charts;

/// <summary>The names of the series with a sample of each, in lines above the plot.</summary>
internal sealed class Legend
{
    private const int Most = 10;
    private const double LineHeight = 18;
    private const double SampleWidth = 24;

    private readonly List<(int Series, string Name, string Whole, double X, int Line)> _entries = [];
    private readonly IReadOnlyList<ChartSeries> _series;
    private readonly int[] _styles;

    public Legend(IReadOnlyList<ChartSeries> series, int[] styles, double width)
    {
        _series = series;
        _styles = styles;
        int[] named = [.. Enumerable.Range(0, series.Count).Where(s => series[s].Name.Length > 0)];
        if (named.Length == 0 || (series.Count == 1 && named.Length == 1)) return;
        double x = 0;
        int line = 0;
        void Add(int at, string whole)
        {
            string name = TextSize.Fitted(whole, Drawing.FontSize, width / 2 - SampleWidth - 16);
            double size = (at < 0 ? 0 : SampleWidth + 6) + TextSize.Width(name, Drawing.FontSize);
            if (x > 0 && x + size > width) (x, line) = (0, line + 1);
            _entries.Add((at, name, whole, x, line));
            x += size + 16;
        }
        foreach (int s in named.Take(named.Length > Most ? Most - 1 : Most)) Add(s, series[s].Name);
        if (named.Length > Most) Add(-1, $"and {named.Length - Most + 1} more");
        Height = (line + 1) * LineHeight + 6;
    }

    /// <summary>0 where there is nothing to distinguish.</summary>
    public double Height { get; }

    public void Draw(Svg svg, double left, double top)
    {
        foreach ((int s, string name, string whole, double x, int line) in _entries)
        {
            double at = left + x, middle = top + line * LineHeight + 8;
            if (s >= 0) DrawSample(svg, s, at, middle);
            svg.Text("legend", at + (s < 0 ? 0 : SampleWidth + 6), middle + 4, name, whole: whole);
        }
    }

    private void DrawSample(Svg svg, int s, double x, double y)
    {
        ChartSeries series = _series[s];
        switch (series.Kind)
        {
            case SeriesKind.Points:
                if (series.Lower.Count > 0) svg.Line($"key interval {SeriesStyle.Of(_styles[s])}", x + SampleWidth / 2, y - 8,
                    x + SampleWidth / 2, y + 8);
                SeriesStyle.Mark(svg, _styles[s], "key", x + SampleWidth / 2, y, 4);
                break;
            case SeriesKind.Reference: svg.Line("key reference", x, y, x + SampleWidth, y); break;
            case SeriesKind.Area:
                svg.Rect($"key area {SeriesStyle.Of(_styles[s])}", x, y - 5, SampleWidth, 10);
                svg.Line($"key line {SeriesStyle.Of(_styles[s])}", x, y - 5, x + SampleWidth, y - 5);
                break;
            default: svg.Line($"key line {SeriesStyle.Of(_styles[s])}", x, y, x + SampleWidth, y); break;
        }
    }
}
