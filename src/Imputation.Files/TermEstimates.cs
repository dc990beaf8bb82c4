namespace Imputation.Files;

/// <summary>The estimates of a term, one per imputation.</summary>
/// <param name="Term">Its name.</param>
/// <param name="Estimates">An estimate for each imputation.</param>
/// <param name="StandardErrors">The standard error of each.</param>
/// <param name="CompleteDegreesOfFreedom">Complete-data degrees of freedom; infinite if not given.</param>
public sealed record TermEstimates(string Term, double[] Estimates, double[] StandardErrors, double CompleteDegreesOfFreedom);
