using System.Text;
using Imputation.Diagnostics;
using Imputation.Reports.Html;
using Imputation.Text;

namespace Imputation.Reports.Charts;

/// <summary>A matrix of numbers as shades, with the numbers in the cells where they have room.</summary>
internal sealed class HeatDrawing : Drawing
{
    /// <summary>Maximum number of cells that are drawn singly, each with its number as a tooltip; with more, cells of the same shade
    /// are drawn together.</summary>
    public const int MostSingleCells = 2500;

    private const double LegendHeight = 40;
    private const double ScaleWidth = 200;
    private const int Shades = 20;

    private readonly HeatMap _map;
    private readonly int _rows;
    private readonly int _columns;
    private readonly double _cell;
    private readonly ColumnLabels _labels;
    private readonly string[] _rowNames;
    private readonly double _left;
    private readonly double _top;

    public HeatDrawing(HeatMap map)
    {
        _map = map;
        _rows = Math.Min(map.Rows.Count, map.Values.GetLength(0));
        _columns = Math.Min(map.Columns.Count, map.Values.GetLength(1));
        int p = Math.Max(_rows, _columns);
        _cell = p switch { <= 14 => 38, <= 20 => 27, <= 30 => 21, <= 45 => 16, <= 60 => 12, _ => Math.Max(3.6, 720.0 / p) };
        _labels = new ColumnLabels([.. map.Columns.Take(_columns)], _cell);
        _rowNames = [.. map.Rows.Take(_rows).Select(r => TextSize.Fitted(r, _labels.Size, 130))];
        _left = 8 + (_rows == 0 ? 0 : _rowNames.Max(r => TextSize.Width(r, _labels.Size)));
        _top = LegendHeight + _labels.Height;
    }

    public override double Width => Math.Max(_left + _columns * _cell + _labels.Overhang + 4,
        Math.Max(ScaleWidth + 40, 8 + TextSize.Width(_map.ValueLabel, FontSize)));

    public override double Height => _top + Math.Max(1, _rows) * _cell + 6;

    public override string Kind => "heat";

    public override bool Scrolls => true;

    public override string Note => _labels.Every == 1 ? "" : $"One name in {_labels.Every} is shown.";

    public override string Summary
    {
        get
        {
            var cells = new List<(int I, int J, double Value)>();
            bool symmetric = _map.Rows.SequenceEqual(_map.Columns);
            for (int i = 0; i < _rows; i++)
                for (int j = symmetric ? i + 1 : 0; j < _columns; j++)
                    if (double.IsFinite(_map.Values[i, j])) cells.Add((i, j, _map.Values[i, j]));
            string size = $"{_rows} rows, {_columns} columns.";
            if (cells.Count == 0) return size;
            string Name((int I, int J, double Value) c) =>
                $"{TextFormat.Cut(_map.Rows[c.I], 40)} and {TextFormat.Cut(_map.Columns[c.J], 40)} "
                + $"{NumberText.Significant(c.Value, 3)}";
            return $"{size} Highest: {string.Join(", ", cells.OrderByDescending(c => c.Value).Take(3).Select(Name))}. Lowest: "
                + $"{string.Join(", ", cells.OrderBy(c => c.Value).Take(3).Select(Name))}.";
        }
    }

    public override void Draw(Svg svg)
    {
        DrawScale(svg);
        _labels.Draw(svg, _left, _top);
        for (int i = 0; i < _rows; i += _labels.Every)
            svg.Text("category", _left - 5, _top + (i + 0.5) * _cell + 0.36 * _labels.Size, _rowNames[i], "end", _labels.Size,
                whole: _map.Rows[i]);
        if (_rows == 0 || _columns == 0) svg.Text("nothing", _left, _top + 14, "no data");
        else if ((long)_rows * _columns <= MostSingleCells) DrawCells(svg);
        else DrawShades(svg);
    }

