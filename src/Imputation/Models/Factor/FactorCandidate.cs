namespace Imputation;

/// <summary>A number of factors that was tried, with the prior that was best for it.</summary>
/// <param name="FactorCount">Number of factors.</param>
/// <param name="Prior">None, or a ridge that <see cref="CovariancePrior.Auto"/> chose.</param>
/// <param name="Score">By hidden cells: the mean log density of a hidden cell, in standard deviations of its column. By BIC: −BIC / 2. The
/// highest is chosen.</param>
public sealed record FactorCandidate(int FactorCount, CovariancePrior Prior, double Score);
