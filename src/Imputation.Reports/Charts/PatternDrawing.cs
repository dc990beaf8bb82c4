using System.Text;
using Imputation.Diagnostics;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports.Charts;

/// <summary>The missingness map: columns across, patterns down, a bar beside each as long as it has rows.</summary>
internal sealed class PatternDrawing : Drawing
{
    private const double BarWidth = 110;
    private const double LegendHeight = 26;

    private readonly PatternMap _map;
    private readonly double _cell;
    private readonly double _row;
    private readonly ColumnLabels _labels;
    private readonly long _rows;
    private readonly double _top;
    private readonly double _right;
    private readonly double _textWidth;
    private readonly string[] _counts;

    public PatternDrawing(PatternMap map)
    {
        _map = map;
        _cell = map.Columns.Count switch
        {
            <= 12 => 34,
            <= 20 => 27,
            <= 30 => 21,
            <= 45 => 16,
            <= 60 => 12,
            var p => Math.Max(3.6, 720.0 / p)
        };
        _row = map.Patterns.Count switch { <= 40 => 18, _ => 14 };
        _labels = new ColumnLabels(map.Columns, _cell);
        _rows = map.Patterns.Sum(p => (long)p.RowCount) + map.LeftOutRows;
        _counts = [.. map.Patterns.Select(p => $"{TextFormat.Count(p.RowCount)} ({NumberText.Of(Share(p.RowCount), CellFormat.Share)})")];
        _textWidth = _counts.Length == 0 ? 60 : _counts.Max(c => TextSize.Width(c, 11));
        _right = 4 + Math.Max(60, map.Columns.Count * _cell);
        _top = LegendHeight + Math.Max(18, _labels.Height);
    }

    public override double Width => Math.Max(Math.Max(_right + 12 + BarWidth + 6 + _textWidth + 4, _right + _labels.Overhang), 250);

    public override double Height => _top + Math.Max(1, _map.Patterns.Count) * _row + 8;

    public override string Kind => "patterns";

    public override bool Scrolls => true;

    public override string Summary
    {
        get
        {
            var text = new StringBuilder($"{_map.Columns.Count} columns across, {_map.Patterns.Count} patterns down.");
            foreach (PatternRow pattern in _map.Patterns.Take(3)) text.Append(' ').Append(Words(pattern)).Append('.');
            return text.ToString();
        }
    }

    public override string Note => string.Join(" ", new[]
    {
        _map.LeftOutPatterns == 0 ? "" : $"{TextFormat.Count(_map.LeftOutPatterns)} rarer "
            + $"{(_map.LeftOutPatterns == 1 ? "pattern" : "patterns")} with {TextFormat.Count(_map.LeftOutRows)} "
            + $"{(_map.LeftOutRows == 1 ? "row" : "rows")} not shown.",
        _labels.Every == 1 ? "" : $"One column name in {_labels.Every} is shown.",
    }.Where(t => t.Length > 0));

    public override void Draw(Svg svg)
    {
        DrawLegend(svg);
        _labels.Draw(svg, 4, _top);
        double most = Math.Max(1, _map.Patterns.Count == 0 ? 1 : _map.Patterns.Max(p => p.RowCount)), gap = _cell >= 10 ? 1.5 : 0;
        for (int k = 0; k < _map.Patterns.Count; k++)
        {
            PatternRow pattern = _map.Patterns[k];
            double y = _top + k * _row, bar = _right + 12;
            using (svg.Group("pattern", $"{Words(pattern)}."))
            {
                if (_map.Columns.Count > 0) Cells(svg, "observed", '1', pattern.Observed, y, gap);
                Cells(svg, "missing", '0', pattern.Observed, y, gap);
                svg.Rect("bar", bar, y + 2.5, BarWidth * pattern.RowCount / most, _row - 6);
                svg.Text("value", bar + BarWidth * pattern.RowCount / most + 5, y + _row / 2 + 3, _counts[k], size: 11);
            }
        }
        if (_map.Patterns.Count == 0) svg.Text("nothing", 4, _top + 14, "no rows");
    }

    /// <summary>The cells of one kind of a pattern as one path: a rectangle each, or where cells are thin, one for each run of
    /// them.</summary>
    private void Cells(Svg svg, string style, char mark, string observed, double y, double gap)
    {
        var path = new StringBuilder();
        int count = Math.Min(observed.Length, _map.Columns.Count);
        for (int j = 0; j < count; j++)
        {
            if (observed[j] != mark) continue;
            int end = j + 1;
            while (gap == 0 && end < count && observed[end] == mark) end++;
            path.Append($"M{Svg.N(4 + j * _cell)} "
                + $"{Svg.N(y)}h{Svg.N((end - j) * _cell - gap)}v{Svg.N(_row - 1.5)}h{Svg.N(gap - (end - j) * _cell)}z");
            j = end - 1;
        }
        if (path.Length > 0) svg.Path(style, path.ToString());
    }

    private void DrawLegend(Svg svg)
    {
        double x = 4;
        foreach ((string style, string text) in new[] { ("missing", "missing"), ("observed", "observed") })
        {
            svg.Rect($"key {style}", x, 3, 14, 12);
            svg.Text("legend", x + 20, 13, text);
            x += 32 + TextSize.Width(text, FontSize);
        }
        if (x < _right + 12) svg.Text("label", _right + 12, Math.Max(13, _labels.Overhang > 10 ? 13 : _top - 8), "rows");
    }

    private double Share(int rows) => _rows == 0 ? 0 : (double)rows / _rows;

    private string Words(PatternRow pattern)
    {
        string[] missing = [.. Enumerable.Range(0, Math.Min(pattern.Observed.Length, _map.Columns.Count))
            .Where(j => pattern.Observed[j] == '0').Select(j => TextFormat.Cut(_map.Columns[j], 40))];
        string what = missing.Length == 0 ? "complete"
            : $"missing {string.Join(", ", missing.Take(15))}{(missing.Length > 15 ? $" and {missing.Length - 15} more" : "")}";
        return $"{TextFormat.Count(pattern.RowCount)} {(pattern.RowCount == 1 ? "row" : "rows")} "
            + $"({NumberText.Of(Share(pattern.RowCount), CellFormat.Share)}): {what}";
    }
}
