using Imputation.Em.Certificate;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>The linear function of means and covariances, on the standardised scale, about which most of the information is missing: chains
/// and EM are slowest along it.</summary>
/// <remarks>The leading eigenvector of the EM map's derivative (Schafer 1997, §4.4.3). In <see cref="NormalEm"/>'s coordinates the
/// derivative is symmetric, so that the function's gradient there is that eigenvector v; to first order the coordinates of a point
/// near the origin are L⁻¹Δμ, the elements of L⁻¹ΔΣL⁻ᵀ below the diagonal, and those on it over √2.</remarks>
internal sealed class SlowestDirection
{
    private readonly double[] _mean;
    private readonly double[] _covariance;

    private SlowestDirection(double[] mean, double[] covariance, double rate)
    {
        _mean = mean;
        _covariance = covariance;
        Rate = rate;
    }

    /// <summary>Fraction of information missing about it.</summary>
    public double Rate { get; }

    /// <summary>Its value, about a constant.</summary>
    public double Of(GaussianParameters parameters) => Dot.Product(_mean, parameters.Mean) + Dot.Product(_covariance,
        parameters.Covariance);

    /// <summary>The function at an estimate; null where the EM map cannot be differentiated there.</summary>
    /// <param name="data">The data; a sample of them where they are many.</param>
    /// <param name="prior">The prior under which the estimate was made.</param>
    /// <param name="at">The estimate.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="cancellation">Cancels.</param>
    public static SlowestDirection? Find(GaussianData data, CovariancePrior prior, GaussianParameters at, int threads,
        CancellationToken cancellation)
    {
        var whole = new NormalEm(data, ScaledPrior.From(prior, data), threads);
        IEmModel<GaussianParameters> model = whole.Subsample?.Model ?? whole;
        int p = at.Count;
        double[]? Map(double[] point)
        {
            if (whole.Read(at, point) is not { } from) return null;
            EmStep<GaussianParameters> step = model.Step(from, cancellation);
            if (step.Degenerate) return null;
            var image = new double[point.Length];
            whole.Write(at, step.Next, image);
            return image;
        }
        if (Map(new double[whole.CoordinateCount]) is not { } origin || EmCurvature.Analyse(Map, origin) is not { } curvature) return null;

        // ⟨V, L⁻¹ΔΣL⁻ᵀ⟩ = ⟨L⁻ᵀVL⁻¹, ΔΣ⟩ with V symmetric.
        double[] mean = curvature.Direction[..p], v = new double[p * p];
        int next = p;
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++, next++) v[i * p + j] = v[j * p + i] = curvature.Direction[next] * (i == j ? Math.Sqrt(0.5) : 0.5);
        Cholesky.SolveUpper(at.Factor, p, p, mean, 1, 1);
        for (int turn = 0; turn < 2; turn++)
        {
            Cholesky.SolveUpper(at.Factor, p, p, v, p, p);
            for (int i = 0; i < p; i++)
                for (int j = 0; j < i; j++) (v[i * p + j], v[j * p + i]) = (v[j * p + i], v[i * p + j]);
        }
        return new SlowestDirection(mean, v, curvature.Rate);
    }
}
