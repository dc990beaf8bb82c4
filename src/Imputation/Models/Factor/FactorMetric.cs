using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Factor;

/// <summary>Coordinates about a point, in which the complete-data information there is n times the unit matrix: the mean and loadings of
/// each column by the root of S_j / ψ_j, and the logarithms of uniquenesses.</summary>
/// <remarks>Rotating the factors changes nothing, so directions along which only the rotation changes are left out: a difference is
/// projected onto the complement of ΛA, A antisymmetric. EM's derivative is then symmetric still, and 0 along them instead of 1.</remarks>
internal sealed class FactorMetric
{
    private readonly FactorParameters _origin;
    private readonly double[] _roots;
    private readonly double _scale;
    private readonly double[] _shares;
    private readonly double[]? _shape;
    private readonly Lazy<double[]> _rotations;

    /// <param name="origin">The point.</param>
    /// <param name="roots">The Cholesky factor of S_j of each column, (q + 1) × (q + 1); kept.</param>
    /// <param name="weight">n.</param>
    /// <param name="shares">Share of n of the rows in which each column is observed; kept.</param>
    /// <param name="shape">Ratios of equal uniquenesses; null where each column has its own.</param>
    public FactorMetric(FactorParameters origin, double[] roots, double weight, double[] shares, double[]? shape)
    {
        (_origin, _roots, _scale, _shares, _shape) = (origin, roots, 1 / Math.Sqrt(weight), shares, shape);
        _rotations = new Lazy<double[]>(Rotations);
    }

    private int P => _origin.ColumnCount;

    private int Q => _origin.FactorCount;

    /// <summary>Coordinates of a point.</summary>
    public void Write(FactorParameters point, Span<double> coordinates)
    {
        int p = P, r = Q + 1;
        Span<double> difference = r <= 64 ? stackalloc double[r] : new double[r];
        for (int j = 0; j < p; j++)
        {
            difference[0] = point.Mean[j] - _origin.Mean[j];
            for (int a = 0; a < Q; a++) difference[a + 1] = point.Loading(j)[a] - _origin.Loading(j)[a];
            Transform(j, difference, coordinates.Slice(j * r, r));
        }
        WithoutRotation(coordinates[..(p * r)]);
        Span<double> logs = coordinates[(p * r)..];
        for (int j = 0; j < logs.Length; j++) logs[j] = LogWeight(j) * Math.Log(point.Uniquenesses[j] / _origin.Uniquenesses[j]);
    }

    /// <summary>The point with these coordinates; null where they are too far away.</summary>
    public FactorParameters? Read(ReadOnlySpan<double> coordinates)
    {
        int p = P, q = Q, r = q + 1;
        double[] mean = new double[p], loadings = new double[p * q], uniquenesses = new double[p];
        double[] straight = coordinates[..(p * r)].ToArray();
        WithoutRotation(straight);
        for (int j = 0; j < p; j++)
        {
            // Lᵀ β √(1 / nψ) = coordinates
            Span<double> beta = straight.AsSpan(j * r, r);
            Cholesky.SolveUpper(_roots.AsSpan(j * r * r, r * r), r, r, beta, 1, 1);
            double back = Math.Sqrt(_origin.Uniquenesses[j]) / _scale;
            mean[j] = _origin.Mean[j] + back * beta[0];
            for (int a = 0; a < q; a++) loadings[j * q + a] = _origin.Loading(j)[a] + back * beta[a + 1];
            double log = _shape is null ? coordinates[p * r + j] / LogWeight(j) : coordinates[p * r] / LogWeight(0);
            if (!(Math.Abs(log) < 50) || !double.IsFinite(mean[j])) return null;
            uniquenesses[j] = Math.Max(_origin.Uniquenesses[j] * Math.Exp(log), FactorEm.LeastUniqueness * (_shape?[j] ?? 1));
        }
        foreach (double x in loadings)
            if (!(Math.Abs(x) < 1e6)) return null;
        return new FactorParameters(mean, loadings, uniquenesses);
    }

