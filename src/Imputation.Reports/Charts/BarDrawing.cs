using Imputation.Diagnostics;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports.Charts;

/// <summary>A bar for each category, lying, so that names can be read.</summary>
internal sealed class BarDrawing : Drawing
{
    private readonly BarChart _chart;
    private readonly int _count;
    private readonly double _row;
    private readonly double _size;
    private readonly string[] _names;
    private readonly string[] _texts;
    private readonly double _left;
    private readonly double _top;
    private readonly Axis _axis;

    public BarDrawing(BarChart chart)
    {
        _chart = chart;
        _count = Math.Min(chart.Categories.Count, chart.Values.Count);
        (_row, _size) = _count switch { <= 40 => (19, FontSize), <= 100 => (16, 11.5), _ => (14, 11) };
        _names = [.. chart.Categories.Take(_count).Select(c => TextSize.Fitted(c, _size, 130))];
        _texts = [.. chart.Values.Take(_count).Select(v => double.IsFinite(v) ? NumberText.Of(v, chart.Format) : "none")];
        _left = 10 + (_count == 0 ? 0 : _names.Max(n => TextSize.Width(n, _size)));
        _top = chart.ValueLabel.Length > 0 ? 44 : 24;
        double room = _count == 0 ? 0 : _texts.Max(t => TextSize.Width(t, _size)) + 8;
        _axis = Axis.Over(chart.Values.Take(_count), 4, fromZero: true).Drawn(_left, OrdinaryWidth - 4 - room);
    }

    public override double Width => OrdinaryWidth;

    public override double Height => _top + Math.Max(1, _count) * _row + 6;

    public override string Kind => "bars";

    public override bool Scrolls => _count > 40;

    public override string Summary => _count == 0 ? "No data."
        : $"{_count} {(_count == 1 ? "bar" : "bars")}. Longest: " + string.Join(", ",
            Enumerable.Range(0, _count).Where(i => double.IsFinite(_chart.Values[i]))
            .OrderByDescending(i => _chart.Values[i]).Take(5).Select(i => $"{TextFormat.Cut(_chart.Categories[i], 40)} {_texts[i]}")) + ".";

    public override void Draw(Svg svg)
    {
        if (_count == 0)
        {
            svg.Text("nothing", Width / 2, 20, "no data", "middle");
            return;
        }
        double bottom = _top + _count * _row;
        AxisAbove(svg, _axis, _axis.Labels(_chart.Format == CellFormat.Share), _chart.ValueLabel, _left, _top, bottom);
        double zero = _axis[0], thick = _row * 0.68;
        for (int i = 0; i < _count; i++)
        {
            double y = _top + i * _row, value = _chart.Values[i], baseline = y + _row / 2 + 0.36 * _size;
            svg.Text("category", _left - 7, baseline, _names[i], "end", _size, whole: _chart.Categories[i]);
            double end = Axis.IsDrawable(value) ? _axis[value] : zero;
            if (Axis.IsDrawable(value)) svg.Rect("bar", Math.Min(zero, end), y + (_row - thick) / 2, Math.Abs(end - zero), thick,
                $"{_chart.Categories[i]}: {_texts[i]}");
            svg.Text("value", Math.Max(zero, end) + 5, baseline, _texts[i], size: _size);
        }
        svg.Line("axis", zero, _top - 4, zero, bottom);
    }
}
