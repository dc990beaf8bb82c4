using Imputation.Data;
using Imputation.Models.Normal;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation;

/// <summary>Standard errors and regressions of a fitted normal model (full-information maximum likelihood).</summary>
public static class NormalInference
{
    /// <summary>Standard errors from the observed-data information at the estimates, and fractions of missing information. Kept once
    /// made.</summary>
    /// <remarks>One pass over the data, and p⁴/4 multiplications for each missing-data pattern.</remarks>
    /// <param name="fit">A fit of this program.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">A fit read from a model file, or of statistics, which has no rows: give the table.
    /// Or a fit of weighted rows, or more than <see cref="ObservedInformation.MostColumns"/> columns.</exception>
    public static ObservedInformation Information(this NormalFit fit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        if (fit.KnownInformation is { } known) return known;
        if (fit.IsWeighted)
            throw new InvalidOperationException("Rows were weighted, and the information of a weighted likelihood gives no standard "
                + "errors: use multiple imputation, whose bootstrap draws the rows with their weights.");
        if (fit.IsOfStatistics)
            throw new InvalidOperationException("The model was fitted to statistics of rows, and standard errors need the rows: use "
                + "fit.Information(table) with a table of the same rows, or multiple imputation.");
        if (fit.Data is not { } data)
            throw new InvalidOperationException("The model was read from a file, which does not contain the data it was fitted to, and "
                + "standard errors need them: use fit.Information(table) with the table that was fitted.");
        return fit.KnownInformation = InformationBuilder.Make(fit, data, fit.Threads, cancellation);
    }

    /// <summary>The same with the data given: for a fit read from a model file.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="table">The table that it was fitted to; its columns are found by their names.</param>
    /// <param name="run">Threads.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The table does not have a column of the fit, or has other numbers of rows or observed cells than
    /// the data that were fitted.</exception>
    /// <exception cref="InvalidOperationException">More than <see cref="ObservedInformation.MostColumns"/> columns.</exception>
    public static ObservedInformation Information(this NormalFit fit, Table table, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(table);
        run ??= RunOptions.Default;
        run.Validate();
        table = GroupMean.Beside(table, fit.Codebook?.GroupMeans ?? []);
        var columns = new List<NumericColumn>();
        foreach (string name in fit.Columns)
        {
            if (!table.TryGetModelled(name, out Column? column))
                throw new ArgumentException($"The model has a column '{name}', and the table has none; it has "
                    + $"{TextFormat.Names(table.Columns.Select(c => c.Name))}.", nameof(table));
            columns.Add(column as NumericColumn ?? throw new ArgumentException(
                $"Column '{name}' is {column.Kind.ToString().ToLowerInvariant()}; the model has numbers there.", nameof(table)));
        }
        long observed = columns.Sum(column => (long)column.Count - column.MissingCount);
        if ((fit.Report.RowCount, fit.Report.ObservedCellCount) is var (rows, cells) && rows > 0
            && (rows != table.RowCount || (cells > 0 && cells != observed)))
            throw new ArgumentException($"The model was fitted to {rows} rows with {cells} observed cells, and this table has "
                + $"{table.RowCount} rows with {observed}. Standard errors belong to the data that were fitted: give that table, or "
                + "fit this one.", nameof(table));
        return InformationBuilder.Make(fit, IncompleteMatrix.FromColumns(columns), run.Threads, cancellation);
    }

    /// <summary>A linear regression of one of the columns on others, from the fitted means and covariances, with standard errors.</summary>
    /// <param name="fit">A fit of this program; of one read from a file, first <c>fit.Information(table)</c>.</param>
    /// <param name="formula">Such as <c>income ~ age + education</c>: see <see cref="RegressionFormula"/>.</param>
    /// <param name="confidence">Coverage of the confidence limits, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="FormatException">The text is not a formula.</exception>
    /// <exception cref="ArgumentException">A name that is not a modelled column, or a confidence out of range.</exception>
    /// <exception cref="ImputationDataException">Predictors that are linear combinations of each other.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Information(NormalFit, CancellationToken)"/>.</exception>
    public static NormalRegression Regress(this NormalFit fit, string formula, double confidence = 0.95,
        CancellationToken cancellation = default) => fit.Regress(RegressionFormula.Parse(formula), confidence, cancellation);

    /// <inheritdoc cref="Regress(NormalFit, string, double, CancellationToken)"/>
    public static NormalRegression Regress(this NormalFit fit, RegressionFormula formula, double confidence = 0.95,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(formula);
        formula = RegressionBuilder.Resolve(fit, formula); // a wrong name is reported before the work
        return fit.Information(cancellation).Regress(formula, confidence);
    }

    /// <inheritdoc cref="Regress(NormalFit, string, double, CancellationToken)"/>
    /// <param name="information">Standard errors of a fit.</param>
    /// <param name="formula">Such as <c>income ~ age + education</c>: see <see cref="RegressionFormula"/>.</param>
    /// <param name="confidence">Coverage of the confidence limits, strictly between 0 and 1. Default 0.95.</param>
    public static NormalRegression Regress(this ObservedInformation information, string formula, double confidence = 0.95) =>
        information.Regress(RegressionFormula.Parse(formula), confidence);

    /// <inheritdoc cref="Regress(ObservedInformation, string, double)"/>
    public static NormalRegression Regress(this ObservedInformation information, RegressionFormula formula, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(information);
        ArgumentNullException.ThrowIfNull(formula);
        return RegressionBuilder.Make(information.Fit, information, formula, confidence);
    }
}
