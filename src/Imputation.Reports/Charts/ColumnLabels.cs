namespace Imputation.Reports.Charts;

/// <summary>Names above the columns of a map: level where they fit, otherwise slanting or upright; every second and so on left out where
/// they would touch.</summary>
internal sealed class ColumnLabels
{
    private const double Longest = 130;
    private const double Slant = -50;

    private readonly IReadOnlyList<string> _names;
    private readonly string[] _shown;
    private readonly double _cell;
    private readonly double _angle;
    private readonly int _every;

    public ColumnLabels(IReadOnlyList<string> names, double cell)
    {
        _names = names;
        _cell = cell;
        Size = cell >= 14 ? 11.5 : 10;
        double widest = names.Count == 0 ? 0 : names.Max(n => TextSize.Width(n, Size));
        _every = Math.Max(1, (int)Math.Ceiling((Size + 1) / cell));
        _angle = widest <= cell - 3 ? 0 : cell >= 14 ? Slant : -90;
        _shown = [.. names.Select(n => TextSize.Fitted(n, Size, Longest))];
        double length = Math.Min(widest, Longest);
        Height = 8 + (_angle == 0 ? Size : _angle == Slant ? length * 0.766 + Size * 0.7 : length);
        Overhang = _angle == Slant && names.Count > 0 ? Math.Max(0, length * 0.643 + Size * 0.5 - cell / 2) : 0;
    }

    public double Size { get; }

    /// <summary>Height that the names take above the cells.</summary>
    public double Height { get; }

    /// <summary>Length by which the last name extends beyond its column.</summary>
    public double Overhang { get; }

    /// <summary>How many names stand for one that is written.</summary>
    public int Every => _every;

    /// <param name="svg">The drawing.</param>
    /// <param name="left">Left side of the first column.</param>
    /// <param name="bottom">Upper side of the cells.</param>
    public void Draw(Svg svg, double left, double bottom)
    {
        for (int j = 0; j < _shown.Length; j += _every)
        {
            double x = left + (j + 0.5) * _cell;
            if (_angle == 0) svg.Text("category", x, bottom - 6, _shown[j], "middle", Size, whole: _names[j]);
            else svg.Text("category", x + Size * 0.36, bottom - 5, _shown[j], "start", Size, _angle, _names[j]);
        }
    }
}
