using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Gaussian;

/// <summary>A mean and a positive-definite covariance on the standardised scale, with the quantities that the E-step needs.
/// Immutable.</summary>
internal sealed class GaussianParameters
{
    /// <summary>Smallest variance of a column given those before it, relative to its own variance, at which the covariance still counts
    /// as positive definite: R² of 1 − 1e-11. Beyond it floating point cannot distinguish a maximum from an unbounded likelihood.</summary>
    public const double DegenerateTolerance = 1e-11;

    /// <summary>Condition number up to which Σ⁻¹ and cross-products are used for the log-likelihood: rounding is n · 2e-16 times
    /// it.</summary>
    private const double WellConditioned = 1e6;

    /// <summary>The same for few columns: they have at most 1,024 patterns, and the other side costs nothing to speak of.</summary>
    private const double WellConditionedNarrow = 1e3;

    private const int Narrow = 10;

    /// <summary>The same where the other side, which factors all observed columns of every pattern, would take minutes a step.</summary>
    private const double WellConditionedWide = 1e11;

    private Inverted? _inverted; // where it was asked for: not every point that a run looks at is evaluated

    private GaussianParameters(double[] mean, double[] covariance, double[] factor)
    {
        int p = mean.Length;
        Mean = mean;
        Covariance = covariance;
        Factor = factor;
        LogDeterminant = Cholesky.LogDeterminant(factor, p, p);
    }

    /// <summary>The parameters, or null where the covariance is not positive definite to <see cref="DegenerateTolerance"/>.</summary>
    /// <param name="mean">p means; kept.</param>
    /// <param name="covariance">p × p, both triangles; kept.</param>
    public static GaussianParameters? Create(double[] mean, double[] covariance)
    {
        var factor = (double[])covariance.Clone();
        return Cholesky.Factor(factor, mean.Length, mean.Length, DegenerateTolerance) ? new GaussianParameters(mean, covariance, factor)
            : null;
    }

    /// <summary>Parameters in other units, such as those of the data, put onto a scale; null where the covariance is not positive
    /// definite.</summary>
    /// <param name="mean">p means.</param>
    /// <param name="covariance">p × p.</param>
    /// <param name="center">What is 0 on the scale, in those units.</param>
    /// <param name="scale">What is 1 on the scale.</param>
    public static GaussianParameters? Standardised(double[] mean, double[,] covariance, double[] center, double[] scale)
    {
        int p = mean.Length;
        var scaled = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) scaled[i * p + j] = covariance[i, j] / (scale[i] * scale[j]);
        return Create([.. mean.Select((m, j) => (m - center[j]) / scale[j])], scaled);
    }

    /// <summary>The same from the factor L of the covariance, which is kept as it is.</summary>
    /// <param name="mean">p means; kept.</param>
    /// <param name="factor">p × p, lower triangle, diagonal positive; kept.</param>
    public static GaussianParameters? FromFactor(double[] mean, double[] factor)
    {
        int p = mean.Length;
        double[] covariance = LowerTriangle.Square(factor, p);
        for (int i = 0; i < p; i++)
        {
            double pivot = factor[i * p + i];
            if (!(pivot * pivot > DegenerateTolerance * covariance[i * p + i] && double.IsFinite(covariance[i * p + i]))) return null;
        }
        return new GaussianParameters(mean, covariance, factor);
    }

    /// <summary>The moments of a sample, which may be singular: for reading off, not for an E-step.</summary>
    /// <param name="mean">p means; kept.</param>
    /// <param name="covariance">p × p, both triangles; kept.</param>
    /// <param name="factor">Its factor, lower triangle, computed from the rows; zeros where it is singular; kept.</param>
    public static GaussianParameters OfSample(double[] mean, double[] covariance, double[] factor) => new(mean, covariance, factor);

    /// <summary>Number of columns, p.</summary>
    public int Count => Mean.Length;

    /// <summary>μ.</summary>
    public double[] Mean { get; }

    /// <summary>Σ, both triangles, rows p apart.</summary>
    public double[] Covariance { get; }

    /// <summary>L with Σ = LLᵀ, lower triangle; entries above it are undefined.</summary>
    public double[] Factor { get; }

    /// <summary>log|Σ|.</summary>
    public double LogDeterminant { get; }

    /// <summary>K = Σ⁻¹, both triangles.</summary>
    public double[] Precision => Inverse.Precision;

    /// <summary>Condition number of Σ, about.</summary>
    public double Condition => Inverse.Condition;

    /// <summary>Whether Σ is well enough conditioned for the K side of the formulas.</summary>
    public bool PrecisionIsAccurate => Condition < (Count <= Narrow ? WellConditionedNarrow : Count < 100 ? WellConditioned
        : WellConditionedWide);

    private Inverted Inverse => _inverted ??= Invert();

    private Inverted Invert()
    {
        var precision = new double[Factor.Length];
        Cholesky.Invert((double[])Factor.Clone(), Count, Count, precision);
        return new Inverted(precision, Norm(Covariance, Count) * Norm(precision, Count));
    }

    private sealed record Inverted(double[] Precision, double Condition);

    /// <summary>Largest eigenvalue by a few steps of the power method; a little low where several are close, which does not matter
    /// here.</summary>
    private static double Norm(ReadOnlySpan<double> matrix, int p)
    {
        Span<double> x = p <= 128 ? stackalloc double[p] : new double[p], y = p <= 128 ? stackalloc double[p] : new double[p];
        for (int i = 0; i < p; i++) x[i] = 1 + 0.37 * (i % 5); // no symmetry to be caught in
        double norm = 0;
        for (int step = 0; step < 6; step++)
        {
            double length = Math.Sqrt(Dot.Product(x, x));
            for (int i = 0; i < p; i++) x[i] /= length;
            for (int i = 0; i < p; i++) y[i] = Dot.Product(matrix.Slice(i * p, p), x);
            norm = Math.Sqrt(Dot.Product(y, y));
            y.CopyTo(x);
        }
        return norm;
    }
}
