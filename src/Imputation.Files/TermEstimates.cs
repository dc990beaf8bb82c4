namespace Imputation.Files;

/// <summary>A term with what each imputation gave for it.</summary>
/// <param name="Term">Its name.</param>
/// <param name="Estimates">An estimate for each imputation.</param>
/// <param name="StandardErrors">The standard error of each.</param>
/// <param name="CompleteDegreesOfFreedom">Degrees of freedom if nothing were missing; infinite where nothing says.</param>
public sealed record TermEstimates(string Term, double[] Estimates, double[] StandardErrors, double CompleteDegreesOfFreedom);
