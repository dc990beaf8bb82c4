using System.Diagnostics;
using System.Globalization;
using Imputation.Text;

namespace Imputation;

/// <summary>A linear regression straight from a fit to incomplete data (full-information maximum likelihood). Immutable.</summary>
/// <remarks>With the fitted moments, β = Σ_xx⁻¹σ_xy and α = μ_y − βᵀμ_x: the maximum-likelihood estimates from all rows, those with
/// missing cells included, and with the other columns of the model as auxiliary variables. Standard errors are by the delta method
/// from the joint observed information of means and covariances (<see cref="ObservedInformation"/>); they are those that lavaan
/// reports with <c>missing = "fiml", information = "observed"</c>. Variances have divisor n, as maximum likelihood has it: with
/// complete data standard errors are those of least squares times √((n − k)/n), k being the number of coefficients. Limits and
/// p-values are from the normal distribution; with few rows they are somewhat too optimistic.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class NormalRegression
{
    internal NormalRegression(RegressionFormula formula, IReadOnlyList<RegressionCoefficient> coefficients, double[,] covariance,
        double confidence)
    {
        Formula = formula;
        Coefficients = coefficients;
        Covariance = new SymmetricMatrix([.. coefficients.Select(c => c.Name)], covariance);
        Confidence = confidence;
    }

    /// <summary>The response and its predictors.</summary>
    public RegressionFormula Formula { get; }

    /// <summary>The intercept, then the predictors in the formula's order: k coefficients.</summary>
    public IReadOnlyList<RegressionCoefficient> Coefficients { get; }

    /// <summary>Coverage of the confidence limits.</summary>
    public double Confidence { get; }

    /// <summary>Covariance matrix of the coefficients.</summary>
    /// <value>k × k, in their order; NaN beside, and +∞ or NaN at, one that has no finite standard error.</value>
    public SymmetricMatrix Covariance { get; }

    /// <summary>Standard deviation of the response about the regression, divisor n, in its units.</summary>
    public required double ResidualDeviation { get; init; }

    /// <summary>Standard error of <see cref="ResidualDeviation"/>.</summary>
    public required double ResidualDeviationStandardError { get; init; }

    /// <summary>Share of the response's variance that the predictors explain, between 0 and 1.</summary>
    public required double RSquared { get; init; }

    /// <summary>Rows with something observed in the columns of the model.</summary>
    public required int RowCount { get; init; }

    /// <summary>Findings for the user: coefficients that are not determined, and limitations of the model's standard errors.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The coefficient of a predictor, or of <c>(Intercept)</c>.</summary>
    /// <exception cref="KeyNotFoundException">No such predictor.</exception>
    public RegressionCoefficient this[string name] => Coefficients.FirstOrDefault(c => c.Name == name)
        ?? throw new KeyNotFoundException($"No coefficient '{name}'; there are {TextFormat.Names(Coefficients.Select(c => c.Name))}.");

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Formula}: {RowCount} rows, R² {RSquared:F4}; "
        + $"{string.Join(", ", Coefficients.Select(Named))}");

    private static string Named(RegressionCoefficient c) =>
        string.Create(CultureInfo.InvariantCulture, $"{c.Name} {c.Estimate:G6} ({c.StandardError:G4})");
}
