using Imputation.Numerics;

namespace Imputation.Em;

/// <summary>Proposes points ahead of a run: extrapolations of its last steps, no further than extrapolations have lately been good for.</summary>
internal sealed class EmAcceleration<T>(IEmModel<T> model, IEmCoordinates<T> coordinates) where T : class
{
    /// <summary>The origin of the coordinates moves along when the run is this far from it; what was learnt about older steps is then forgotten.</summary>
    private const double FarFromOrigin = 10;

    private T? _origin;
    private AndersonAcceleration? _anderson;
    private EmCurvature? _slow;
    private double _reach = double.PositiveInfinity;
    private double _length;

    /// <summary>From here on steps are lengthened along the slow directions found at a point, and extrapolated then.</summary>
    public void Lengthen(T at, EmCurvature slow)
    {
        Restart(at);
        _slow = slow;
    }

    /// <summary>Goes on with another model whose map is nearly the same.</summary>
    public void ChangeMap() => _anderson?.ChangeMap();

    /// <summary>A point ahead, or null where there is nothing yet to extrapolate from or the extrapolated point is none.</summary>
    /// <param name="current">Where the run is.</param>
    /// <param name="next">Where a step leads from there.</param>
    public T? Next(T current, T next)
    {
        if (_origin is null || _anderson is null || model.Distance(_origin, current) > FarFromOrigin) Restart(current);
        double[] here = Coordinates(current), image = Coordinates(next);
        if (_slow is not null)
        {
            AddScaled.To(image, -1, here);
            image = _slow.Lengthened(image);
            AddScaled.To(image, 1, here);
        }
        double[]? ahead = _anderson!.Next(here, image) ?? (_slow is null ? null : image);
        if (ahead is null) return null;
        _length = Math.Sqrt(here.Zip(ahead, (x, y) => (x - y) * (x - y)).Sum());
        if (_length > _reach)
        {
            for (int i = 0; i < here.Length; i++) ahead[i] = here[i] + _reach / _length * (ahead[i] - here[i]);
            _length = _reach;
        }
        T? point = coordinates.Read(_origin!, ahead);
        if (point is null) Rejected();
        return point;
    }

    /// <summary>The run went to the point last proposed.</summary>
    public void Accepted() => _reach = Math.Max(_reach, 10 * _length);

    /// <summary>The run did not.</summary>
    public void Rejected() => _reach = _length / 4;

    private void Restart(T origin)
    {
        _origin = origin;
        _anderson = new AndersonAcceleration(coordinates.CoordinateCount);
        _slow = null;
    }

    private double[] Coordinates(T point)
    {
        var written = new double[coordinates.CoordinateCount];
        coordinates.Write(_origin!, point, written);
        return written;
    }
}
