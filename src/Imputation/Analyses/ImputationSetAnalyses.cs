using Imputation.Pooling;

namespace Imputation;

/// <summary>Analyses of every imputation of a set, pooled.</summary>
public static class ImputationSetAnalyses
{
    /// <summary>Asks every completed table the same questions and pools the answers by name, by Rubin's rules.</summary>
    /// <param name="set">The imputations; the next are made while one is analysed, and none is kept.</param>
    /// <param name="analysis">The analysis of a completed table: named estimates with their variances, the same names from each.
    /// Called for one table after another.</param>
    /// <param name="completeDegreesOfFreedom">Degrees of freedom that the estimates would have if nothing were missing; greater than 0.
    /// Default infinity.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The pooled quantities by name, in the order in which the first imputation gave them.</returns>
    /// <exception cref="ArgumentException">Fewer than two imputations, or answers that do not match; the message says which and
    /// why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IReadOnlyDictionary<string, PooledEstimate> Pool(
        this ImputationSet set, Func<Table, IEnumerable<Estimate>> analysis, double completeDegreesOfFreedom = double.PositiveInfinity,
            double confidence = 0.95, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(analysis);
        Guard.UnlessSeveral(set.Count, nameof(set));
        IEnumerable<Estimate>[] answers = [.. set.InOrder(cancellation).Select(completion => analysis(completion.Table)?.ToArray()!)];
        return Imputation.Pool.Over(answers.Length, k => answers[k], completeDegreesOfFreedom, confidence);
    }

    /// <inheritdoc cref="Analyze(ImputationSet, RegressionFormula, double, CancellationToken)"/>
    /// <exception cref="FormatException">Not a formula; the message says where and why.</exception>
    public static PooledAnalysis Analyze(this ImputationSet set, string formula, double confidence = 0.95,
        CancellationToken cancellation = default) =>
        set.Analyze(RegressionFormula.Parse(formula), confidence, cancellation);

    /// <summary>A linear regression, means and correlations of every imputation, pooled, with the complete-case estimates beside
    /// them.</summary>
    /// <param name="set">The imputations; the next are made while one is analysed, and none is kept.</param>
    /// <param name="formula">The response and its predictors, such as <c>income ~ age + education</c>.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ArgumentException">Fewer than two imputations, a formula with a column that there is not, or a response that is
    /// not numeric; the message says which and why.</exception>
    /// <exception cref="ImputationDataException">A column of the formula was not imputed, there are too few rows, the response is
    /// constant, or a category has more than 50 levels.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PooledAnalysis Analyze(this ImputationSet set, RegressionFormula formula, double confidence = 0.95,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        Guard.UnlessSeveral(set.Count, nameof(set));
        return Analysis.Pooled(set.InOrder(cancellation).Select(completion => completion.Table), formula, confidence, set.Table,
            cancellation);
    }
}
