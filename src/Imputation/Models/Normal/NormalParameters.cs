using Imputation.Numerics;

namespace Imputation.Models.Normal;

/// <summary>A mean and a positive-definite covariance on the standardised scale, with what the E-step wants of them. Immutable.</summary>
internal sealed class NormalParameters
{
    /// <summary>Smallest variance of a column given those before it, relative to its own variance, at which the covariance still counts
    /// as positive definite: R² of 1 − 1e-12. Beyond it floating point no longer tells a maximum from a climb without end.</summary>
    public const double DegenerateTolerance = 1e-12;

    /// <summary>Condition number from which Σ⁻¹ is not used: its error would show in the eleventh digit of the log-likelihood.</summary>
    private const double IllConditioned = 1e5;

    private NormalParameters(double[] mean, double[] covariance, double[] factor)
    {
        int p = mean.Length;
        Mean = mean;
        Covariance = covariance;
        Factor = factor;
        LogDeterminant = Cholesky.LogDeterminant(factor, p, p);
        Precision = new double[p * p];
        Cholesky.Invert((double[])factor.Clone(), p, p, Precision);
        PrecisionIsAccurate = RowSumNorm(covariance, p) * RowSumNorm(Precision, p) < IllConditioned;
    }

    /// <summary>The parameters, or null where the covariance is not positive definite to <see cref="DegenerateTolerance"/>.</summary>
    /// <param name="mean">p means; kept.</param>
    /// <param name="covariance">p × p, both triangles; kept.</param>
    public static NormalParameters? Create(double[] mean, double[] covariance)
    {
        var factor = (double[])covariance.Clone();
        if (!Cholesky.Factor(factor, mean.Length, mean.Length, DegenerateTolerance)) return null;
        return new NormalParameters(mean, covariance, factor);
    }

    /// <summary>Number of columns, p.</summary>
    public int Count => Mean.Length;

    /// <summary>μ.</summary>
    public double[] Mean { get; }

    /// <summary>Σ, both triangles, rows p apart.</summary>
    public double[] Covariance { get; }

    /// <summary>L with Σ = LLᵀ; above the diagonal stands Σ.</summary>
    public double[] Factor { get; }

    /// <summary>log|Σ|.</summary>
    public double LogDeterminant { get; }

    /// <summary>K = Σ⁻¹, both triangles.</summary>
    public double[] Precision { get; }

    /// <summary>Whether Σ is well enough conditioned for the K side of the formulas.</summary>
    public bool PrecisionIsAccurate { get; }

    private static double RowSumNorm(ReadOnlySpan<double> matrix, int p)
    {
        double largest = 0;
        for (int i = 0; i < p; i++)
        {
            double sum = 0;
            foreach (double x in matrix.Slice(i * p, p)) sum += Math.Abs(x);
            largest = Math.Max(largest, sum);
        }
        return largest;
    }
}
