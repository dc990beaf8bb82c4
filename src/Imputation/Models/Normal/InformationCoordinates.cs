using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>Between the parameters, standardised, and coordinates in which complete data would have unit information.</summary>
/// <remarks>dμ = Lm and dΣ = LDLᵀ as in <see cref="InformationSums"/>; the coordinates are √n m, and of D's lower triangle by rows √N
/// times the elements off the diagonal and √(N/2) times those on it, N = n + ξ + p + 1: the complete-data information n mᵀm + ½N
/// tr(D²) is then the unit matrix.</remarks>
internal sealed class InformationCoordinates(GaussianParameters parameters, double meanWeight, double covarianceWeight)
{
    private readonly int _p = parameters.Count;
    private readonly double _mean = Math.Sqrt(meanWeight), _pair = Math.Sqrt(covarianceWeight);

    /// <summary>p.</summary>
    public int ColumnCount => _p;

    /// <summary>q = p(p + 3)/2.</summary>
    public int Count => _p * (_p + 3) / 2;

    /// <summary>Correlations at the fit, p × p.</summary>
    public double[] Correlations => parameters.Covariance;

    /// <summary>n, in which the complete-data information about means is counted.</summary>
    public double MeanWeight => meanWeight;

    /// <summary>N, in which that about covariances is.</summary>
    public double CovarianceWeight => covarianceWeight;

    /// <summary>How many of a coordinate's units a unit of D's element a, b makes.</summary>
    public double PairUnit(int a, int b) => a == b ? _pair / Math.Sqrt(2) : _pair;

