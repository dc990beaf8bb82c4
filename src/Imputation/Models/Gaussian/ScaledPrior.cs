using Imputation.Numerics.Kernels;

namespace Imputation.Models.Gaussian;

/// <summary>A prior on the standardised scale: its terms in the M-step and in the objective.</summary>
internal sealed class ScaledPrior
{
    private readonly double _logScale;
    private readonly bool _flat;

    private ScaledPrior(int p, double degreesOfFreedom, double logScale, bool flat)
    {
        Weight = degreesOfFreedom + p + 1;
        CrossProducts = new double[p * p];
        _logScale = logScale;
        _flat = flat;
    }

    /// <summary>ξ + p + 1, which the prior adds to n in the M-step; 0 for no prior.</summary>
    public double Weight { get; }

    /// <summary>Λ, p × p, both triangles.</summary>
    public double[] CrossProducts { get; }

    /// <summary>Puts a prior onto the scale of the data.</summary>
    /// <exception cref="ArgumentException">An inverse-Wishart prior of another order than the data.</exception>
    public static ScaledPrior From(CovariancePrior prior, GaussianData data)
    {
        int p = data.ColumnCount;
        double logScale = data.Scale.Sum(Math.Log);
        switch (prior.Kind)
        {
            case CovariancePriorKind.None:
                return new ScaledPrior(p, -(p + 1), logScale, flat: true);
            case CovariancePriorKind.Jeffreys:
                return new ScaledPrior(p, 0, logScale, flat: false);
            case CovariancePriorKind.Ridge:
                var ridge = new ScaledPrior(p, prior.DegreesOfFreedom, logScale, flat: false);
                for (int j = 0; j < p; j++)
                    ridge.CrossProducts[j * p + j] = prior.DegreesOfFreedom * data.ObservedWeights[j] / (data.ObservedWeights[j] - 1);
                return ridge;
            case CovariancePriorKind.InverseWishart:
                double[,] given = prior.CrossProducts!.Values;
                if (given.GetLength(0) != p)
                    throw new ArgumentException($"The inverse-Wishart prior is for {given.GetLength(0)} columns; {p} are modelled.",
                        nameof(prior));
                var wishart = new ScaledPrior(p, prior.DegreesOfFreedom, logScale, flat: false);
                for (int j = 0; j < p; j++)
                    for (int k = 0; k < p; k++) wishart.CrossProducts[j * p + k] = given[j, k] / (data.Scale[j] * data.Scale[k]);
                return wishart;
            default:
                throw new ArgumentException($"The prior {prior} has to be resolved first.", nameof(prior));
        }
    }

    /// <summary>The prior that weighs as much against a share of the rows as this one against all.</summary>
    public ScaledPrior Times(double share)
    {
        int p = (int)Math.Sqrt(CrossProducts.Length);
        var part = new ScaledPrior(p, share * Weight - (p + 1), _logScale, _flat);
        AddScaled.To(part.CrossProducts, share, CrossProducts);
        return part;
    }

    /// <summary>Size of the terms that <see cref="LogDensity"/> is the sum of.</summary>
    public double Size(GaussianParameters parameters) =>
        _flat ? 0 : Math.Abs(Weight * parameters.LogDeterminant) + Math.Abs(2 * Weight * _logScale)
            + Math.Abs(Dot.Product(parameters.Precision, CrossProducts));

    /// <summary>Log density on the data's own scale up to a constant: −½(ξ + p + 1) log|Σ| − ½ tr(Σ⁻¹Λ).</summary>
    public double LogDensity(GaussianParameters parameters)
    {
        if (_flat) return 0;
        return -0.5 * (Weight * (parameters.LogDeterminant + 2 * _logScale) + Dot.Product(parameters.Precision, CrossProducts));
    }
}
