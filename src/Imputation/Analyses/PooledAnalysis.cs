using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>A linear regression, means and correlations pooled over imputations, with the complete cases' answer. Immutable; made by
/// <see cref="Analysis"/>.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PooledAnalysis
{
    internal PooledAnalysis()
    {
    }

    /// <summary>The fitted formula, its <c>.</c> replaced by columns.</summary>
    public required RegressionFormula Formula { get; init; }

    /// <summary>Number of imputations, m.</summary>
    public int ImputationCount => Coefficients.ImputationCount;

    /// <summary>Rows of each imputation, n: all rows of the table.</summary>
    public required int RowCount { get; init; }

    /// <summary>The coefficients, <see cref="LinearRegression.Intercept"/> first, with complete-data degrees of freedom n − k −
    /// 1.</summary>
    public required PooledVector Coefficients { get; init; }

    /// <summary>Predictors without a coefficient, in all imputations alike.</summary>
    public required IReadOnlyList<DroppedPredictor> Dropped { get; init; }

    /// <summary>D₁ of all slopes: whether the predictors explain anything. Null where there is no slope, or none with a variance.</summary>
    public required PooledTest? SlopesTest { get; init; }

    /// <summary>R², pooled through Fisher's z of its root and squared again, with its interval, whose lower end is 0 where that of
    /// the root is negative. Null where it cannot be pooled: no predictor, a perfect fit, or fewer than four rows.</summary>
    /// <remarks>Harel (2009). Its interval is rough for small n and for R² near 0.</remarks>
    public required PooledRSquared? RSquared { get; init; }

    /// <summary>Means of the response and the predictors, in the order of <see cref="Columns"/>, with complete-data degrees of freedom n −
    /// 1.</summary>
    public required IReadOnlyList<PooledEstimate> Means { get; init; }

    /// <summary>The response and the predictors; in place of a category its <see cref="CategoryPredictor.Terms"/>, whose means are the
    /// shares of the levels.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The predictors that are categories.</summary>
    public required IReadOnlyList<CategoryPredictor> Categories { get; init; }

    /// <summary>Correlations of all pairs of <see cref="Columns"/>, the response's first.</summary>
    public required IReadOnlyList<AnalyzedCorrelation> Correlations { get; init; }

    /// <summary>The answer of the complete rows; null where the incomplete table is not known or its complete rows are too few:
    /// <see cref="Findings"/> say so.</summary>
    public required CompleteCases? CompleteCases { get; init; }

    /// <summary>Rows of the incomplete table in which nothing of the formula is missing; null where that table is not known.</summary>
    public required int? CompleteRowCount { get; init; }

    /// <summary>Whether there were enough imputations for the coefficients' standard errors to be about the same with other seeds; null
    /// where nothing is missing.</summary>
    /// <param name="variation">Coefficient of variation that a standard error may have if all were imputed again with other seeds; default
    /// 0.05.</param>
    public ImputationCountAdvice? Advise(double variation = ImputationCountAdvice.DefaultVariation) =>
        ImputationCountAdvice.From("coefficient", Coefficients.Names.Zip(Coefficients.Coefficients,
            (name, c) => (name, c.Between == 0 ? double.NaN : c.FractionOfMissingInformation)), ImputationCount, variation);

    /// <summary>Findings for the user.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Formula}: {RowCount} rows, {ImputationCount} imputations; {Coefficients}");
}
