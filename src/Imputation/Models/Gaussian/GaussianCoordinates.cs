using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Gaussian;

/// <summary>Coordinates of mean and covariance about an origin, in which any finite point is a valid covariance.</summary>
/// <remarks>With L₀ the factor at the origin, L₀⁻¹(μ − μ₀), times a weight, and then by rows the lower triangle of T = L₀⁻¹L, its diagonal
/// as √2 log: the complete-data information at the origin is n times the unit matrix, where the weight is that of the means against the
/// covariance.</remarks>
internal static class GaussianCoordinates
{
    /// <summary>A step this far overflows the exponential.</summary>
    private const double MostDistant = 500;

    /// <summary>Number of coordinates of p columns.</summary>
    public static int Count(int p) => p * (p + 3) / 2;

    /// <summary>The largest element of L⁻¹Δμ and of T + Tᵀ − 2I, where T is L⁻¹ times the factor of the other covariance: the change of
    /// each column given those before it.</summary>
    public static double Distance(GaussianParameters from, GaussianParameters to)
    {
        int p = from.Count;
        var mean = new double[p];
        for (int i = 0; i < p; i++) mean[i] = to.Mean[i] - from.Mean[i];
        Cholesky.SolveLower(from.Factor, p, p, mean, 1, 1);
        double[] t = LowerTriangle.Solve(from.Factor, to.Factor, p);
        double largest = 0;
        for (int i = 0; i < p; i++)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(mean[i]), 2 * Math.Abs(t[i * p + i] - 1)));
            for (int j = 0; j < i; j++) largest = Math.Max(largest, Math.Abs(t[i * p + j]));
        }
        return largest;
    }

    /// <summary>Writes the coordinates of a point; those after <see cref="Count"/> are not touched.</summary>
    public static void Write(GaussianParameters origin, GaussianParameters point, double meanWeight, Span<double> coordinates)
    {
        int p = point.Count, at = p;
        for (int i = 0; i < p; i++) coordinates[i] = (point.Mean[i] - origin.Mean[i]) * meanWeight;
        Cholesky.SolveLower(origin.Factor, p, p, coordinates[..p], 1, 1);
        double[] t = LowerTriangle.Solve(origin.Factor, point.Factor, p);
        for (int i = 0; i < p; i++)
        {
            // Row i of T: the elements below the diagonal as they are, then the logarithm of the diagonal element.
            t.AsSpan(i * p, i).CopyTo(coordinates[at..]);
            at += i;
            coordinates[at++] = Math.Sqrt(2) * Math.Log(t[i * p + i]);
        }
    }

    /// <summary>The point with these coordinates; null where any of them, further ones included, is NaN or too far out.</summary>
    public static GaussianParameters? Read(GaussianParameters origin, double meanWeight, ReadOnlySpan<double> coordinates)
    {
        int p = origin.Count, at = p;
        foreach (double x in coordinates)
            if (!(Math.Abs(x) < MostDistant)) return null;
        var t = new double[p * p];
        for (int i = 0; i < p; i++)
        {
            coordinates.Slice(at, i).CopyTo(t.AsSpan(i * p));
            at += i;
            t[i * p + i] = Math.Exp(coordinates[at++] / Math.Sqrt(2));
        }
        // μ = μ₀ + L₀u, u being the first p coordinates without their weight, and L = L₀T.
        var mean = new double[p];
        for (int i = 0; i < p; i++)
            mean[i] = origin.Mean[i] + Dot.Product(origin.Factor.AsSpan(i * p, i + 1), coordinates[..(i + 1)]) / meanWeight;
        return GaussianParameters.FromFactor(mean, LowerTriangle.Multiply(origin.Factor, t, p));
    }
}