    /// <summary>The information in these coordinates, both triangles.</summary>
    public double[] Information(InformationSums sums)
    {
        int p = _p, q = Count;
        var information = new double[q * q];
        for (int i = 0; i < p; i++)
        {
            for (int j = 0; j <= i; j++) information[i * q + j] = information[j * q + i] = sums.Means[i * p + j] / meanWeight;
            for (int a = 0; a < p; a++)
            {
                for (int b = 0; b <= a; b++)
                {
                    // mᵀPDY₁
                    double cross = First(i, a, b) + (a == b ? 0 : First(i, b, a));
                    int at = p + InformationSums.Pair(a, b);
                    information[i * q + at] = information[at * q + i] = cross / (_mean * PairUnit(a, b));
                }
            }
        }
        double First(int i, int a, int b) => sums.Products[InformationSums.Pair(i, a) * sums.Width + sums.PairCount + b];
        double Second(int b, int c, int d, int a) => sums.Products[InformationSums.Pair(b, c) * sums.Width + InformationSums.Pair(d, a)];
        for (int a = 0; a < p; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                int row = p + InformationSums.Pair(a, b);
                for (int c = 0; c <= a; c++)
                {
                    for (int d = 0; d <= c && (c < a || d <= b); d++)
                    {
                        // tr(D₁PD₂W), each D having its element in both triangles
                        double trace = Second(b, c, d, a);
                        if (a != b) trace += Second(a, c, d, b);
                        if (c != d) trace += Second(b, d, c, a);
                        if (a != b && c != d) trace += Second(a, d, c, b);
                        int column = p + InformationSums.Pair(c, d);
                        information[row * q + column] = information[column * q + row] = trace / (PairUnit(a, b) * PairUnit(c, d));
                    }
                }
            }
        }
        return information;
    }

    /// <summary>The score in these coordinates.</summary>
    public double[] Score(InformationSums sums)
    {
        var score = new double[Count];
        for (int i = 0; i < _p; i++) score[i] = sums.MeanScore[i] / _mean;
        for (int a = 0; a < _p; a++)
            for (int b = 0; b <= a; b++)
                score[_p + InformationSums.Pair(a, b)] = sums.CovarianceScore[InformationSums.Pair(a, b)] * (a == b ? 1
                    : 2) / PairUnit(a, b);
        return score;
    }

    /// <summary>A movement in coordinates as one of the standardised parameters: dμ, then dΣ by its lower triangle. In place.</summary>
    /// <param name="vector">q numbers.</param>
    /// <param name="work">2p² numbers.</param>
    public void ToParameters(Span<double> vector, Span<double> work)
    {
        int p = _p;
        double[] l = parameters.Factor;
        for (int i = p - 1; i >= 0; i--) vector[i] = Dot.Product(l.AsSpan(i * p, i + 1), vector[..(i + 1)]) / _mean;
        Span<double> d = work[..(p * p)], half = work.Slice(p * p, p * p);
        for (int a = 0; a < p; a++)
            for (int b = 0; b <= a; b++) d[a * p + b] = d[b * p + a] = vector[p + InformationSums.Pair(a, b)] / PairUnit(a, b);
        half.Clear();
        for (int i = 0; i < p; i++)
            for (int k = 0; k <= i; k++) AddScaled.To(half.Slice(i * p, p), l[i * p + k], d.Slice(k * p, p)); // LD
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++) vector[p + InformationSums.Pair(i, j)] = Dot.Product(half.Slice(i * p, j + 1),
                l.AsSpan(j * p, j + 1));
    }

    /// <summary>The gradient of a function in coordinates, where its derivatives by the covariance are ½(uvᵀ + vuᵀ).</summary>
    public double[] Gradient(ReadOnlySpan<double> mean, double[] u, double[] v) => Gradient(mean, Symmetric(u, v));

    /// <summary>The gradient of a function in coordinates.</summary>
    /// <param name="mean">Its derivatives by the standardised means.</param>
    /// <param name="covariance">Its derivatives A by the standardised covariance, df = tr(A dΣ): p × p, symmetric.</param>
    public double[] Gradient(ReadOnlySpan<double> mean, ReadOnlySpan<double> covariance)
    {
        int p = _p;
        double[] l = parameters.Factor, gradient = new double[Count], right = new double[p * p], both = new double[p * p];
        for (int i = 0; i < p; i++)
        {
            AddScaled.To(gradient.AsSpan(0, i + 1), mean[i] / _mean, l.AsSpan(i * p, i + 1)); // Lᵀa
            for (int k = 0; k < p; k++) AddScaled.To(right.AsSpan(i * p, k + 1), covariance[i * p + k], l.AsSpan(k * p, k + 1)); // AL
        }
        for (int k = 0; k < p; k++)
            for (int i = 0; i <= k; i++) AddScaled.To(both.AsSpan(i * p, p), l[k * p + i], right.AsSpan(k * p, p)); // LᵀAL
        for (int a = 0; a < p; a++)
            for (int b = 0; b <= a; b++) gradient[p + InformationSums.Pair(a, b)] = (a == b ? both[a * p + a] : both[a * p + b]
                + both[b * p + a]) / PairUnit(a, b);
        return gradient;
    }

    /// <summary>The derivatives by the standardised parameters, means and lower triangle, of the function with this gradient in
    /// coordinates: the inverse of <see cref="Gradient(ReadOnlySpan{double}, ReadOnlySpan{double})"/>.</summary>
    public double[] Coefficients(ReadOnlySpan<double> gradient)
    {
        int p = _p;
        var coefficients = new double[Count];
        for (int i = 0; i < p; i++) coefficients[i] = gradient[i] * _mean;
        Cholesky.SolveUpper(parameters.Factor, p, p, coefficients.AsSpan(0, p), 1, 1);
        var a = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++) a[i * p + j] = a[j * p + i] = gradient[p + InformationSums.Pair(i, j)] * PairUnit(i, j) * (i == j
                ? 1 : 0.5);
        for (int side = 0; side < 2; side++)
        {
            Cholesky.SolveUpper(parameters.Factor, p, p, a, p, p);
            for (int i = 0; i < p; i++)
                for (int j = 0; j < i; j++) (a[i * p + j], a[j * p + i]) = (a[j * p + i], a[i * p + j]);
        }
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++) coefficients[p + InformationSums.Pair(i, j)] = i == j ? a[i * p + i] : a[i * p + j] + a[j * p + i];
        return coefficients;
    }

    /// <summary>½(uvᵀ + vuᵀ), p × p.</summary>
    private static double[] Symmetric(double[] u, double[] v)
    {
        int p = u.Length;
        var product = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) product[i * p + j] = 0.5 * (u[i] * v[j] + v[i] * u[j]);
        return product;
    }
}
