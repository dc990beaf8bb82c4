using Imputation.Numerics.Kernels;

namespace Imputation.Em.Acceleration;

/// <summary>Extrapolates a fixed-point iteration from its last steps.</summary>
/// <remarks>An EM step f is the gradient of the objective in the metric of the complete-data information. In coordinates of that
/// metric, limited-memory BFGS (Nocedal 1980) therefore starts from a good approximation, the unit matrix, and learns from the
/// differences of points and steps how much to lengthen steps along slow directions (Jamshidian and Jennrich 1997). Unlike
/// extrapolation by least squares, its matrix stays positive definite: even where the map is far from linear, the proposed direction
/// is uphill.</remarks>
internal sealed class QuasiNewton(int coordinateCount)
{
    private const int MostPairs = 40;

    /// <summary>Numbers kept at most; a few pairs are kept anyhow.</summary>
    private const int MostNumbers = 8_000_000, FewestPairs = 10;

    /// <summary>Largest average factor by which the step is lengthened along directions not learnt yet; the factor itself is the one
    /// that would have been right for the last step.</summary>
    private const double MostLengthening = 4;

    /// <summary>Share of its information that a coordinate is taken to have at least.</summary>
    private const double LeastShare = 0.05;

    /// <summary>A pair says nothing where steps change by less than this share of the way: the objective is flat there, or curves
    /// upward.</summary>
    private const double LeastCurvature = 1e-7;

    private readonly List<(double[] Way, double[] Change, double Curvature)> _pairs = [];
    private readonly int _most = Math.Clamp(MostNumbers / (2 * coordinateCount), FewestPairs, MostPairs);
    private double[]? _point;
    private double[]? _step;

    /// <summary>Continues with another map whose derivative is nearly the same: the pairs remain valid, the last point does not.</summary>
    public void ChangeMap() => _point = _step = null;

    /// <summary>Takes in where the iteration is and its step there; returns the extrapolated point, or null where there is nothing yet to
    /// extrapolate from.</summary>
    public double[]? Next(double[] point, double[] step)
    {
        Visit(point, step);
        if (_pairs.Count == 0) return null;

        double[] ahead = Lengthened(step);
        AddScaled.To(ahead, 1, point);
        return ahead;
    }

    /// <summary>The way to the fixed point, judged by the steps so far: about (I − J)⁻¹ times the step.</summary>
    public double[] Lengthened(double[] step)
    {
        var way = (double[])step.Clone();
        if (_pairs.Count == 0) return way;
        var shares = new double[_pairs.Count];
        for (int i = _pairs.Count - 1; i >= 0; i--)
        {
            shares[i] = Dot.Product(_pairs[i].Way, way) / _pairs[i].Curvature;
            AddScaled.To(way, -shares[i], _pairs[i].Change);
        }
        double[] start = Start();
        for (int i = 0; i < way.Length; i++) way[i] *= start[i];
        for (int i = 0; i < shares.Length; i++)
            AddScaled.To(way, shares[i] - Dot.Product(_pairs[i].Change, way) / _pairs[i].Curvature, _pairs[i].Way);
        return way;
    }

    /// <summary>The diagonal matrix to start from. Coordinates differ in how much of their information is missing, which shows in how
    /// much the step changed, on average, when they did; and as a whole it lengthens steps as the last one would have had to be.</summary>
    private double[] Start()
    {
        int count = _pairs[0].Way.Length;
        double[] changes = new double[count], squares = new double[count];
        double mean = 0;
        foreach ((double[] way, double[] change, double curvature) in _pairs)
        {
            double square = Dot.Product(way, way);
            mean += curvature / square;
            AddProduct.To(changes, way, change, square);
            AddProduct.To(squares, way, way, square);
        }
        // A coordinate that hardly changed takes mostly the average over all coordinates.
        var start = new double[count];
        double level = 0, length = 0;
        for (int i = 0; i < count; i++)
        {
            start[i] = 1 / Math.Clamp((changes[i] + mean / count) / (squares[i] + (double)_pairs.Count / count), LeastShare, 1);
            level += start[i] / count;
        }
        (_, double[] last, double itsCurvature) = _pairs[^1];
        for (int i = 0; i < count; i++) length += last[i] * last[i] * start[i] / level;
        double scale = Math.Min(MostLengthening, itsCurvature / length) / level;
        for (int i = 0; i < count; i++) start[i] *= scale;
        return start;
    }

    /// <summary>Adds the current point of the iteration and the EM step from it.</summary>
    public void Visit(double[] point, double[] step)
    {
        Learn(point, step);
        (_point, _step) = (point, step);
    }

    /// <summary>Takes in the step at another point, without going there.</summary>
    public void Learn(double[] point, double[] step)
    {
        if (_point is null || _step is null) return;
        LearnPair(Difference(point, _point), Difference(_step, step));
    }

    /// <summary>Takes in by how much the step changes, less, along a way.</summary>
    public void LearnPair(double[] way, double[] change)
    {
        double curvature = Dot.Product(way, change);
        if (!(curvature > LeastCurvature * Dot.Product(way, way))) return;
        if (_pairs.Count == _most) _pairs.RemoveAt(0);
        _pairs.Add((way, change, curvature));
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = (double[])a.Clone();
        AddScaled.To(difference, -1, b);
        return difference;
    }
}
