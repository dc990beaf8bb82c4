namespace Imputation;

/// <summary>The linear function of means and covariances about which the largest fraction of information is missing.</summary>
/// <remarks>With I_com the information of complete data and I_obs that of these, it belongs to the largest eigenvalue of I_com⁻¹(I_com −
/// I_obs): along it EM
/// converges slowest, at just this rate (Dempster, Laird and Rubin 1977, §3), and data augmentation mixes slowest (Schafer 1997, §4.4.3).
/// <c>emNorm</c> of the R package norm2 estimates both by differences (<c>worst.frac</c>; its <c>worst.linear.coef</c> is
/// <see cref="Direction"/> at unit length).</remarks>
/// <param name="Fraction">The largest fraction of missing information; 1 where the data do not determine the function.</param>
/// <param name="Coefficients">q coefficients of the parameters, in their order and in the units of the data; their sign is such that the
/// largest weight is positive, and
/// their length such that the function would have a standard error of 1 with complete data.</param>
/// <param name="Direction">q movements of the parameters, in the units of the data, by one complete-data standard error of the function:
/// where the slowest steps of EM go.</param>
/// <param name="Description">The function in words: the parameters that move with it most.</param>
public sealed record WorstLinearFunction(double Fraction, IReadOnlyList<double> Coefficients, IReadOnlyList<double> Direction,
    string Description);
