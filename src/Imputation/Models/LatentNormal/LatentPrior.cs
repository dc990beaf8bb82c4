using Imputation.Models.Gaussian;
using Imputation.Numerics.Linear;

namespace Imputation.Models.LatentNormal;

/// <summary>The prior of the latent covariance, and the M-step under it.</summary>
/// <remarks>With c the latent variables that have a scale, p_c of them, and b those whose scale the data cannot show, the log density is
/// <code>
/// −½ξ(log|Σ| − Σ_b log Σ_jj) − ½ξ Σ_b Σ_jj (Σ⁻¹)_jj − ½ Σ_c Λ_jj (Σ⁻¹)_jj − ½(p_c + 1) log|Σ_cc|
/// </code>
/// Without b this is the inverse-Wishart ridge of the normal model. It does not depend on the scales of b, and neither does the likelihood:
/// so the M-step may leave their scales free, and they are set to 1 afterwards, which makes longer steps (parameter expansion: Liu, Rubin
/// and Wu 1998) and lowers nothing.</remarks>
internal sealed class LatentPrior
{
    private const int MostFixedPointSteps = 30;

    private readonly LatentLayout _layout;
    private readonly double _df;          // ξ
    private readonly double[] _guess;     // Λ_jj, of latent variables that have a scale
    private readonly int[] _scaled;       // c
    private readonly bool _flat;

    /// <param name="prior">None, Jeffreys or a ridge.</param>
    /// <param name="layout">The latent variables.</param>
    /// <param name="observed">Number of observed cells of each latent variable.</param>
    /// <exception cref="ArgumentException">Another prior.</exception>
    public LatentPrior(CovariancePrior prior, LatentLayout layout, double[] observed)
    {
        if (prior.Kind is CovariancePriorKind.InverseWishart or CovariancePriorKind.Auto)
            throw new ArgumentException($"The latent normal model has the priors none, jeffreys and ridge:DF; '{prior}' is another.",
                nameof(prior));
        _layout = layout;
        _df = prior.DegreesOfFreedom;
        _flat = prior.Kind == CovariancePriorKind.None;
        _scaled = [.. Enumerable.Range(0, layout.Count).Where(k => !layout.ScaleFree[k])];
        _guess = new double[layout.Count];
        for (int j = 0; j < layout.Margins.Count; j++)
        {
            // Standardised by the divisor n; the ridge is about the variance with divisor n − 1, as in the normal model.
            for (int k = layout.First[j]; k < layout.First[j + 1]; k++)
                _guess[k] = _df * (layout.Margins[j].IsIdentity ? observed[k] / (observed[k] - 1) : 1);
        }
    }

    private LatentPrior(LatentPrior prior, double share)
    {
        (_layout, _flat, _scaled) = (prior._layout, prior._flat, prior._scaled);
        _df = share * prior._df;
        _guess = Array.ConvertAll(prior._guess, x => share * x);
    }

    /// <summary>ξ.</summary>
    public double DegreesOfFreedom => _df;

    /// <summary>Λ_kk of a latent variable that has a scale.</summary>
    public double Guess(int k) => _guess[k];

    /// <summary>The prior that weighs as much against a share of the rows.</summary>
    public LatentPrior Times(double share) => new(this, share);

    /// <summary>Log density, up to a constant.</summary>
    public double LogDensity(GaussianParameters parameters)
    {
        if (_flat) return 0;
        int q = parameters.Count;
        double sum = -0.5 * _df * parameters.LogDeterminant;
        for (int j = 0; j < q && _df > 0; j++)
        {
            double variance = parameters.Covariance[j * q + j], precision = parameters.Precision[j * q + j];
            sum += _layout.ScaleFree[j] ? 0.5 * _df * (Math.Log(variance) - variance * precision) : -0.5 * _guess[j] * precision;
        }
        return sum - 0.5 * (_scaled.Length + 1) * LogDeterminantOfScaled(parameters.Covariance, q);
    }

