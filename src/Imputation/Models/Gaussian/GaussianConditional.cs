using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Gaussian;

/// <summary>The conditional distribution of a pattern's missing columns given the observed ones: regression coefficients B and residual
/// covariance C.</summary>
/// <remarks>With O observed, M missing and K = Σ⁻¹ (Little and Rubin 2019, §11.2; Schafer 1997, §5.3):
/// <code>
/// B = Σ_MO Σ_OO⁻¹ = −K_MM⁻¹ K_MO      C = Σ_MM − B Σ_OM = K_MM⁻¹      log|Σ_OO| = log|Σ| + log|K_MM|
/// </code>
/// The left-hand forms factor Σ_OO, the right-hand ones K_MM; the smaller of the two is factored, but Σ_OO wherever Σ is badly conditioned.
/// An instance is a workspace: each call overwrites the results of the one before.</remarks>
internal sealed class GaussianConditional(int columnCount)
{
    private readonly double[] _factor = new double[columnCount * columnCount];
    private readonly double[] _right = new double[columnCount * columnCount];
    private readonly double[] _coefficients = new double[columnCount * columnCount];
    private readonly double[] _covariance = new double[columnCount * columnCount];
    private int _observed;
    private int _missing;

    /// <summary>B, |M| × |O|, rows |O| apart.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients.AsSpan(0, _missing * _observed);

    /// <summary>C, |M| × |M|, both triangles, rows |M| apart.</summary>
    public ReadOnlySpan<double> Covariance => _covariance.AsSpan(0, _missing * _missing);

    /// <summary>log|Σ_OO|.</summary>
    public double LogDeterminantObserved { get; private set; }

    /// <summary>The factor of Σ_OO, rows |O| apart; valid only after <see cref="FromCovariance"/>.</summary>
    public ReadOnlySpan<double> ObservedFactor => _factor.AsSpan(0, _observed * _observed);

    /// <summary>Computes B, C and log|Σ_OO| by the cheaper method that is accurate. False where a factorisation fails.</summary>
    public bool Compute(GaussianParameters parameters, ReadOnlySpan<int> observed, ReadOnlySpan<int> missing) =>
        parameters.PrecisionIsAccurate && missing.Length <= observed.Length
            ? FromPrecision(parameters, observed, missing)
            : FromCovariance(parameters, observed, missing);

    /// <summary>C and log|Σ_OO| only, from the factor of K_MM. False where a factorisation fails.</summary>
    public bool CovarianceFromPrecision(GaussianParameters parameters, ReadOnlySpan<int> missing)
    {
        int p = parameters.Count, m = _missing = missing.Length;
        _observed = 0;
        Cholesky.Pick(parameters.Precision, p, missing, _factor);
        if (!Cholesky.Factor(_factor, m, m)) return false;
        LogDeterminantObserved = parameters.LogDeterminant + Cholesky.LogDeterminant(_factor, m, m);
        Cholesky.Invert(_factor, m, m, _covariance);
        return true;
    }

    /// <summary>From the factor of K_MM.</summary>
    /// <param name="parameters">μ and Σ.</param>
    /// <param name="observed">O.</param>
    /// <param name="missing">M.</param>
    public bool FromPrecision(GaussianParameters parameters, ReadOnlySpan<int> observed, ReadOnlySpan<int> missing)
    {
        int p = parameters.Count, o = _observed = observed.Length, m = _missing = missing.Length;
        ReadOnlySpan<double> precision = parameters.Precision;
        for (int a = 0; a < m; a++)
        {
            // Gather K_MM, lower triangle, and −K_MO.
            ReadOnlySpan<double> row = precision.Slice(missing[a] * p, p);
            for (int b = 0; b <= a; b++) _factor[a * m + b] = row[missing[b]];
            for (int b = 0; b < o; b++) _coefficients[a * o + b] = -row[observed[b]];
        }
        // K_MM = LLᵀ; B = −K_MM⁻¹ K_MO by forward and back substitution; C = K_MM⁻¹.
        if (!Cholesky.Factor(_factor, m, m)) return false;
        LogDeterminantObserved = parameters.LogDeterminant + Cholesky.LogDeterminant(_factor, m, m);
        Cholesky.SolveLower(_factor, m, m, _coefficients, o, o);
        Cholesky.SolveUpper(_factor, m, m, _coefficients, o, o);
        Cholesky.Invert(_factor, m, m, _covariance);
        return true;
    }

    /// <summary>From the factor of Σ_OO.</summary>
    public bool FromCovariance(GaussianParameters parameters, ReadOnlySpan<int> observed, ReadOnlySpan<int> missing)
    {
        int p = parameters.Count, o = _observed = observed.Length, m = _missing = missing.Length;
        ReadOnlySpan<double> covariance = parameters.Covariance;
        for (int a = 0; a < o; a++)
        {
            // Gather Σ_OO, lower triangle, and Σ_OM.
            ReadOnlySpan<double> row = covariance.Slice(observed[a] * p, p);
            for (int b = 0; b <= a; b++) _factor[a * o + b] = row[observed[b]];
            for (int b = 0; b < m; b++) _right[a * m + b] = row[missing[b]];
        }
        if (!Cholesky.Factor(_factor, o, o)) return false;
        LogDeterminantObserved = Cholesky.LogDeterminant(_factor, o, o);
        Cholesky.SolveLower(_factor, o, o, _right, m, m);

        // Σ_OO = LLᵀ, and _right now holds W = L⁻¹Σ_OM: C = Σ_MM − WᵀW, one row of W after another.
        for (int a = 0; a < m; a++)
            for (int b = 0; b < m; b++) _covariance[a * m + b] = covariance[missing[a] * p + missing[b]];
        for (int k = 0; k < o; k++)
        {
            ReadOnlySpan<double> row = _right.AsSpan(k * m, m);
            for (int a = 0; a < m; a++) AddScaled.To(_covariance.AsSpan(a * m, m), -row[a], row);
        }

        // Bᵀ = Σ_OO⁻¹ Σ_OM = L⁻ᵀW, then transposed.
        Cholesky.SolveUpper(_factor, o, o, _right, m, m);
        for (int a = 0; a < m; a++)
            for (int b = 0; b < o; b++) _coefficients[a * o + b] = _right[b * m + a];
        return true;
    }
}
