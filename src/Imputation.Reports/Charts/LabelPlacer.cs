namespace Imputation.Reports.Charts;

/// <summary>Finds room for the names of points: beside, above or below, or a little away with a line to them, where they cover neither a
/// point nor another name.</summary>
internal sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    private const double Side = 32;

    private static readonly (double X, double Y)[] Directions = [(1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7),
        (-0.7, 0.7)];

    // Occupied areas by squares of the plot, so that the cost does not grow with the square of the number of points.
    private readonly Dictionary<(int X, int Y), List<(double Left, double Top, double Right, double Bottom)>> _taken = [];

    /// <summary>Position of a name.</summary>
    /// <param name="X">The left end of its baseline.</param>
    /// <param name="Y">Its baseline.</param>
    /// <param name="Leader">End of a line from the point to the name; none where the name is beside its point.</param>
    public readonly record struct Place(double X, double Y, (double X, double Y)? Leader);

    /// <summary>Keeps the place of a mark free.</summary>
    public void Block(double x, double y, double radius) => Take(x - radius, y - radius, x + radius, y + radius);

    /// <summary>A place for the name of a point; null where there is no room.</summary>
    public Place? Find(double x, double y, double width, double size, double radius)
    {
        foreach (double gap in (ReadOnlySpan<double>)[radius + 3, 18, 32])
        {
            foreach ((double dx, double dy) in Directions)
            {
                // The side of the name that is turned to the point lies at the gap's distance.
                double nearX = x + dx * gap, nearY = y + dy * gap;
                double l = nearX - (1 - dx) / 2 * width, b = nearY + (dy > 0 ? size : dy < 0 ? 0.1 * size : 0.55 * size);
                double t = b - size, r = l + width;
                if (l < left || t < top || r > right || b > bottom || !IsFree(l, t, r, b)) continue;
                Take(l, t, r, b);
                return new Place(l, b - 0.2 * size, gap > radius + 3 ? (nearX, nearY) : null);
            }
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
            if (_taken.TryGetValue(square, out var list) && list.Any(o => l < o.Right && r > o.Left && t < o.Bottom && b > o.Top))
                return false;
        return true;
    }

    private static IEnumerable<(int X, int Y)> Squares(double l, double t, double r, double b)
    {
        for (int i = (int)Math.Floor(l / Side); i <= (int)Math.Floor(r / Side); i++)
            for (int j = (int)Math.Floor(t / Side); j <= (int)Math.Floor(b / Side); j++) yield return (i, j);
    }
}
