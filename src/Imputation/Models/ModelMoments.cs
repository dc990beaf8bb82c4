namespace Imputation.Models;

/// <summary>First and second moments of a model's columns, in the units of the data.</summary>
/// <param name="Mean">p means.</param>
/// <param name="Covariance">p × p, symmetric.</param>
internal sealed record ModelMoments(double[] Mean, double[,] Covariance);