    /// <summary>The information about log ψ is half of that of the rows that tell of it.</summary>
    private double LogWeight(int j) => Math.Sqrt(0.5 * (_shape is null ? Math.Max(_shares[j], 1e-9) : _shares.Sum()));

    /// <summary>Lᵀβ √(1 / nψ_j).</summary>
    private void Transform(int j, ReadOnlySpan<double> beta, Span<double> target)
    {
        int r = beta.Length;
        ReadOnlySpan<double> root = _roots.AsSpan(j * r * r, r * r);
        double factor = _scale / Math.Sqrt(_origin.Uniquenesses[j]);
        for (int a = 0; a < r; a++)
        {
            double sum = 0;
            for (int b = a; b < r; b++) sum += root[b * r + a] * beta[b];
            target[a] = factor * sum;
        }
    }

    /// <summary>Subtracts the projection onto the directions of rotations.</summary>
    private void WithoutRotation(Span<double> coordinates)
    {
        int q = Q;
        if (q < 2) return;
        double[] pulls = Pulls(coordinates);
        int count = pulls.Length;
        Cholesky.SolveLower(_rotations.Value, count, count, pulls, 1, 1);
        Cholesky.SolveUpper(_rotations.Value, count, count, pulls, 1, 1);
        var turned = new double[P * (q + 1)];
        Turned(pulls, turned);
        AddScaled.To(coordinates, -1, turned);
    }

    /// <summary>Inner products of a direction with those of the rotations, a pair of factors each.</summary>
    private double[] Pulls(ReadOnlySpan<double> coordinates)
    {
        int q = Q, r = q + 1;
        var products = new double[q * q]; // Σ u_j λ_jᵀ, u_j = L_j c_j √(1 / nψ_j) without its first element
        for (int j = 0; j < P; j++)
        {
            ReadOnlySpan<double> root = _roots.AsSpan(j * r * r, r * r), c = coordinates.Slice(j * r, r), loading = _origin.Loading(j);
            double factor = _scale / Math.Sqrt(_origin.Uniquenesses[j]);
            for (int a = 0; a < q; a++)
            {
                double u = factor * Dot.Product(root.Slice((a + 1) * r, a + 2), c[..(a + 2)]);
                for (int b = 0; b < q; b++) products[a * q + b] += u * loading[b];
            }
        }
        var pulls = new double[q * (q - 1) / 2];
        for (int a = 0, at = 0; a < q; a++)
            for (int b = 0; b < a; b++, at++) pulls[at] = products[a * q + b] - products[b * q + a];
        return pulls;
    }

    /// <summary>Coordinates of the change of the loadings under an infinitesimal rotation.</summary>
    private void Turned(ReadOnlySpan<double> rotation, Span<double> coordinates)
    {
        int q = Q, r = q + 1;
        Span<double> change = r <= 64 ? stackalloc double[r] : new double[r];
        for (int j = 0; j < P; j++)
        {
            ReadOnlySpan<double> loading = _origin.Loading(j);
            change.Clear();
            for (int a = 0, at = 0; a < q; a++)
            {
                for (int b = 0; b < a; b++, at++)
                {
                    change[a + 1] += rotation[at] * loading[b];
                    change[b + 1] -= rotation[at] * loading[a];
                }
            }
            Transform(j, change, coordinates.Slice(j * r, r));
        }
    }

    /// <summary>The Cholesky factor of the inner products of the rotations with one another.</summary>
    private double[] Rotations()
    {
        int q = Q, count = q * (q - 1) / 2;
        double[] gram = new double[count * count], one = new double[count], turned = new double[P * (q + 1)];
        double largest = 0;
        for (int k = 0; k < count; k++)
        {
            Array.Clear(one);
            one[k] = 1;
            Turned(one, turned);
            Pulls(turned).CopyTo(gram, k * count);
            largest = Math.Max(largest, gram[k * count + k]);
        }
        // Factors without loadings have no rotation between them.
        for (int k = 0; k < count; k++) gram[k * count + k] += 1e-14 * largest + 1e-300;
        Cholesky.Factor(gram, count, count);
        return gram;
    }
}
