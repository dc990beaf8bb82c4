namespace Imputation.Numerics.Distributions;

/// <summary>Gauss-Hermite quadrature for expectations over a standard normal variable: 15 points.</summary>
/// <remarks>E f(Z) ≈ Σ wᵢ f(xᵢ), exact for polynomials of degree 29 (Abramowitz and Stegun 1964, 25.4.46, with x√2 and w/√π).</remarks>
internal static class GaussHermite
{
    private const int Count = 15;

    private static readonly (double[] Nodes, double[] Weights) s_rule = Make();

    /// <summary>xᵢ, ascending.</summary>
    public static double[] Nodes => s_rule.Nodes;

    /// <summary>wᵢ; they add up to 1.</summary>
    public static double[] Weights => s_rule.Weights;

    /// <summary>Zeros of the orthonormal Hermite polynomial h_n by bisection between those of h_{n−1}: each lies between two neighbours
    /// of the next.</summary>
    private static (double[], double[]) Make()
    {
        double[] zeros = [];
        for (int n = 1; n <= Count; n++)
        {
            var next = new double[n];
            for (int i = 0; i < n; i++)
            {
                double low = i == 0 ? -Math.Sqrt(4 * n + 2) : zeros[i - 1], high = i == n - 1 ? Math.Sqrt(4 * n + 2) : zeros[i];
                for (int step = 0; step < 200 && high - low > 1e-15 * Math.Max(1, Math.Abs(low)); step++)
                {
                    double middle = 0.5 * (low + high);
                    // the sign at the right end of all zeros is +, and changes at each
                    bool above = Polynomial(n, middle).Value > 0 == ((n - 1 - i) % 2 == 0);
                    if (above) high = middle;
                    else low = middle;
                }
                next[i] = 0.5 * (low + high);
            }
            zeros = next;
        }
        // w = 1 / (n h_{n−1}(x)²), of polynomials orthonormal under the standard normal density.
        double[] weights = Array.ConvertAll(zeros, x => 1 / (Count * Math.Pow(Polynomial(Count, x).Before, 2)));
        double sum = weights.Sum();
        return (zeros, Array.ConvertAll(weights, w => w / sum));
    }

    /// <summary>h_n and h_{n−1} by x h_k = √(k+1) h_{k+1} + √k h_{k−1}.</summary>
    private static (double Value, double Before) Polynomial(int n, double x)
    {
        double before = 0, value = 1;
        for (int k = 0; k < n; k++) (before, value) = (value, (x * value - Math.Sqrt(k) * before) / Math.Sqrt(k + 1));
        return (value, before);
    }
}
