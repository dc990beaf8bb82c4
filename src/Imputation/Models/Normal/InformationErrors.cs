using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>The uncertainty of predictions from the observed information of a fit.</summary>
/// <remarks>Column j of a row with q observed columns O is predicted with β = Σ_OO⁻¹σ_Oj and residual variance σ². With c = 1 for j and −β
/// for O, and w = Σ_OO⁻¹(x_O − μ_O), the prediction has the differential cᵀdμ + wᵀdΣ c and σ² the differential cᵀdΣ c; the inverse of the
/// information gives the variances V and V_σ² of both. A regression on n rows has V_σ² = 2σ⁴/n: so n_e = 2σ⁴/V_σ² is the effective
/// number of rows. As in that regression, the prediction has the variance σ² · n_e / ν · (1 + V/σ²) and ν = n_e − q − 1 degrees of
/// freedom. Where j alone has missing cells this is the classical prediction interval of least squares, exactly.</remarks>
/// <param name="space">The information's inverse, under a prior that of the posterior.</param>
/// <param name="parameters">Means 0 and the fitted correlations.</param>
internal sealed class InformationErrors(InformationSpace space, GaussianParameters parameters) : IPredictionErrors
{
    /// <summary>Conditional variance, as a share of the column's variance, below which a cell counts as determined.</summary>
    private const double Determined = 1e-12;

    /// <inheritdoc/>
    public bool IsByPattern => false;

    /// <inheritdoc/>
    public IPatternErrors? For(int[] observed, int[] missing)
    {
        int p = parameters.Count, o = observed.Length;
        var factor = new double[o * o];
        Cholesky.Pick(parameters.Covariance, p, observed, factor);
        if (!Cholesky.Factor(factor, o, o)) return null;
        return new Pattern(space, parameters, observed, missing, factor);
    }

    private sealed class Pattern : IPatternErrors
    {
        private readonly InformationSpace _space;
        private readonly int[] _observed;
        private readonly double[] _factor;      // L: Cholesky factor of Σ_OO
        private readonly double[][] _contrasts; // c of each missing column
        private readonly double[] _variances;   // σ²
        private readonly double[] _effective;   // n_e

        public Pattern(InformationSpace space, GaussianParameters parameters, int[] observed, int[] missing, double[] factor)
        {
            int p = parameters.Count, o = observed.Length;
            (_space, _observed, _factor) = (space, observed, factor);
            _contrasts = new double[missing.Length][];
            (_variances, _effective) = (new double[missing.Length], new double[missing.Length]);
            var beta = new double[o];
            for (int a = 0; a < missing.Length; a++)
            {
                ReadOnlySpan<double> row = parameters.Covariance.AsSpan(missing[a] * p, p);
                double[] c = _contrasts[a] = new double[p];
                for (int b = 0; b < o; b++) beta[b] = row[observed[b]];
                Cholesky.SolveLower(factor, o, o, beta, 1, 1);
                _variances[a] = row[missing[a]] - Dot.Product(beta, beta);
                Cholesky.SolveUpper(factor, o, o, beta, 1, 1);
                c[missing[a]] = 1;
                for (int b = 0; b < o; b++) c[observed[b]] = -beta[b];
                if (_variances[a] <= Determined) continue;
                double ofVariance = space.Variance(space.Coordinates.Gradient(new double[p], c, c)).Variance;
                _effective[a] = 2 * _variances[a] * _variances[a] / ofVariance;
            }
        }

        public double DegreesOfFreedom(int a) => _variances[a] <= Determined ? double.PositiveInfinity
            : _effective[a] - _observed.Length - 1;

        public double Factor(int a, ReadOnlySpan<double> deviations)
        {
            if (_variances[a] <= Determined) return 1;
            int o = _observed.Length;
            double[] c = _contrasts[a], w = new double[c.Length], solved = deviations[..o].ToArray();
            Cholesky.SolveLower(_factor, o, o, solved, 1, 1);
            Cholesky.SolveUpper(_factor, o, o, solved, 1, 1);
            for (int b = 0; b < o; b++) w[_observed[b]] = solved[b];
            double variance = _space.Variance(_space.Coordinates.Gradient(c, w, c)).Variance;
            return Math.Sqrt((1 + variance / _variances[a]) * _effective[a] / DegreesOfFreedom(a));
        }
    }
}
