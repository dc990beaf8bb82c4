using System.Text;
using Imputation.Diagnostics;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports.Charts;

/// <summary>Series over two axes.</summary>
internal sealed class XyDrawing : Drawing
{
    /// <summary>Most marks of a series; of more, evenly many are drawn.</summary>
    public const int MostMarks = 4000;

    /// <summary>Maximum number of named points that are all labelled, as far as there is room; with more, only the outermost are.</summary>
    private const int AllNames = 60;
    private const int SomeNames = 15;
    private const double PlotHeight = 225;
    private const double LabelSize = 11;

    private readonly XyChart _chart;
    private readonly Points[] _series;
    private readonly int[] _styles;
    private readonly Legend _legend;
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly string[] _xLabels;
    private readonly string[] _yLabels;
    private readonly double _left;
    private readonly double _top;
    private readonly double _bottom;
    private readonly double _right = OrdinaryWidth - 14;
    private readonly string _note;
    private readonly (int Series, int Point, LabelPlacer.Place Place)[] _names;

    public XyDrawing(XyChart chart)
    {
        _chart = chart;
        _series = [.. chart.Series.Select(Points.Of)];
        _styles = SeriesStyle.Indices(chart.Series);
        _legend = new Legend(chart.Series, _styles, OrdinaryWidth - 20);
        bool areas = chart.Series.Any(s => s.Kind == SeriesKind.Area) && _series.All(s => s.Y.Concat(s.Lower).All(y => y >= 0));
        Points[] references = [.. _series.Where((_, s) => chart.Series[s].Kind == SeriesKind.Reference)],
            data = [.. _series.Except(references)];
        Axis x = Axis.Over(With(data.SelectMany(s => s.X), references.SelectMany(s => s.X)), 6,
            whole: data.All(s => s.X.All(double.IsInteger)));
        Axis y = Axis.Over(With(data.SelectMany(s => s.Y.Concat(s.Lower).Concat(s.Upper)), references.SelectMany(s => s.Y)), 5,
            fromZero: areas);
        _yLabels = y.Labels();
        _left = 12 + _yLabels.Max(l => TextSize.Width(l, FontSize));
        _top = _legend.Height + (chart.YLabel.Length > 0 ? 26 : 10);
        _bottom = _top + PlotHeight;
        _x = x.Drawn(_left, _right);
        _xLabels = Thinned(_x);
        _y = y.Drawn(_bottom, _top);
        _names = [.. PlaceNames(out int homeless)];
        int undrawn = _series.Sum(s => s.Dropped);
        _note = string.Join(" ", new[]
        {
            undrawn == 0 ? "" : $"{TextFormat.Count(undrawn, "point")} with non-finite values not drawn.",
            _series.All(s => s.Step == 1) ? "" : $"Series with more than {TextFormat.Count(MostMarks)} points are thinned: every "
                + $"{string.Join(" or ", _series.Select(s => s.Step).Where(s => s > 1).Distinct().Order())}th point is drawn.",
            homeless == 0 ? "" : _series.Sum(s => s.Labels.Length) > AllNames
                ? "Only some names are printed, the outermost first; point at a mark to see its name."
                : $"{TextFormat.Count(homeless, "name")} not printed for lack of space; point at a mark to see its name.",
        }.Where(t => t.Length > 0));
    }

    public override double Width => OrdinaryWidth;

    public override double Height => _series.All(s => s.X.Length == 0) ? 36 : _bottom + (_chart.XLabel.Length > 0 ? 42 : 24);

    public override string Kind => "xy";

    public override string Note => _note;

    public override string Summary
    {
        get
        {
            if (_series.All(s => s.X.Length == 0)) return "No data.";
            var text = new StringBuilder();
            for (int s = 0; s < _series.Length; s++)
            {
                Points points = _series[s];
                if (_chart.Series[s].Kind == SeriesKind.Reference || s >= 12) continue;
                if (text.Length > 0) text.Append(' ');
                text.Append(_chart.Series[s].Name.Length > 0 ? _chart.Series[s].Name : "Series").Append(": ")
                    .Append(TextFormat.Count(points.X.Length + points.Dropped, "point"));
                if (points.X.Length > 0) text.Append($", horizontally {Range(points.X)}, vertically {Range(points.Y)}");
                text.Append('.');
            }
            return text.ToString();
        }
    }

