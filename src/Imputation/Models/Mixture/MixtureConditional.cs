using Imputation.Models.Gaussian;
using Imputation.Text;

namespace Imputation.Models.Mixture;

/// <summary>The conditional distributions of a mixture over the rows of a table.</summary>
internal sealed class MixtureConditional(NormalMixtureFit fit, ModelFrame frame) : IConditional
{
    /// <inheritdoc/>
    public bool IsNormalByPattern => false;

    /// <inheritdoc/>
    public IRowConditional Workspace() => new MixtureRow(fit, frame.Keys);

    /// <inheritdoc/>
    public ICellPredictor Predictor() => new MixturePredictor(fit, frame.Keys);

    /// <inheritdoc/>
    public bool TryMeans(MeansReceiver receive, ParallelOptions parallel) => false;
}

/// <summary>A mixture's components with the means and standard deviations of the whole as centre and scale.</summary>
/// <param name="Center">Means of the numbers.</param>
/// <param name="Scale">Their standard deviations.</param>
/// <param name="Parameters">The components on that scale.</param>
internal sealed record MixtureConditionalParts(double[] Center, double[] Scale, MixtureParameters Parameters)
{
    /// <summary>From parameters in the units of the data.</summary>
    /// <exception cref="ImputationDataException">A covariance that is not positive definite.</exception>
    public static MixtureConditionalParts Of(MixtureLayout layout, double[] weights, double[][] means, double[][,] covariances,
        double[][] levels)
    {
        int k = weights.Length, p = layout.NumberCount;
        double[] center = new double[p], scale = new double[p];
        for (int j = 0; j < p; j++)
        {
            double variance = 0;
            for (int c = 0; c < k; c++) center[j] += weights[c] * means[c][j];
            for (int c = 0; c < k; c++)
                variance += weights[c] * (covariances[c][j, j] + (means[c][j] - center[j]) * (means[c][j] - center[j]));
            scale[j] = Math.Sqrt(variance);
        }
        var normals = new GaussianParameters[p == 0 ? 0 : k];
        for (int c = 0; c < normals.Length; c++)
        {
            normals[c] = GaussianParameters.Standardised(means[c], covariances[c], center, scale)
                ?? throw new ImputationDataException($"The covariance of component {TextFormat.Count(c + 1)} is not positive definite; fit "
                    + "the mixture again, with fewer components or a prior such as ridge:1.");
        }
        return new MixtureConditionalParts(center, scale, new MixtureParameters(weights, normals, levels));
    }
}
