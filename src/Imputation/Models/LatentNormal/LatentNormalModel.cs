namespace Imputation;

/// <summary>Fits the latent normal model, a Gaussian copula: numbers and categories together, all rows used.</summary>
/// <remarks>Each column has a latent normal variable, a nominal category one for each level. A number is a value of it, or its normal
/// score; a category says which interval between thresholds it lies in. Mean and covariance of the latent variables are estimated by EM,
/// whose E-step is expectation propagation: exact where a row has at most one interval, otherwise an approximation, and the log-likelihood
/// with it.</remarks>
/// <example><code>
/// LatentNormalFit fit = LatentNormalModel.Fit(table);
/// ImputationResult done = fit.Impute(table);
/// </code></example>
public static class LatentNormalModel
{
    /// <summary>Fits the columns of a table that <see cref="ModelOptions.Columns"/> selects: numbers, and categories with at most 50
    /// levels.</summary>
    /// <param name="table">The data; text with few levels and Booleans are categories by themselves.</param>
    /// <param name="options">By default a ridge of 2 degrees of freedom, from one start.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <remarks>Not converging is an outcome of the fit, not an exception: see <see cref="FitReport.Outcome"/>.</remarks>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public static LatentNormalFit Fit(Table table, LatentNormalOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default) =>
        (LatentNormalFit)(options ?? LatentNormalOptions.Default).Fit(table, run, cancellation);
}