    public override void Draw(Svg svg)
    {
        if (_series.All(s => s.X.Length == 0))
        {
            svg.Text("nothing", Width / 2, 20, "no data", "middle");
            return;
        }
        _legend.Draw(svg, 4, 2);
        DrawAxes(svg);
        using (svg.Clipped(_left, _top - 4, _right - _left + 4, PlotHeight + 8))
        {
            for (int s = 0; s < _series.Length; s++) DrawSeries(svg, s);
        }
        foreach ((int s, int i, LabelPlacer.Place place) in _names)
        {
            if (place.Leader is { } leader) svg.Line("leader", _x[_series[s].X[i]], _y[_series[s].Y[i]], leader.X, leader.Y);
            svg.Text("name", place.X, place.Y, ShownName(s, i), size: LabelSize, whole: _series[s].Labels[i]);
        }
    }

    private void DrawAxes(Svg svg)
    {
        using (svg.Group("axes"))
        {
            for (int k = 0; k < _y.Ticks.Length; k++)
            {
                double y = _y[_y.Ticks[k]];
                svg.Line("grid", _left, y, _right, y);
                svg.Text("tick", _left - 6, y + 4, _yLabels[k], "end");
            }
            svg.Line("axis", _left, _bottom, _right, _bottom);
            for (int k = 0; k < _x.Ticks.Length; k++)
            {
                if (_xLabels[k].Length == 0) continue;
                double x = _x[_x.Ticks[k]];
                svg.Line("axis", x, _bottom, x, _bottom + 4);
                double half = TextSize.Width(_xLabels[k], FontSize) / 2;
                svg.Text("tick", Math.Min(x, Width - half), _bottom + 17, _xLabels[k], "middle");
            }
            if (_chart.YLabel.Length > 0) svg.Text("label", 4, _top - 11, TextSize.Fitted(_chart.YLabel, FontSize, Width - 12),
                whole: _chart.YLabel);
            if (_chart.XLabel.Length > 0) svg.Text("label", _right, _bottom + 36, TextSize.Fitted(_chart.XLabel, FontSize, Width - 20),
                "end", whole: _chart.XLabel);
        }
    }

    private void DrawSeries(Svg svg, int s)
    {
        ChartSeries series = _chart.Series[s];
        Points points = _series[s];
        if (points.X.Length == 0) return;
        switch (series.Kind)
        {
            case SeriesKind.Points: DrawMarks(svg, s, points); break;
            case SeriesKind.Reference: svg.Path("reference", LinePath(points), NullIfEmpty(series.Name)); break;
            case SeriesKind.Area:
                svg.Path($"area {SeriesStyle.Of(_styles[s])}", AreaPath(points));
                svg.Path($"line {SeriesStyle.Of(_styles[s])}", LinePath(points), NullIfEmpty(series.Name));
                break;
            default:
                svg.Path($"line {SeriesStyle.Of(_styles[s])}", LinePath(points), NullIfEmpty(series.Name));
                for (int i = 0; i < points.X.Length; i++)
                {
                    // a line of one point is not seen
                    bool alone = points.AfterGap[i] && (i + 1 == points.X.Length || points.AfterGap[i + 1]);
                    if (alone) SeriesStyle.Mark(svg, _styles[s], "mark", _x[points.X[i]], _y[points.Y[i]], 3.5, NullIfEmpty(series.Name));
                }
                break;
        }
    }

    private void DrawMarks(Svg svg, int s, Points points)
    {
        double radius = Radius(points);
        using (svg.Group(points.X.Length > 400 ? "dense" : null))
        {
            if (points.Lower.Length > 0)
            {
                for (int i = 0; i < points.X.Length; i++)
                {
                    double low = points.Lower[i], high = points.Upper[i], x = _x[points.X[i]];
                    if (Axis.IsDrawable(low) && Axis.IsDrawable(high))
                        svg.Line($"interval {SeriesStyle.Of(_styles[s])}", x, _y[low], x, _y[high]);
                }
            }
            for (int i = 0; i < points.X.Length; i++)
                SeriesStyle.Mark(svg, _styles[s], "mark", _x[points.X[i]], _y[points.Y[i]], radius, points.Labels.Length > 0
                    ? points.Labels[i] : null);
        }
    }

    private string LinePath(Points points)
    {
        var path = new StringBuilder();
        for (int i = 0; i < points.X.Length; i++)
            path.Append(i == 0 || points.AfterGap[i] ? 'M' : 'L').Append(Svg.N(_x[points.X[i]])).Append(' ').Append(Svg.N(_y[points.Y[i]]));
        return path.ToString();
    }

    private string AreaPath(Points points)
    {
        double ground = _y[Math.Clamp(0, _y.Minimum, _y.Maximum)];
        var path = new StringBuilder();
        path.Append('M').Append(Svg.N(_x[points.X[0]])).Append(' ').Append(Svg.N(ground));
        for (int i = 0; i < points.X.Length; i++) path.Append('L').Append(Svg.N(_x[points.X[i]])).Append(' ')
            .Append(Svg.N(_y[points.Y[i]]));
        return path.Append('L').Append(Svg.N(_x[points.X[^1]])).Append(' ').Append(Svg.N(ground)).Append('z').ToString();
    }

