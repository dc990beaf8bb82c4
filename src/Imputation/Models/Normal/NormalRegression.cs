using System.Diagnostics;
using System.Globalization;
using Imputation.Text;

namespace Imputation;

/// <summary>A linear regression straight from a fit to incomplete data (full-information maximum likelihood). Immutable.</summary>
/// <remarks>With the fitted moments, β = Σ_xx⁻¹σ_xy and α = μ_y − βᵀμ_x: the maximum-likelihood estimates from all rows, those with
/// missing cells included, and with the other columns of the model as auxiliary variables. Standard errors are by the delta method
/// from the joint observed information of means and covariances (<see cref="ObservedInformation"/>); they are those that lavaan
/// reports with <c>missing = "fiml", information = "observed"</c>. Variances have divisor n, as maximum likelihood has it: with
/// complete data standard errors are those of least squares times √((n − k)/n), k being the number of coefficients.
/// <para>Limits and p-values allow for few rows. With γ the fraction of missing information about a coefficient, its standard error is
/// that of n_e = n(1 − γ) complete rows; it is multiplied by √(n_e/ν) and Student's t taken with ν = n_e − k − γa degrees of freedom, a
/// being the number of other columns in the model, each of which spends γ of a parameter on what is missing. With complete data this is
/// least squares exactly. (von Hippel 2016 takes degrees of freedom from n(1 − γ) too; his standard errors, corrected by n and not by
/// n_e, cover less in simulations of small tables.) In samples of 30 to 60 rows with 30 % of their cells missing the limits cover 93.5 to
/// 95.5 %, where ± 1.96 standard errors cover 83 to 91 %.</para></remarks>
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