    private void DrawCells(Svg svg)
    {
        double gap = _cell >= 10 ? 1 : 0;
        for (int i = 0; i < _rows; i++)
        {
            for (int j = 0; j < _columns; j++)
            {
                double value = _map.Values[i, j], x = _left + j * _cell, y = _top + i * _cell;
                string names = $"{_map.Rows[i]} × {_map.Columns[j]}";
                if (double.IsNaN(value))
                {
                    svg.Path("none", $"M{Svg.N(x + 0.35 * _cell)} {Svg.N(y + 0.35 * _cell)}l{Svg.N(0.3 * _cell)} {Svg.N(0.3 * _cell)}m0 "
                        + $"{Svg.N(-0.3 * _cell)}l{Svg.N(-0.3 * _cell)} {Svg.N(0.3 * _cell)}", $"{names}: none");
                    continue;
                }
                (bool negative, double shade) = Shade(value);
                svg.Rect(negative ? "cell neg" : "cell pos", x, y, _cell - gap, _cell - gap, $"{names}: {NumberText.Significant(value, 3)}",
                    shade);
                string text = Number(value);
                if (_cell >= 30 && TextSize.Width(text, 11) <= _cell)
                    svg.Text("number", x + (_cell - gap) / 2, y + _cell / 2 + 3.5, text, "middle", 11);
                else if (negative && shade >= 0.05 && _cell >= 9)
                    svg.Line("minus", x + 0.3 * _cell, y + _cell / 2, x + 0.7 * _cell - gap, y + _cell / 2);
            }
        }
    }

    /// <summary>Cells of a shade together as one path, neighbours in a row as one rectangle.</summary>
    private void DrawShades(Svg svg)
    {
        var paths = new SortedDictionary<(bool Negative, int Shade), StringBuilder>();
        for (int i = 0; i < _rows; i++)
        {
            for (int j = 0, end; j < _columns; j = end)
            {
                end = j + 1;
                if (Step(_map.Values[i, j]) is not { } shade) continue;
                while (end < _columns && Step(_map.Values[i, end]) == shade) end++;
                if (!paths.TryGetValue(shade, out StringBuilder? path)) paths.Add(shade, path = new StringBuilder());
                path.Append($"M{Svg.N(_left + j * _cell)} "
                    + $"{Svg.N(_top + i * _cell)}h{Svg.N((end - j) * _cell)}v{Svg.N(_cell)}h{Svg.N((j - end) * _cell)}z");
            }
        }
        foreach (((bool negative, int shade), StringBuilder path) in paths)
            svg.Path(negative ? "cells neg" : "cells pos", path.ToString(), null, (double)shade / Shades);

        (bool, int)? Step(double value)
        {
            if (double.IsNaN(value)) return null;
            (bool negative, double shade) = Shade(value);
            int step = (int)Math.Round(shade * Shades);
            return (negative && step > 0, step);
        }
    }

    private void DrawScale(Svg svg)
    {
        svg.Text("label", 4, 12, _map.ValueLabel);
        double low = _map.Minimum, high = _map.Maximum;
        const int steps = 21;
        for (int k = 0; k < steps; k++)
        {
            double value = low + (high - low) * k / (steps - 1);
            (bool negative, double shade) = Shade(value);
            svg.Rect(negative ? "key neg" : "key pos", 4 + ScaleWidth * k / steps, 18, ScaleWidth / steps + 0.3, 8, null, shade);
        }
        svg.Text("tick", 4, 39, NumberText.Significant(low, 3), size: 11);
        if (low < 0 && high > 0) svg.Text("tick", 4 + ScaleWidth * (0.5 / steps + (0 - low) / (high - low) * (steps - 1) / steps), 39, "0",
            "middle", 11);
        svg.Text("tick", 4 + ScaleWidth, 39, NumberText.Significant(high, 3), "end", 11);
    }

    /// <summary>Strength of the colour, from 0 to 1, and which of the two colours.</summary>
    private (bool Negative, double Strength) Shade(double value)
    {
        double low = _map.Minimum, high = _map.Maximum;
        double strength = low >= 0 ? (value - low) / (high - low) : value < 0 ? value / low : value / high;
        return (low < 0 && value < 0, double.IsFinite(strength) ? Math.Round(Math.Clamp(strength, 0, 1), 2) : value > low ? 1 : 0);
    }

    private string Number(double value) =>
        Math.Max(Math.Abs(_map.Minimum), Math.Abs(_map.Maximum)) switch
        {
            >= 100 => NumberText.Fixed(value, 0),
            >= 10 => NumberText.Fixed(value, 1),
            _ => NumberText.Fixed(value, 2)
        };
}
