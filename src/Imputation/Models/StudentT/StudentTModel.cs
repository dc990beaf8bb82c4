namespace Imputation;

/// <summary>Fits the multivariate t distribution to partially observed data by EM, all rows used.</summary>
/// <remarks>A normal model with heavy tails: rows far from the others count less, by weights that the fit gives (Liu and Rubin
/// 1995).</remarks>
/// <example><code>
/// StudentTFit fit = StudentTModel.Fit(table);
/// int oddest = fit.Weights.Index().MinBy(row => row.Item).Index;
/// </code></example>
public static class StudentTModel
{
    /// <summary>Fits the columns of a table that <see cref="ModelOptions.Columns"/> selects: numbers.</summary>
    /// <param name="table">The data; rows with nothing observed carry no information and are counted, not used.</param>
    /// <param name="options">By default degrees of freedom are estimated.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <remarks>Not converging is an outcome of the fit, not an exception: see <see cref="FitReport.Outcome"/>.</remarks>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public static StudentTFit Fit(Table table, StudentTOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default) => (StudentTFit)(options ?? StudentTOptions.Default).Fit(table, run, cancellation);
}
