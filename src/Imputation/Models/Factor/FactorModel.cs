namespace Imputation;

/// <summary>Fits factor analysis, or probabilistic PCA, to partially observed data by EM, all rows used.</summary>
/// <remarks>Columns are linear in a few unobserved factors: x = μ + Λz + e, z ~ N(0, I), e ~ N(0, Ψ), Ψ diagonal. It is a normal model with
/// far fewer parameters, for wide tables, tables with more columns than rows, and ratings. A row takes work for its observed cells only
/// (Rubin and Thayer 1982; Tipping and Bishop 1999).</remarks>
/// <example><code>
/// FactorFit fit = FactorModel.Fit(ratings, new FactorOptions { Noise = FactorNoise.Equal });
/// ImputationResult done = fit.Impute(ratings);
/// </code></example>
public static class FactorModel
{
    /// <summary>Fits the columns of a table that <see cref="ModelOptions.Columns"/> selects: numbers.</summary>
    /// <param name="table">The data; rows with nothing observed carry no information and are counted, not used.</param>
    /// <param name="options">By default the number of factors is chosen by hidden cells.</param>
    /// <param name="run">Seed of random starts and hidden cells, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <remarks>Not converging is an outcome of the fit, not an exception: see <see cref="FitReport.Outcome"/>.</remarks>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled, or more factors than columns
    /// allow.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public static FactorFit Fit(Table table, FactorOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default) => (FactorFit)(options ?? FactorOptions.Default).Fit(table, run, cancellation);
}
