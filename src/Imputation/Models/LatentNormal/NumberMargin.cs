using Imputation.Numerics.Distributions;

namespace Imputation.Models.LatentNormal;

/// <summary>A number with any distribution: the latent variable is its normal score, and a value that many cells share is an interval of
/// scores.</summary>
/// <remarks>Knots are the distinct values, ascending, each with the interval of scores that belongs to it: a single score, that of the
/// middle of its ranks, unless it is a mass point. Between knots the function is linear. So counts, heaped values and an income that is
/// often exactly 0 need nothing else.</remarks>
/// <param name="values">The knots' values, ascending.</param>
/// <param name="lower">Lower end of each knot's interval; −∞ for the first where it is a mass point.</param>
/// <param name="upper">Upper end; equal to the lower of a knot that is a point.</param>
internal sealed class NumberMargin(double[] values, double[] lower, double[] upper) : Margin
{
    internal const string Name = "scores";

    private readonly bool _discrete = !lower.Where((l, i) => l == upper[i]).Any();
    private readonly bool _scale = IsScale(values) && !lower.Where((l, i) => l == upper[i]).Any();

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    public override int LevelCount => _discrete ? values.Length : 0;

    /// <inheritdoc/>
    public override double LevelValue(int level) => values[level];

    /// <inheritdoc/>
    public override bool IsScaleFree => values.Length == 2 && _discrete;

    /// <inheritdoc/>
    public override void Read(double cell, Span<LatentCell> latents)
    {
        int k = Knot(cell);
        if (values[k] == cell || _discrete)
        {
            // A value of another table that did not occur among few: the nearest that did.
            if (values[k] != cell && k + 1 < values.Length && values[k + 1] - cell < cell - values[k]) k++;
            latents[0] = new LatentCell(lower[k], upper[k]);
            return;
        }
        // Between two knots, or beyond the last: a score on the line between them.
        if (cell < values[0]) latents[0] = LatentCell.Point(Finite(lower[0], upper[0]));
        else if (k + 1 == values.Length) latents[0] = LatentCell.Point(Finite(upper[k], lower[k]));
        else latents[0] = LatentCell.Point(upper[k] + (lower[k + 1] - upper[k]) * (cell - values[k]) / (values[k + 1] - values[k]));
    }

    /// <inheritdoc/>
    /// <remarks>The expectation, which is not the value at the latent mean. A scale, such as 1 to 5, gets its median answer: a legal
    /// one.</remarks>
    public override double Fill(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation) =>
        _scale ? Value(mean[0]) : Moments(mean[0], deviation[0]).Mean;

    /// <inheritdoc/>
    public override double Deviation(double mean, double deviation) => Math.Sqrt(Moments(mean, deviation).Variance);

    /// <inheritdoc/>
    public override double Value(double latent)
    {
        int low = 0, high = values.Length; // the last knot whose interval begins at or below
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (lower[middle] <= latent) low = middle;
            else high = middle;
        }
        if (latent <= upper[low] || low + 1 == values.Length || latent < lower[low]) return values[low];
        double gap = lower[low + 1] - upper[low];
        return gap > 0 ? values[low] + (values[low + 1] - values[low]) * (latent - upper[low]) / gap : values[low + 1];
    }

    /// <inheritdoc/>
    public override double Crps(double mean, double deviation, double value)
    {
        (double[] points, double[] weights) = Distribution(mean, deviation);
        double score = 0;
        for (int i = 0; i < points.Length; i++)
        {
            score += weights[i] * Math.Abs(points[i] - value);
            for (int k = 0; k < i; k++) score -= weights[i] * weights[k] * Math.Abs(points[i] - points[k]);
        }
        return score;
    }

    /// <inheritdoc/>
    public override void Probabilities(ReadOnlySpan<double> mean, ReadOnlySpan<double> deviation, Span<double> target) =>
        LevelMath.Intervals(lower, upper, mean[0], deviation[0], target);

    /// <inheritdoc/>
    public override (double Lower, double Upper) Limits(Bounds bounds)
    {
        // the first knot at or above the lower bound, the last at or below the upper one
        int first = Array.FindIndex(values, v => v >= bounds.Lower), last = Array.FindLastIndex(values, v => v <= bounds.Upper);
        double from = first <= 0 ? double.NegativeInfinity : Edge(first, bounds.Lower, below: true);
        double to = last == values.Length - 1 || last < 0 ? double.PositiveInfinity : Edge(last, bounds.Upper, below: false);
        return from < to ? (from, to) : (double.NegativeInfinity, double.PositiveInfinity);
    }

    /// <inheritdoc/>
    public override IEnumerable<(string Name, object Value)> Parameters =>
        [("values", values), ("lower", LevelMath.Written(lower)), ("upper", LevelMath.Written(upper))];

    /// <summary>A bound that lies between two knots, as a score.</summary>
    private double Edge(int knot, double bound, bool below)
    {
        if (below) return upper[knot - 1]
            + (lower[knot] - upper[knot - 1]) * (bound - values[knot - 1]) / (values[knot] - values[knot - 1]);
        return upper[knot] + (lower[knot + 1] - upper[knot]) * (bound - values[knot]) / (values[knot + 1] - values[knot]);
    }

    private (double Mean, double Variance) Moments(double mean, double deviation)
    {
        (double[] points, double[] weights) = Distribution(mean, deviation);
        double first = 0, second = 0;
        for (int i = 0; i < points.Length; i++) first += weights[i] * points[i];
        for (int i = 0; i < points.Length; i++) second += weights[i] * (points[i] - first) * (points[i] - first);
        return (first, second);
    }

    /// <summary>The cell's distribution as points with weights: exact for few values, else by Gauss-Hermite quadrature.</summary>
    private (double[] Points, double[] Weights) Distribution(double mean, double deviation)
    {
        if (_discrete)
        {
            var shares = new double[values.Length];
            LevelMath.Intervals(lower, upper, mean, deviation, shares);
            return (values, shares);
        }
        return (Array.ConvertAll(GaussHermite.Nodes, x => Value(mean + deviation * x)), GaussHermite.Weights);
    }

    /// <summary>The last knot not above a cell, or the first.</summary>
    private int Knot(double cell)
    {
        int k = Array.BinarySearch(values, cell);
        return k >= 0 ? k : Math.Max(0, ~k - 1);
    }

    private static double Finite(double a, double b) => double.IsFinite(a) ? a : b;

    /// <summary>Whole numbers without a gap: the answers of a scale.</summary>
    private static bool IsScale(double[] values)
    {
        for (int k = 0; k < values.Length; k++)
            if (values[k] != Math.Floor(values[k]) || (k > 0 && values[k] != values[k - 1] + 1)) return false;
        return true;
    }
}
