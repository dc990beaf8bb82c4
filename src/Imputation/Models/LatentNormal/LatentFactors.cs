using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.LatentNormal;

/// <summary>What all rows with the same kinds of cells share: the factor of the observed latent variables' covariance, points first, and
/// the regression of the missing ones on them. A workspace for one thread.</summary>
/// <remarks>With C the points, I the intervals, O both, M the missing: z_I | z_C ~ N(μ_I + L_IC L_CC⁻¹(z_C − μ_C), L_II L_IIᵀ), and
/// z_M | z_O ~ N(μ_M + B(z_O − μ_O), Σ_MM − BΣ_OM) with B = Σ_MO Σ_OO⁻¹ (Little and Rubin 2019, §11.2).</remarks>
internal sealed class LatentFactors(int most)
{
    private readonly double[] _factor = new double[most * most];
    private readonly double[] _prior = new double[most * most];       // V₀
    private readonly double[] _coefficients = new double[most * most]; // Bᵀ, |O| × |M|
    private readonly double[] _residual = new double[most * most];
    private readonly double[] _whitened = new double[most];
    private readonly double[] _lower = new double[most];
    private readonly double[] _upper = new double[most];
    private readonly double[] _priorMean = new double[most];
    private double _logDeterminant; // of the points' covariance

    /// <summary>Observed latent variables, points first.</summary>
    public int[] Observed { get; private set; } = [];

    /// <summary>Missing ones.</summary>
    public int[] Missing { get; private set; } = [];

    /// <summary>Number of points among the observed.</summary>
    public int PointCount { get; private set; }

    /// <summary>Number of intervals among the observed.</summary>
    public int IntervalCount => Observed.Length - PointCount;

    /// <summary>Bᵀ, |O| × |M|, rows |M| apart.</summary>
    public ReadOnlySpan<double> Coefficients => _coefficients.AsSpan(0, Observed.Length * Missing.Length);

    /// <summary>Covariance of the intervals' latent variables given the points, both triangles.</summary>
    public ReadOnlySpan<double> IntervalCovariance => _prior.AsSpan(0, IntervalCount * IntervalCount);

    /// <summary>Their means given the points of a row.</summary>
    public void IntervalMean(GaussianParameters parameters, ReadOnlySpan<double> points, Span<double> target)
    {
        Whiten(parameters, points, []);
        int o = Observed.Length, c = PointCount;
        for (int a = 0; a < o - c; a++)
            target[a] = parameters.Mean[Observed[c + a]] + Dot.Product(_factor.AsSpan((c + a) * o, c), _whitened.AsSpan(0, c));
    }

    /// <summary>Residual covariance of the missing, |M| × |M|, both triangles.</summary>
    public ReadOnlySpan<double> Residual => _residual.AsSpan(0, Missing.Length * Missing.Length);

    /// <summary>Prepares for rows of these kinds. False where a factorisation fails.</summary>
    public bool Begin(GaussianParameters parameters, int[] points, int[] intervals, int[] missing)
    {
        (Observed, Missing, PointCount) = ([.. points, .. intervals], missing, points.Length);
        int q = parameters.Count, o = Observed.Length, m = missing.Length, c = PointCount, k = o - c;
        Cholesky.Pick(parameters.Covariance, q, Observed, _factor);
        if (o > 0 && !Cholesky.Factor(_factor.AsSpan(0, o * o), o, o)) return false;
        _logDeterminant = Cholesky.LogDeterminant(_factor, c, o);
        for (int a = 0; a < k; a++)
        {
            for (int b = 0; b <= a; b++)
                _prior[a * k + b] = _prior[b * k + a] = Dot.Product(_factor.AsSpan((c + a) * o + c, b + 1),
                    _factor.AsSpan((c + b) * o + c, b + 1));
        }
        if (m == 0) return true;
        Span<double> right = _coefficients.AsSpan(0, o * m);
        for (int a = 0; a < o; a++)
            for (int b = 0; b < m; b++) right[a * m + b] = parameters.Covariance[Observed[a] * q + missing[b]];
        if (o > 0)
        {
            Cholesky.SolveLower(_factor, o, o, right, m, m);
            Cholesky.SolveUpper(_factor, o, o, right, m, m);
        }
        for (int a = 0; a < m; a++)
        {
            Span<double> row = _residual.AsSpan(a * m, m);
            for (int b = 0; b < m; b++) row[b] = parameters.Covariance[missing[a] * q + missing[b]];
            for (int b = 0; b < o; b++) AddScaled.To(row, -parameters.Covariance[missing[a] * q + Observed[b]], right.Slice(b * m, m));
        }
        return true;
    }