    /// <summary>The covariance that is best for expected sums of squares and products about the mean.</summary>
    /// <param name="products">S, q × q, both triangles.</param>
    /// <param name="n">Number of rows.</param>
    /// <returns>Σ, before it is rescaled; null where it is not positive definite.</returns>
    public double[]? Maximise(double[] products, double n)
    {
        int q = _layout.Count;
        var a = new double[q * q];
        double[]? covariance = null;
        // The derivative is 0 where Σ is the closed form for A = S + ξ(diagonal) + ξΣWΣ, W_jj = 1/Σ_jj − (Σ⁻¹)_jj for b: a fixed point,
        // near the closed form of S alone as ξ is small against n.
        for (int step = 0; step < MostFixedPointSteps; step++)
        {
            products.CopyTo(a, 0);
            for (int j = 0; j < q; j++)
                a[j * q + j] += !_layout.ScaleFree[j] ? _guess[j] : _df * (covariance?[j * q + j] ?? products[j * q + j] / n);
            if (covariance is not null && !AddCurvature(a, covariance)) return covariance;
            if (Closed(a, n) is not { } next) return covariance;
            double change = covariance is null ? 1 : Change(covariance, next);
            if (covariance is not null && !IsPositive(next)) return covariance;
            covariance = next;
            if (_df == 0 || _scaled.Length == q || change < 1e-13) break;
        }
        return covariance;
    }

    /// <summary>Adds ξΣWΣ.</summary>
    private bool AddCurvature(double[] a, double[] covariance)
    {
        int q = _layout.Count;
        var factor = (double[])covariance.Clone();
        var precision = new double[q * q];
        if (!Cholesky.Factor(factor, q, q, GaussianParameters.DegenerateTolerance)) return false;
        Cholesky.Invert(factor, q, q, precision);
        for (int j = 0; j < q; j++)
        {
            if (!_layout.ScaleFree[j]) continue;
            double weight = _df * (1 / covariance[j * q + j] - precision[j * q + j]);
            for (int i = 0; i < q; i++)
                Numerics.Kernels.AddScaled.To(a.AsSpan(i * q, q), weight * covariance[i * q + j], covariance.AsSpan(j * q, q));
        }
        return true;
    }

    /// <summary>The maximum of −½[(n + ξ) log|Σ| + tr Σ⁻¹A] − ½(p_c + 1) log|Σ_cc|: Σ_cc = A_cc/(n + ξ + p_c + 1), and given c the
    /// regression and residual covariance of b with the divisor n + ξ.</summary>
    private double[]? Closed(double[] a, double n)
    {
        int q = _layout.Count, c = _scaled.Length;
        double divisor = n + _df, ofScaled = _flat ? n : divisor + c + 1;
        var covariance = new double[q * q];
        if (c == 0 || c == q || _flat)
        {
            for (int i = 0; i < q * q; i++) covariance[i] = a[i] / (c == 0 ? divisor : ofScaled);
            return covariance;
        }
        // Σ_bc = A_bc/ofScaled; Σ_bb = A_bb/divisor − A_bc A_cc⁻¹ A_cb (1/divisor − 1/ofScaled).
        var factor = new double[c * c];
        Cholesky.Pick(a, q, _scaled, factor);
        if (!Cholesky.Factor(factor, c, c)) return null;
        int[] free = [.. Enumerable.Range(0, q).Where(k => _layout.ScaleFree[k])];
        var right = new double[c * free.Length];
        for (int i = 0; i < c; i++)
            for (int k = 0; k < free.Length; k++) right[i * free.Length + k] = a[_scaled[i] * q + free[k]];
        Cholesky.SolveLower(factor, c, c, right, free.Length, free.Length);
        for (int i = 0; i < q; i++)
            for (int j = 0; j < q; j++) covariance[i * q + j] = a[i * q + j] / ofScaled;
        double difference = 1 / divisor - 1 / ofScaled;
        for (int k = 0; k < free.Length; k++)
        {
            for (int l = 0; l < free.Length; l++)
            {
                double explained = 0;
                for (int i = 0; i < c; i++) explained += right[i * free.Length + k] * right[i * free.Length + l];
                covariance[free[k] * q + free[l]] = a[free[k] * q + free[l]] / divisor - explained * difference;
            }
        }
        return covariance;
    }

    private double LogDeterminantOfScaled(double[] covariance, int q)
    {
        int c = _scaled.Length;
        if (c == 0) return 0;
        var factor = new double[c * c];
        Cholesky.Pick(covariance, q, _scaled, factor);
        return Cholesky.Factor(factor, c, c) ? Cholesky.LogDeterminant(factor, c, c) : double.NaN;
    }

    private bool IsPositive(double[] covariance) =>
        Cholesky.Factor((double[])covariance.Clone(), _layout.Count, _layout.Count, GaussianParameters.DegenerateTolerance);

    private double Change(double[] from, double[] to)
    {
        int q = _layout.Count;
        double largest = 0;
        for (int i = 0; i < q; i++)
            for (int j = 0; j <= i; j++)
                largest = Math.Max(largest, Math.Abs(to[i * q + j] - from[i * q + j]) / Math.Sqrt(from[i * q + i] * from[j * q + j]));
        return largest;
    }
}
