using Imputation.Em.Acceleration;
using Imputation.Em.Certificate;
using Imputation.Numerics.Kernels;

namespace Imputation.Em;

/// <summary>Proposes points ahead of a run: extrapolations of its last steps, no longer than those that lately succeeded allow.</summary>
internal sealed class EmAcceleration<T>(IEmModel<T> model, IEmCoordinates<T> coordinates) where T : class
{
    /// <summary>The origin of the coordinates is moved to the run's point when the run is this far from it, since farther away the
    /// coordinates no longer match the information; older steps are then discarded.</summary>
    private const double FarFromOrigin = 0.1;

    private T? _origin;
    private QuasiNewton? _steps;
    private double _reach = double.PositiveInfinity;
    private double _length;
    private (T? Point, double[] Coordinates) _ahead = (null, []); // the point last proposed

    /// <summary>An extrapolated step, in coordinates about a point near by.</summary>
    public double[] Lengthened(double[] step) => _steps?.Lengthened(step) ?? step;

    /// <summary>Continues with the curvature measured at a point instead of that learnt from steps.</summary>
    public void Learn(T at, EmCurvature curvature)
    {
        QuasiNewton steps = Begin(at);
        foreach ((double[] way, double[] change) in curvature.Determined()) steps.LearnPair(way, change);
    }

    /// <summary>Goes on with another model whose map is nearly the same.</summary>
    public void ChangeMap() => _steps?.ChangeMap();

    /// <summary>A point ahead, or null where there is nothing yet to extrapolate from or the extrapolated point is none.</summary>
    /// <param name="current">The current point of the run.</param>
    /// <param name="next">The point after an EM step from it.</param>
    /// <param name="recent">The last points and where steps lead from them, the current one last.</param>
    public T? Next(T current, T next, IReadOnlyList<(T Point, T Next)> recent)
    {
        if (_steps is not { } steps || model.Distance(_origin!, current) > FarFromOrigin)
        {
            steps = Begin(current);
            foreach ((T old, T image) in recent)
            {
                if (ReferenceEquals(old, current)) continue;
                (double[] at, double[] itsStep) = Step(old, image);
                steps.Visit(at, itsStep);
            }
        }
        (double[] here, double[] step) = Step(current, next);
        if (steps.Next(here, step) is not { } ahead) return null;
        double square = 0;
        for (int i = 0; i < here.Length; i++) square += (here[i] - ahead[i]) * (here[i] - ahead[i]);
        _length = Math.Sqrt(square);
        if (_length > _reach)
        {
            for (int i = 0; i < here.Length; i++) ahead[i] = here[i] + _reach / _length * (ahead[i] - here[i]);
            _length = _reach;
        }
        T? point = coordinates.Read(_origin!, ahead);
        if (point is null) Rejected();
        _ahead = (point, ahead);
        return point;
    }

    /// <summary>The run went to the point last proposed.</summary>
    public void Accepted() => _reach = Math.Max(_reach, 10 * _length);

    /// <summary>The run did not.</summary>
    public void Rejected() => _reach = _length / 4;

    /// <summary>The run did not, and this is where a step would have led from the point.</summary>
    public void Rejected(T point, T next)
    {
        Rejected();
        (double[] there, double[] step) = Step(point, next);
        _steps!.Learn(there, step);
    }

    /// <summary>Coordinates about another origin, in which nothing has been learnt yet.</summary>
    private QuasiNewton Begin(T origin)
    {
        (_origin, _ahead) = (origin, (null, []));
        return _steps = new QuasiNewton(coordinates.CoordinateCount);
    }

    private (double[] Point, double[] Step) Step(T point, T next)
    {
        double[] at = _ahead.Coordinates, step = new double[coordinates.CoordinateCount];
        if (!ReferenceEquals(point, _ahead.Point)) coordinates.Write(_origin!, point, at = new double[step.Length]);
        coordinates.Write(_origin!, next, step);
        AddScaled.To(step, -1, at);
        return (at, step);
    }
}