    /// <summary>The posterior of a row's observed latent variables: expectation propagation over the intervals, given the points.</summary>
    /// <param name="parameters">The parameters that the factors are of.</param>
    /// <param name="propagation">Ends with mean and covariance of the intervals' latent variables.</param>
    /// <param name="lower">Lower ends of all latent variables.</param>
    /// <param name="upper">Upper ends.</param>
    /// <param name="sites">Where expectation propagation begins, and where it ended; may be empty.</param>
    /// <param name="tolerance">Its tolerance.</param>
    /// <param name="deviations">Receives E z_O − μ_O.</param>
    /// <returns>Log density of the points and log mass of the box.</returns>
    public double Posterior(GaussianParameters parameters, ExpectationPropagation propagation, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper, Span<double> sites, double tolerance, Span<double> deviations)
    {
        int o = Observed.Length, c = PointCount, k = o - c;
        Span<double> w = _whitened.AsSpan(0, c);
        double quadratic = Whiten(parameters, lower, deviations);
        double logDensity = c == 0 ? 0 : -0.5 * (c * Math.Log(2 * Math.PI) + _logDeterminant + quadratic);
        if (k == 0) return logDensity;
        for (int a = 0; a < k; a++)
        {
            int j = Observed[c + a];
            _priorMean[a] = parameters.Mean[j] + Dot.Product(_factor.AsSpan((c + a) * o, c), w);
            (_lower[a], _upper[a]) = (lower[j], upper[j]);
        }
        LogMass = propagation.Run(_priorMean.AsSpan(0, k), _prior.AsSpan(0, k * k), _lower.AsSpan(0, k), _upper.AsSpan(0, k),
            sites.IsEmpty ? sites : sites[..(2 * k)], tolerance);
        for (int a = 0; a < k; a++) deviations[c + a] = propagation.Mean[a] - parameters.Mean[Observed[c + a]];
        return logDensity + LogMass;
    }

    /// <summary>w = L_CC⁻¹(z_C − μ_C), and wᵀw.</summary>
    private double Whiten(GaussianParameters parameters, ReadOnlySpan<double> points, Span<double> deviations)
    {
        int o = Observed.Length;
        Span<double> w = _whitened.AsSpan(0, PointCount);
        double quadratic = 0;
        for (int a = 0; a < w.Length; a++)
        {
            int j = Observed[a];
            ReadOnlySpan<double> row = _factor.AsSpan(a * o, a + 1);
            double deviation = points[j] - parameters.Mean[j];
            if (!deviations.IsEmpty) deviations[a] = deviation;
            w[a] = (deviation - Dot.Product(row[..a], w[..a])) / row[a];
            quadratic += w[a] * w[a];
        }
        return quadratic;
    }

    /// <summary>Log mass of the last row's box given its points, by expectation propagation.</summary>
    public double LogMass { get; private set; }

    /// <summary>The same by integration over a lattice, with its standard error.</summary>
    public (double Log, double Error) IntegratedLogMass(int points, ulong seed)
    {
        int k = IntervalCount;
        return BoxProbability.Log(_priorMean.AsSpan(0, k), _prior.AsSpan(0, k * k), _lower.AsSpan(0, k), _upper.AsSpan(0, k), points, seed);
    }
}
