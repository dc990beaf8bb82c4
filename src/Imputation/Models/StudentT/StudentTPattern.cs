using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.StudentT;

/// <summary>Rows with the same columns observed under a multivariate t distribution. A workspace for one thread.</summary>
/// <remarks>x_O is t with ν degrees of freedom; x_M | x_O is t with ν + o degrees of freedom, the mean of the normal distribution, and the
/// scatter C (ν + δ) / (ν + o) (Kotz and Nadarajah 2004, §1.11).</remarks>
internal sealed class StudentTPattern(StudentTParameters parameters)
{
    private readonly GaussianConditional _conditional = new(parameters.Normal.Count);
    private readonly double[] _cells = new double[parameters.Normal.Count];
    private readonly double[] _solved = new double[parameters.Normal.Count];
    private int _o;
    private double _constant;
    private double _meanLog;

    /// <summary>The parameters.</summary>
    public StudentTParameters Parameters => parameters;

    /// <summary>C, |M| × |M|.</summary>
    public ReadOnlySpan<double> Covariance => _conditional.Covariance;

    /// <summary>δ of the last row.</summary>
    public double Quadratic { get; private set; }

    /// <summary>(ν + o) / (ν + δ), the weight of the last row.</summary>
    public double Weight { get; private set; }

    /// <summary>E[log u] of the last row.</summary>
    public double LogWeight { get; private set; }

    /// <summary>Log density of the last row's observed cells.</summary>
    public double LogDensity { get; private set; }

    /// <summary>ν + o.</summary>
    public double DegreesOfFreedom => parameters.DegreesOfFreedom + _o;

    /// <summary>Prepares for rows of a pattern. False where Σ_OO cannot be factored.</summary>
    public bool Begin(int[] observed, int[] missing)
    {
        _o = observed.Length;
        if (!_conditional.FromCovariance(parameters.Normal, observed, missing)) return false;
        double nu = parameters.DegreesOfFreedom, half = 0.5 * nu;
        _constant = -0.5 * (_o == 0 ? 0 : _conditional.LogDeterminantObserved) + (double.IsInfinity(nu)
            ? -0.5 * _o * Math.Log(2 * Math.PI) : Gamma.LogRatio(half, _o) - 0.5 * _o * Math.Log(nu * Math.PI));
        _meanLog = double.IsInfinity(nu) ? 0 : Gamma.Digamma(0.5 * (nu + _o));
        return true;
    }

    /// <summary>Takes a row: observed cells less their means.</summary>
    public void Given(ReadOnlySpan<double> cells)
    {
        cells.CopyTo(_cells);
        cells.CopyTo(_solved);
        double nu = parameters.DegreesOfFreedom;
        double delta = Quadratic = _o == 0 ? 0 : Cholesky.Mahalanobis(_conditional.ObservedFactor, _solved.AsSpan(0, _o));
        bool normal = double.IsInfinity(nu);
        Weight = normal ? 1 : (nu + _o) / (nu + delta);
        LogWeight = normal ? 0 : _meanLog - Math.Log(0.5 * (nu + delta));
        LogDensity = _constant - (normal ? 0.5 * delta : 0.5 * (nu + _o) * Math.Log(1 + delta / nu));
    }

    /// <summary>Mean of the a-th missing cell, less that of its column.</summary>
    public double Mean(int a) => Dot.Product(_conditional.Coefficients.Slice(a * _o, _o), _cells.AsSpan(0, _o));
}
