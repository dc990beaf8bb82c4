namespace Imputation;

/// <summary>The answer of the rows in which nothing of the formula is missing: what an analysis without imputation gives.</summary>
/// <remarks>It leaves out what the other rows know, and is off target where rows are incomplete for reasons that have to do with the
/// response
/// (Little and Rubin 2019, §3.2). It is here for comparison.</remarks>
/// <param name="Regression">The regression of those rows.</param>
/// <param name="Summary">Their means and correlations.</param>
public sealed record CompleteCases(LinearRegression Regression, Moments Summary)
{
    /// <summary>Number of those rows.</summary>
    public int RowCount => Regression.RowCount;
}
