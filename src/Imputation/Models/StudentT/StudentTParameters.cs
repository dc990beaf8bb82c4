using Imputation.Models.Gaussian;

namespace Imputation.Models.StudentT;

/// <summary>Parameters of a multivariate t distribution.</summary>
/// <param name="Normal">Location μ and scatter Σ.</param>
/// <param name="DegreesOfFreedom">ν; infinite is the normal distribution.</param>
internal sealed record StudentTParameters(GaussianParameters Normal, double DegreesOfFreedom);
