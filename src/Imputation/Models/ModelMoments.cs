namespace Imputation.Models;

/// <summary>First and second moments of a model's columns, in the units of the data. Immutable.</summary>
/// <param name="mean">p means; kept.</param>
/// <param name="covariance">p × p, symmetric; kept.</param>
internal class ModelMoments(double[] mean, double[,] covariance)
{
    /// <summary>p means.</summary>
    public double[] Mean { get; } = mean;

    /// <summary>p × p, symmetric.</summary>
    public double[,] Covariance { get; } = covariance;
}