    /// <summary>Names of points where there is room for them, those farthest from the middle first.</summary>
    private List<(int Series, int Point, LabelPlacer.Place Place)> PlaceNames(out int homeless)
    {
        var placer = new LabelPlacer(_left + 2, _top - 2, _right + 10, _bottom - 2);
        var wanted = new List<(int Series, int Point, double X, double Y)>();
        for (int s = 0; s < _series.Length; s++)
        {
            Points points = _series[s];
            if (_chart.Series[s].Kind != SeriesKind.Points) continue;
            for (int i = 0; i < points.X.Length; i++)
            {
                double x = _x[points.X[i]], y = _y[points.Y[i]];
                placer.Block(x, y, Radius(points));
                if (points.Labels.Length > 0 && points.Labels[i].Length > 0) wanted.Add((s, i, x, y));
            }
        }
        homeless = 0;
        bool all = wanted.Count <= AllNames;
        var placed = new List<(int, int, LabelPlacer.Place)>();
        if (wanted.Count == 0) return placed;
        double mx = Median(wanted.Select(w => w.X)), my = Median(wanted.Select(w => w.Y));
        foreach ((int s, int i, double x, double y) in wanted.OrderByDescending(w => Math.Pow(w.X - mx, 2) + Math.Pow(w.Y - my, 2))
            .Take(all ? AllNames : SomeNames))
        {
            if (placer.Find(x, y, TextSize.Width(ShownName(s, i), LabelSize), LabelSize, Radius(_series[s])) is { } place)
                placed.Add((s, i, place));
        }
        homeless = wanted.Count - placed.Count;
        return placed;
    }

    /// <summary>The data, and a line for orientation where that leaves them at least a third of the axis; otherwise it is cut
    /// off.</summary>
    private static IEnumerable<double> With(IEnumerable<double> data, IEnumerable<double> reference)
    {
        double[] of = [.. data.Where(Axis.IsDrawable)], all = [.. of, .. reference.Where(Axis.IsDrawable)];
        return of.Length == 0 || of.Max() - of.Min() >= (all.Max() - all.Min()) / 3 ? all : of;
    }

    private string ShownName(int s, int i) => TextSize.Fitted(_series[s].Labels[i], LabelSize, 110);

    private static double Radius(Points points) => points.X.Length switch { <= 60 => 4, <= 400 => 3, _ => 2.2 };

    /// <summary>Labels of the horizontal axis; every second and so on left out where they would touch.</summary>
    private static string[] Thinned(Axis axis)
    {
        string[] labels = axis.Labels();
        double widest = labels.Max(l => TextSize.Width(l, FontSize)) + 10;
        double apart = axis.Ticks.Length > 1 ? axis[axis.Ticks[1]] - axis[axis.Ticks[0]] : double.PositiveInfinity;
        int every = Math.Max(1, (int)Math.Ceiling(widest / apart));
        return [.. labels.Select((l, k) => k % every == 0 ? l : "")];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string Range(double[] values) =>
        values.Min() == values.Max() ? $"all {NumberText.Significant(values[0], 4)}"
            : $"from {NumberText.Significant(values.Min(), 4)} to {NumberText.Significant(values.Max(), 4)}";

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>The points of a series that can be drawn.</summary>
    private sealed record Points(double[] X, double[] Y, double[] Lower, double[] Upper, string[] Labels, bool[] AfterGap, int Dropped,
        int Step)
    {
        public static Points Of(ChartSeries series)
        {
            int count = Math.Min(series.X.Count, series.Y.Count);
            bool intervals = series.Lower.Count >= count && series.Upper.Count >= count && count > 0,
                labelled = series.Labels.Count >= count && count > 0;
            int step = Math.Max(1, (count + MostMarks - 1) / MostMarks);
            var kept = new List<int>();
            var gaps = new List<bool>();
            int dropped = 0;
            bool gap = true;
            for (int i = 0; i < count; i++)
            {
                if (!Axis.IsDrawable(series.X[i]) || !Axis.IsDrawable(series.Y[i]))
                {
                    dropped++;
                    gap = true;
                }
                else if (i % step == 0 || i == count - 1)
                {
                    kept.Add(i);
                    gaps.Add(gap);
                    gap = false;
                }
            }
            return new Points([.. kept.Select(i => series.X[i])], [.. kept.Select(i => series.Y[i])],
                intervals ? [.. kept.Select(i => series.Lower[i])] : [],
                intervals ? [.. kept.Select(i => series.Upper[i])] : [], labelled ? [.. kept.Select(i => series.Labels[i])] : [], [.. gaps],
                    dropped, step);
        }
    }
}
