using Imputation.Analyses;
using Imputation.Pooling;

namespace Imputation;

/// <summary>The most common analyses of several completed tables, pooled: a linear regression, means and correlations.</summary>
public static class Analysis
{
    /// <summary>Analyses completed tables that are made when they are asked for.</summary>
    /// <param name="count">Number of imputations, m ≥ 2.</param>
    /// <param name="table">The k-th completed table, k from 0; it is asked for once, in order, and not kept.</param>
    /// <param name="formula">The response and its predictors.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="incomplete">The table before anything was filled in, for the complete cases; by default as kept in the columns of
    /// the first table.</param>
    /// <param name="cancellation">Cancels, between two tables.</param>
    /// <inheritdoc cref="Pooled(IEnumerable{Table}, RegressionFormula, double, Table?, CancellationToken)"/>
    public static PooledAnalysis Pooled(
        int count, Func<int, Table> table, RegressionFormula formula, double confidence = 0.95, Table? incomplete = null,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        Guard.UnlessSeveral(Math.Max(0, count), nameof(count));
        return Pooled(Enumerable.Range(0, count).Select(table), formula, confidence, incomplete, cancellation);
    }

    /// <summary>Analyses each completed table by itself, one after another, and pools the answers by Rubin's rules.</summary>
    /// <param name="tables">m ≥ 2 completed tables with the same rows; each is asked for once, in order, and not kept.</param>
    /// <param name="formula">The response and its predictors.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="incomplete">The table before anything was filled in, for the complete cases; by default as kept in the columns of
    /// the first table.</param>
    /// <param name="cancellation">Cancels, between two tables.</param>
    /// <exception cref="ArgumentException">Fewer than two imputations, a formula with a column that there is not, or a response that is
    /// not numeric; the message says which and why.</exception>
    /// <exception cref="ImputationDataException">A column of the formula still has missing cells, there are too few rows, the response is
    /// constant, or a category has more than 50 levels.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PooledAnalysis Pooled(
        IEnumerable<Table> tables, RegressionFormula formula, double confidence = 0.95, Table? incomplete = null,
            CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(formula);
        Guard.UnlessConfidence(confidence, nameof(confidence));
        if (tables.TryGetNonEnumeratedCount(out int known)) Guard.UnlessSeveral(known, nameof(tables));
        ImputationAnswers? answers = null;
        foreach (Table? completed in tables)
        {
            cancellation.ThrowIfCancellationRequested();
            if (completed is null) throw new ArgumentException($"Imputation {(answers?.Count ?? 0) + 1} is null; expected a table.",
                nameof(tables));
            if (answers is null)
            {
                var design = Design.Of(formula, incomplete ?? completed);
                incomplete ??= Remembered(completed, design.Formula);
                answers = new ImputationAnswers(design);
            }
            answers.Add(completed);
        }
        Guard.UnlessSeveral(answers?.Count ?? 0, nameof(tables));
        return answers!.Pooled(confidence, incomplete);
    }

    /// <summary>The columns of the formula before their cells were filled; null where no column of the table remembers.</summary>
    private static Table? Remembered(Table completed, RegressionFormula formula)
    {
        IEnumerable<Column> columns = formula.Predictors.Prepend(formula.Response).Select(name => completed[name]);
        return completed.Columns.Any(c => c.Original is not null)
            ? new Table(columns.Select(c => c.Original ?? c)).Weighted(completed.RowWeights) : null;
    }
}
