using Imputation.Em.Certificate;
using Imputation.Numerics.Kernels;

namespace Imputation.Em;

/// <summary>Estimates how far a run is from the maximum, and whether its limit is a maximum.</summary>
/// <remarks>With steps that shrink by the rate λ, the distance still to go is d + dλ + dλ² + ... = d / (1 − λ), where d is the step that is
/// next (the step before it being d / λ, this is step · λ / (1 − λ)). Once steps are short, <see cref="EmCurvature"/> makes this sum
/// direction by direction, from the eigenvalues of the EM map's derivative; one above 1 means a saddle point.</remarks>
internal sealed class EmCertificate<T>(EmPath<T> path) where T : class
{
    /// <summary>Highest rate that may come from a sample. Nearer to 1 the question is whether it is 1: all data must answer that.</summary>
    private const double HighestSampleRate = 0.9;

    private readonly IEmCoordinates<T>? _coordinates = path.Coordinates;
    private T? _measuredAt;
    private bool _noSaddle;

    /// <summary>The curvature where it was measured, near the end of the run; null before.</summary>
    public EmCurvature? Curvature { get; private set; }

    /// <summary>Estimate of EM's linear rate; NaN where there is none yet.</summary>
    public double Rate { get; private set; } = double.NaN;

    /// <summary>Estimated distance to the maximum; infinite where there is no estimate yet.</summary>
    public double EstimatedDistance { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether the objective curves upward along some direction.</summary>
    public bool IsSaddle => Curvature is { IsSaddle: true } && !_noSaddle;

    /// <summary>Directions, in coordinates, along which the objective is flat.</summary>
    public IReadOnlyList<IReadOnlyList<double>> FlatDirections => Curvature is { IsFlat: true } curvature ? [curvature.Direction] : [];

    /// <summary>The objective rises on no side, so the upward curvature was rounding.</summary>
    public void DismissSaddle() => _noSaddle = true;

    /// <summary>Estimates anew, after the run has moved.</summary>
    public void Update(EmAcceleration<T>? acceleration)
    {
        double d = path.Distance;
        if (_coordinates is null || (_coordinates.IsApproximate && acceleration is null)) UpdateFromTrace();
        else if (_coordinates.IsApproximate && path.Options.KnownRate is null) UpdateFromRun(acceleration!);
        else if (path.Options.KnownRate is { } known) (Rate, EstimatedDistance) = (known, d / (1 - known));
        else if (d > path.Options.Tolerance)
        {
            // Too early to measure the curvature: the ratio of the last two steps has to do. The estimate exceeds the tolerance, as d does.
            double ratio = path.Trace.Count > 1 ? d / path.Trace[^2].Distance : double.NaN;
            (Rate, EstimatedDistance) = ratio < 1 ? (ratio, d / (1 - ratio)) : (double.NaN, double.PositiveInfinity);
        }
        else UpdateFromCurvature(acceleration);
    }

    /// <summary>Measures the curvature once more, until the rate has two digits: where the slow directions are many, as those of a mixture
    /// are, a run's last steps may have missed the slowest.</summary>
    public void Sharpen()
    {
        if (Curvature is null || Measure(null, toTheEnd: true) is not { } sharp || sharp.Rate <= Curvature.Rate || sharp.Rate >= 1) return;
        (Curvature, _measuredAt) = (sharp, path.Current);
        UpdateFromCurvature(null);
    }

    /// <summary>Without coordinates the rate is the larger of the last two ratios of successive steps.</summary>
    private void UpdateFromTrace()
    {
        if (path.Distance == 0) (Rate, EstimatedDistance) = (0, 0);
        else if (path.Trace.Count >= 4)
        {
            double[] d = [.. path.Trace.TakeLast(3).Select(t => t.Distance)];
            Rate = Math.Max(d[1] / d[0], d[2] / d[1]);
            EstimatedDistance = Rate < 1 ? path.Distance / (1 - Rate) : double.PositiveInfinity;
        }
    }

    /// <summary>Where the map is known to an approximation only, its differences are mostly noise. What the run learnt of it must do: the
    /// way to go, w, is the lengthened step, and its length that by the observed information, √(wᵀ(I − J)w) = √(wᵀf) with f the step: along
    /// directions that the data hardly determine, a way is as short as the data can tell.</summary>
    private void UpdateFromRun(EmAcceleration<T> acceleration)
    {
        double[] step = path.CoordinatesOf(path.Current, path.Step.Next), way = acceleration.Lengthened(step);
        double square = Dot.Product(way, way), informed = Math.Abs(Dot.Product(way, step));
        (Rate, EstimatedDistance) = square > 0 ? (Math.Clamp(1 - informed / square, 0, 1), Math.Max(Math.Sqrt(informed), path.Distance))
            : (0, 0);
    }

    /// <summary>The curvature is measured once; as the run goes on from there only the step changes.</summary>
    private void UpdateFromCurvature(EmAcceleration<T>? acceleration)
    {
        if (Curvature is null)
        {
            (Curvature, _measuredAt) = (Measure(acceleration), path.Current);
            if (Curvature is not null) acceleration?.Learn(path.Current, Curvature);
        }
        if (Curvature is null)
        {
            EstimatedDistance = double.PositiveInfinity;
            return;
        }
        Rate = Curvature.Rate;
        double[] here = path.CoordinatesOf(_measuredAt!, path.Current);
        (double[] inside, double[] outside) = Curvature.Remaining(Difference(path.CoordinatesOf(_measuredAt!, path.Step.Next), here));
        EstimatedDistance = Math.Max(Length(here, inside, outside, 1), Length(here, inside, outside, -1));
    }

    /// <summary>Distance from the point here to the one that the rest of the way leads to, as the model measures it.</summary>
    private double Length(double[] here, double[] inside, double[] outside, int sign)
    {
        var end = (double[])here.Clone();
        AddScaled.To(end, 1, inside);
        AddScaled.To(end, sign, outside);
        return _coordinates!.Read(_measuredAt!, end) is { } point ? path.Model.Distance(path.Current, point) : double.PositiveInfinity;
    }

    /// <summary>The curvature here: that of a sample, if there is one and its rate leaves no doubt; else that of all data.</summary>
    private EmCurvature? Measure(EmAcceleration<T>? acceleration, bool toTheEnd = false)
    {
        T at = path.Current;
        if (_coordinates!.Subsample is { } sample && !toTheEnd)
        {
            T next = path.Evaluate(sample.Model, at, sample.Share).Next;
            if (EmCurvature.Analyse(Map(sample.Model, sample.Share), path.CoordinatesOf(at, next)) is { Rate: < HighestSampleRate } sampled)
                return sampled;
        }
        Func<double[], double[]>? lengthened = acceleration is null ? null : acceleration.Lengthened;
        return EmCurvature.Analyse(Map(path.Model, 1), path.CoordinatesOf(at, path.Step.Next), RecentDifferences(), lengthened, toTheEnd);

        Func<double[], double[]?> Map(IEmModel<T> model, double share) => coordinates =>
        {
            if (_coordinates.Read(at, coordinates) is not { } point) return null;
            EmStep<T> step = path.Evaluate(model, point, share);
            return step.Degenerate ? null : path.CoordinatesOf(at, step.Next);
        };
    }

    /// <summary>Differences of the run's last points and of the points that EM steps lead to from them, newest first: the derivative of
    /// the EM map, at no cost. In coordinates about the point here, with the distance of the older point from here.</summary>
    private List<(double[] Way, double[] Image, double Distance)> RecentDifferences()
    {
        var differences = new List<(double[] Way, double[] Image, double Distance)>();
        (double[] Point, double[] Image)? newer = null;
        for (int r = path.Recent.Count - 1; r >= 0; r--)
        {
            (T at, T next) = path.Recent[r];
            double[] point = path.CoordinatesOf(path.Current, at), image = path.CoordinatesOf(path.Current, next);
            double distance = Math.Sqrt(Dot.Product(point, point));
            if (newer is var (newerPoint, newerImage))
                differences.Add((Difference(newerPoint, point), Difference(newerImage, image), distance));
            newer = (point, image);
        }
        return differences;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = (double[])a.Clone();
        AddScaled.To(difference, -1, b);
        return difference;
    }
}
