using Imputation.Models.Gaussian;

namespace Imputation.Models.Mixture;

/// <summary>A prior of the components' covariances on the standardised scale.</summary>
/// <remarks>The log density of each covariance is −½(ξ + p + 1) log|Σ| − ½ tr(Σ⁻¹Λ), as in <see cref="CovariancePrior"/>, with Λ of a ridge
/// divided by k^(2/p): components are narrower than the whole (Fraley and Raftery 2007). With one component it is the normal model's
/// prior.</remarks>
internal sealed class MixturePrior
{
    private readonly double _logScale;
    private readonly bool _tied;

    /// <exception cref="ArgumentException">A prior that mixtures do not have.</exception>
    public MixturePrior(CovariancePrior prior, MixtureData data, int k, MixtureShape shape)
    {
        int p = data.Layout.NumberCount;
        CrossProducts = new double[p];
        _tied = shape == MixtureShape.Tied;
        _logScale = data.Scale.Sum(Math.Log);
        if (p == 0 || prior.Kind is CovariancePriorKind.None or CovariancePriorKind.Auto) return;
        Weight = prior.DegreesOfFreedom + p + 1;
        if (prior.Kind == CovariancePriorKind.Jeffreys) return;
        double size = prior.DegreesOfFreedom / Math.Pow(k, 2.0 / p);
        for (int j = 0; j < p; j++)
        {
            double square = data.Deviations[j] / data.Scale[j];
            CrossProducts[j] = size * square * square * data.ObservedWeights[j] / (data.ObservedWeights[j] - 1);
        }
    }

    /// <summary>ξ + p + 1; 0 for no prior.</summary>
    public double Weight { get; }

    /// <summary>Whether the objective has a bound: Jeffreys' prior rather draws covariances to 0.</summary>
    public bool Bounds => CrossProducts.Any(square => square > 0);

    /// <summary>Diagonal of Λ.</summary>
    public double[] CrossProducts { get; }

    /// <summary>Log density up to a constant, on the data's own scale.</summary>
    public double LogDensity(MixtureParameters parameters)
    {
        if (Weight == 0) return 0;
        double sum = 0;
        foreach (GaussianParameters normal in _tied ? parameters.Normals.AsSpan(0, 1) : parameters.Normals)
        {
            double trace = 0;
            for (int j = 0; j < CrossProducts.Length; j++)
                if (CrossProducts[j] > 0) trace += normal.Precision[j * CrossProducts.Length + j] * CrossProducts[j];
            sum -= 0.5 * (Weight * (normal.LogDeterminant + 2 * _logScale) + trace);
        }
        return sum;
    }
}
