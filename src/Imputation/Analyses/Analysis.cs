using Imputation.Data;
using Imputation.Pooling;

namespace Imputation.Analyses;

/// <summary>The analyses most people want of incomplete data, from several completed tables: a linear regression, means and correlations, pooled.</summary>
public static class Analysis
{
    /// <summary>Analyses completed tables that are all in memory.</summary>
    /// <inheritdoc cref="Pooled(int, Func{int, Table}, RegressionFormula, double, Table?, CancellationToken)"/>
    public static PooledAnalysis Pooled(IReadOnlyList<Table> tables, RegressionFormula formula, double confidence = 0.95, Table? incomplete = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return Pooled(tables.Count, k => tables[k], formula, confidence, incomplete, cancellation);
    }

    /// <summary>Analyses each completed table by itself, one after another, and pools the answers by Rubin's rules.</summary>
    /// <param name="count">Number of imputations, m ≥ 2.</param>
    /// <param name="table">The k-th completed table, k from 0; it is asked for once and not kept.</param>
    /// <param name="formula">What is explained by what.</param>
    /// <param name="confidence">Coverage of the intervals, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="incomplete">The table before anything was filled in, for the complete cases; by default what the columns of the first table remember of it.</param>
    /// <param name="cancellation">Cancels, between two tables.</param>
    /// <exception cref="ArgumentException">Fewer than two imputations, or a formula with a column that is missing or not numeric; the message says which and why.</exception>
    /// <exception cref="ImputationDataException">A column of the formula still has missing cells, there are too few rows, or the response is constant.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PooledAnalysis Pooled(
        int count, Func<int, Table> table, RegressionFormula formula, double confidence = 0.95, Table? incomplete = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(formula);
        Refusal.UnlessSeveral(count, nameof(count));
        Refusal.UnlessConfidence(confidence, nameof(confidence));
        var answers = new ImputationAnswers(count);
        for (int k = 0; k < count; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            Table completed = table(k) ?? throw new ArgumentException($"Imputation {k + 1} is null; expected a table.", nameof(table));
            if (k == 0)
            {
                formula = FormulaColumns.Resolve(formula, incomplete ?? completed);
                incomplete ??= Remembered(completed, formula);
            }
            answers.Add(completed, formula);
        }
        return answers.Pooled(formula, confidence, incomplete);
    }

    /// <summary>The columns of the formula before their cells were filled; null where no column of the table remembers.</summary>
    private static Table? Remembered(Table completed, RegressionFormula formula)
    {
        IEnumerable<Column> columns = formula.Predictors.Prepend(formula.Response).Select(name => completed[name]);
        return completed.Columns.Any(c => c.Original is not null) ? new Table(columns.Select(c => c.Original ?? c)) : null;
    }
}
