namespace Imputation;

/// <summary>A coefficient of a <see cref="NormalRegression"/>.</summary>
/// <param name="Name">The predictor's name, or <c>(Intercept)</c>.</param>
/// <param name="Estimate">By how much the response changes where the predictor is higher by 1 and the others are the same; of the
/// intercept, its value where all are 0.</param>
/// <param name="StandardError">Its standard error; +∞ where the data do not determine it, NaN where there is none.</param>
/// <param name="Z">Estimate over standard error; NaN without a finite one.</param>
/// <param name="PValue">Two-sided, from the normal distribution.</param>
/// <param name="Lower">Lower confidence limit.</param>
/// <param name="Upper">Upper confidence limit.</param>
/// <param name="MissingInformation">Fraction of missing information, 1 − (variance with complete data) / (variance with these).</param>
public sealed record RegressionCoefficient(string Name, double Estimate, double StandardError, double Z, double PValue, double Lower,
    double Upper, double MissingInformation);
