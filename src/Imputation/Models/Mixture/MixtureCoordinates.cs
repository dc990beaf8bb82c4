using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Mixture;

/// <summary>Coordinates of mixtures in which any point is one, and in which the complete-data information at the origin is the unit matrix
/// times n.</summary>
/// <remarks>Weights and probabilities are squares of points on a sphere: 2√π, and 2√θ times the root of the component's weight, whose
/// metric is that of the multinomial distribution also where one of them is 0. Read makes the length 1, so that the direction away from
/// the sphere changes nothing. Each component has the coordinates of a normal distribution times the root of its weight: L₀⁻¹(μ − μ₀),
/// and the elements of T = L₀⁻¹L with its diagonal as √2 log, of which tied components have one, diagonal ones the diagonal and spherical
/// ones a single number.</remarks>
/// <param name="layout">Numbers and categories.</param>
/// <param name="shape">Shape of the covariances.</param>
/// <param name="k">Number of components.</param>
/// <param name="priorShare">The prior's weight in the M-step of a covariance over the number of rows.</param>
internal sealed class MixtureCoordinates(MixtureLayout layout, MixtureShape shape, int k, double priorShare)
{
    /// <summary>Shares below this have no direction of their own.</summary>
    private const double LeastShare = 1e-12;

    private readonly int _p = layout.NumberCount;

    /// <summary>Number of coordinates.</summary>
    public int Count => k * (1 + _p + layout.SlotCount - layout.CategoryCount) + CovarianceCount * (shape == MixtureShape.Tied ? 1 : k);

    private int CovarianceCount => _p == 0 ? 0 : shape switch
    {
        MixtureShape.Diagonal => _p,
        MixtureShape.Spherical => 1,
        _ => _p * (_p + 1) / 2,
    };

    /// <summary>Writes the coordinates of a point about an origin.</summary>
    public void Write(MixtureParameters origin, MixtureParameters point, Span<double> coordinates)
    {
        int at = 0;
        for (int c = 0; c < k; c++) coordinates[at++] = 2 * (Math.Sqrt(point.Weights[c]) - Math.Sqrt(origin.Weights[c]));
        for (int c = 0; c < k; c++)
        {
            double root = Root(origin, c);
            for (int category = 0; category < layout.CategoryCount; category++)
                for (int s = layout.Starts[category]; s < layout.Starts[category + 1] - 1; s++)
                    coordinates[at++] = 2 * root * (Math.Sqrt(point.Levels[c][s]) - Math.Sqrt(origin.Levels[c][s]));
            if (_p == 0) continue;
            GaussianParameters from = origin.Normals[c], to = point.Normals[c];
            Span<double> mean = coordinates.Slice(at, _p);
            for (int i = 0; i < _p; i++) mean[i] = (to.Mean[i] - from.Mean[i]) * root;
            Cholesky.SolveLower(from.Factor, _p, _p, mean, 1, 1);
            at += _p;
            if (shape != MixtureShape.Tied || c == 0) at += WriteCovariance(CovarianceRoot(origin, c), from, to, coordinates[at..]);
        }
    }

    /// <summary>The point with these coordinates about an origin; null where it is degenerate.</summary>
    public MixtureParameters? Read(MixtureParameters origin, ReadOnlySpan<double> coordinates)
    {
        foreach (double x in coordinates)
            if (!(Math.Abs(x) < 500)) return null;
        double[] weights = new double[k];
        for (int c = 0; c < k; c++) weights[c] = Math.Sqrt(origin.Weights[c]) + coordinates[c] / 2;
        if (!Square(weights)) return null;
        int at = k;
        var levels = new double[k][];
        var normals = new GaussianParameters[_p == 0 ? 0 : k];
        double[]? t = null;
        for (int c = 0; c < k; c++)
        {
            double root = Root(origin, c);
            levels[c] = new double[layout.SlotCount];
            for (int category = 0; category < layout.CategoryCount; category++)
            {
                Span<double> own = levels[c].AsSpan(layout.Starts[category]..(layout.Starts[category + 1] - 1));
                for (int s = 0; s < own.Length; s++)
                    own[s] = Math.Sqrt(origin.Levels[c][layout.Starts[category] + s]) + coordinates[at++] / (2 * root);
                if (!Square(own)) return null;
                levels[c][layout.Starts[category + 1] - 1] = 1;
            }
            if (_p == 0) continue;
            GaussianParameters from = origin.Normals[c];
            var mean = new double[_p];
            for (int i = 0; i < _p; i++)
                mean[i] = from.Mean[i] + Dot.Product(from.Factor.AsSpan(i * _p, i + 1), coordinates.Slice(at, i + 1)) / root;
            at += _p;
            if (shape != MixtureShape.Tied || c == 0)
            {
                t = new double[_p * _p];
                at += ReadTriangle(CovarianceRoot(origin, c), coordinates[at..], t);
            }
            if (GaussianParameters.FromFactor(mean, LowerTriangle.Multiply(from.Factor, t!, _p)) is not { } normal) return null;
            normals[c] = normal;
        }
        return new MixtureParameters(weights, normals, levels);
    }

    private int WriteCovariance(double root, GaussianParameters from, GaussianParameters to, Span<double> coordinates)
    {
        if (shape == MixtureShape.Spherical)
        {
            coordinates[0] = root * Math.Sqrt(2 * _p) * Math.Log(to.Factor[0] / from.Factor[0]);
            return 1;
        }
        int at = 0;
        double[] t = LowerTriangle.Solve(from.Factor, to.Factor, _p);
        for (int i = 0; i < _p; i++)
        {
            for (int j = 0; j < i && shape != MixtureShape.Diagonal; j++) coordinates[at++] = root * t[i * _p + j];
            coordinates[at++] = root * Math.Sqrt(2) * Math.Log(t[i * _p + i]);
        }
        return at;
    }

    private int ReadTriangle(double root, ReadOnlySpan<double> coordinates, double[] t)
    {
        if (shape == MixtureShape.Spherical)
        {
            for (int i = 0; i < _p; i++) t[i * _p + i] = Math.Exp(coordinates[0] / (root * Math.Sqrt(2 * _p)));
            return 1;
        }
        int at = 0;
        for (int i = 0; i < _p; i++)
        {
            for (int j = 0; j < i && shape != MixtureShape.Diagonal; j++) t[i * _p + j] = coordinates[at++] / root;
            t[i * _p + i] = Math.Exp(coordinates[at++] / (root * Math.Sqrt(2)));
        }
        return at;
    }

    /// <summary>Squares numbers and makes their sum 1. False where all are 0.</summary>
    private static bool Square(Span<double> roots)
    {
        double sum = Dot.Product(roots, roots);
        if (!(sum > 1e-6)) return false;
        for (int i = 0; i < roots.Length; i++) roots[i] *= roots[i] / sum;
        return true;
    }

    private static double Root(MixtureParameters origin, int c) => Math.Sqrt(Math.Max(origin.Weights[c], LeastShare));

    private double CovarianceRoot(MixtureParameters origin, int c) =>
        Math.Sqrt((shape == MixtureShape.Tied ? 1 : Math.Max(origin.Weights[c], LeastShare)) + priorShare);
}
