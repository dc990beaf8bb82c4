using Imputation.Numerics;

namespace Imputation.Em;

/// <summary>Extrapolates a fixed-point iteration from its last steps.</summary>
/// <remarks>Anderson (1965), type II: with x the points, g(x) their images, f = g − x, and differences over the last steps in the columns
/// of ΔF and ΔG, the next point is g − ΔG γ with γ minimising ‖f − ΔF γ‖. On a linear map it does what GMRES does, so a handful of slow
/// directions costs a handful of steps (Walker and Ni 2011; Henderson and Varadhan 2019 for EM).</remarks>
internal sealed class AndersonAcceleration(int coordinateCount)
{
    private const int Depth = 10;

    /// <summary>Directions of ΔF that are combinations of newer ones to this relative accuracy are left out: they carry only rounding.</summary>
    private const double Independence = 1e-7;

    private readonly List<(double[] F, double[] G)> _differences = [];
    private double[]? _lastF;
    private double[]? _lastG;

    /// <summary>Goes on with another map whose derivative is nearly the same: the differences stand, the last point does not.</summary>
    public void ChangeMap() => _lastF = _lastG = null;

    /// <summary>Takes in a point and its image; returns the extrapolated point, or null where there is nothing yet to extrapolate from.</summary>
    public double[]? Next(ReadOnlySpan<double> point, ReadOnlySpan<double> image)
    {
        double[] g = image.ToArray(), f = image.ToArray();
        AddScaled.To(f, -1, point);
        if (_lastF is not null && _lastG is not null)
        {
            _differences.Insert(0, (Difference(f, _lastF), Difference(g, _lastG)));
            if (_differences.Count > Math.Min(Depth, coordinateCount)) _differences.RemoveAt(_differences.Count - 1);
        }
        (_lastF, _lastG) = (f, g);
        if (_differences.Count == 0) return null;

        // Least squares by modified Gram–Schmidt, newest difference first; each direction takes its share out of f and out of g at once,
        // so γ itself is never formed.
        var basis = new List<(double[] F, double[] G)>(_differences.Count);
        double[] residual = (double[])f.Clone(), next = g.ToArray();
        foreach ((double[] differenceF, double[] differenceG) in _differences)
        {
            double[] q = (double[])differenceF.Clone(), carried = (double[])differenceG.Clone();
            double length = Math.Sqrt(Dot.Product(q, q));
            foreach ((double[] basisF, double[] basisG) in basis)
            {
                double share = Dot.Product(q, basisF);
                AddScaled.To(q, -share, basisF);
                AddScaled.To(carried, -share, basisG);
            }
            double rest = Math.Sqrt(Dot.Product(q, q));
            if (!(rest > Independence * length)) continue;
            for (int i = 0; i < q.Length; i++)
            {
                q[i] /= rest;
                carried[i] /= rest;
            }
            basis.Add((q, carried));
            double coefficient = Dot.Product(residual, q);
            AddScaled.To(residual, -coefficient, q);
            AddScaled.To(next, -coefficient, carried);
        }
        return basis.Count == 0 ? null : next;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = (double[])a.Clone();
        AddScaled.To(difference, -1, b);
        return difference;
    }
}
