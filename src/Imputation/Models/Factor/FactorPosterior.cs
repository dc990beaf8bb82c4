using Imputation.Numerics.Linear;

namespace Imputation.Models.Factor;

/// <summary>The distribution of a row's factors given its observed cells. A workspace for one thread.</summary>
/// <remarks>With O the observed columns and d_O = x_O − μ_O (Woodbury 1950; Rubin and Thayer 1982):
/// <code>
/// M = I + Λ_OᵀΨ_O⁻¹Λ_O      z | x_O ~ N(M⁻¹Λ_OᵀΨ_O⁻¹d_O, M⁻¹)      log|Σ_OO| = log|M| + Σ log ψ_j
/// d_OᵀΣ_OO⁻¹d_O = Σ (d_j − λ_jᵀz)²/ψ_j + zᵀz, with z the mean
/// </code>
/// so that a row takes q × q work, and the quadratic form is a sum of squares, in which nothing cancels.</remarks>
internal sealed class FactorPosterior(FactorParameters parameters)
{
    private readonly int _q = parameters.FactorCount;
    private readonly double[] _factor = new double[parameters.FactorCount * parameters.FactorCount];
    private readonly double[] _inverted = new double[parameters.FactorCount * parameters.FactorCount];
    private int[] _observed = [];

    /// <summary>M⁻¹, the covariance of the factors, q × q, both triangles.</summary>
    public double[] Covariance { get; } = new double[parameters.FactorCount * parameters.FactorCount];

    /// <summary>Mean of the factors given the last row.</summary>
    public double[] Mean { get; } = new double[parameters.FactorCount];

    /// <summary>log|Σ_OO|.</summary>
    public double LogDeterminant { get; private set; }

    /// <summary>d_OᵀΣ_OO⁻¹d_O of the last row.</summary>
    public double Quadratic { get; private set; }

    /// <summary>Prepares for rows with these columns observed. False where M is not finite.</summary>
    public bool Begin(int[] observed)
    {
        _observed = observed;
        int q = _q;
        Array.Clear(_factor);
        for (int a = 0; a < q; a++) _factor[a * q + a] = 1;
        double logs = 0, product = 1;
        foreach (int j in observed)
        {
            ReadOnlySpan<double> loading = parameters.Loading(j);
            double psi = parameters.Uniquenesses[j], reciprocal = 1 / psi;
            for (int a = 0; a < q; a++)
            {
                double x = loading[a] * reciprocal;
                for (int b = 0; b <= a; b++) _factor[a * q + b] += x * loading[b];
            }
            product *= psi; // a logarithm for every few columns
            if (product is > 1e-100 and < 1e100) continue;
            logs += Math.Log(product);
            product = 1;
        }
        if (!Cholesky.Factor(_factor, q, q)) return false;
        LogDeterminant = logs + Math.Log(product) + (q == 0 ? 0 : Cholesky.LogDeterminant(_factor, q, q));
        _factor.CopyTo(_inverted, 0);
        Cholesky.Invert(_inverted, q, q, Covariance);
        return double.IsFinite(LogDeterminant);
    }

    /// <summary>Takes the observed deviations of a row, in the order of its observed columns.</summary>
    public void Given(ReadOnlySpan<double> deviations)
    {
        int q = _q;
        Span<double> z = Mean;
        z.Clear();
        double[] loadings = parameters.Loadings, uniquenesses = parameters.Uniquenesses;
        for (int b = 0; b < deviations.Length; b++)
        {
            int j = _observed[b];
            double pull = deviations[b] / uniquenesses[j];
            for (int a = 0, at = j * q; a < z.Length; a++, at++) z[a] += loadings[at] * pull;
        }
        for (int a = 0; a < q; a++)
        {
            double sum = z[a];
            for (int b = 0; b < a; b++) sum -= _factor[a * q + b] * z[b];
            z[a] = sum / _factor[a * q + a];
        }
        for (int a = q - 1; a >= 0; a--)
        {
            double sum = z[a];
            for (int b = a + 1; b < q; b++) sum -= _factor[b * q + a] * z[b];
            z[a] = sum / _factor[a * q + a];
        }
        double quadratic = 0;
        for (int a = 0; a < q; a++) quadratic += z[a] * z[a];
        for (int b = 0; b < deviations.Length; b++)
        {
            int j = _observed[b];
            double rest = deviations[b];
            for (int a = 0, at = j * q; a < z.Length; a++, at++) rest -= loadings[at] * z[a];
            quadratic += rest * rest / uniquenesses[j];
        }
        Quadratic = quadratic;
    }
}
