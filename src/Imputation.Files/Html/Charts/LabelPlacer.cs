namespace Imputation.Files.Html.Charts;

/// <summary>Finds room for the names of points: beside, above or below, where they cover neither a point nor another name.</summary>
internal sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    private const double Side = 32;

    // What is taken, by squares of the plot, so that thousands of points do not cost their square.
    private readonly Dictionary<(int X, int Y), List<(double Left, double Top, double Right, double Bottom)>> _taken = [];

    /// <summary>Keeps the place of a mark free.</summary>
    public void Block(double x, double y, double radius) => Take(x - radius, y - radius, x + radius, y + radius);

    /// <summary>The place of a name beside its point, as the left end of its baseline; null where there is no room.</summary>
    public (double X, double Y)? Place(double x, double y, double width, double size, double radius)
    {
        double gap = radius + 3, rise = 0.36 * size;
        (double X, double Y)[] places =
        [
            (x + gap, y + rise), (x - gap - width, y + rise), (x - width / 2, y - gap - 1), (x - width / 2, y + gap + 0.8 * size),
            (x + gap - 1, y - gap + 1), (x + gap - 1, y + gap + 0.7 * size), (x - gap + 1 - width, y - gap + 1), (x - gap + 1 - width, y + gap + 0.7 * size),
        ];
        foreach ((double px, double py) in places)
        {
            double l = px, t = py - 0.8 * size, r = px + width, b = py + 0.22 * size;
            if (l < left || t < top || r > right || b > bottom || !IsFree(l, t, r, b)) continue;
            Take(l, t, r, b);
            return (px, py);
        }
        return null;
    }

    private void Take(double l, double t, double r, double b)
    {
        foreach ((int, int) square in Squares(l, t, r, b))
        {
            if (!_taken.TryGetValue(square, out var list)) _taken.Add(square, list = []);
            list.Add((l, t, r, b));
        }
    }

    private bool IsFree(double l, double t, double r, double b)
    {
        foreach ((int, int) square in Squares(l, t, r, b))
            if (_taken.TryGetValue(square, out var list) && list.Any(o => l < o.Right && r > o.Left && t < o.Bottom && b > o.Top)) return false;
        return true;
    }

    private static IEnumerable<(int X, int Y)> Squares(double l, double t, double r, double b)
    {
        for (int i = (int)Math.Floor(l / Side); i <= (int)Math.Floor(r / Side); i++)
            for (int j = (int)Math.Floor(t / Side); j <= (int)Math.Floor(b / Side); j++) yield return (i, j);
    }
}
