using Imputation.Models.Mixture;

namespace Imputation;

/// <summary>Fits mixtures of normal distributions by EM, all rows used: customers in segments, pixels in regions.</summary>
/// <remarks>Within a component, missing numbers depend on observed ones by its own covariance, and categories are independent of all else.
/// EM with missing cells is that of Ghahramani and Jordan (1994); the log-likelihood is that of the observed cells. The likelihood has many
/// maxima, and is unbounded: many short runs are made, the best are taken to their ends, and ends that are improper (a component on too few
/// rows, or with an eigenvalue below 1e-3 in units of the columns' variances) are counted and never returned before a proper one.</remarks>
/// <example><code>
/// NormalMixtureFit fit = NormalMixture.Fit(table, new NormalMixtureOptions { Components = 3 });
/// int[] segment = fit.Assign(table);
/// ImputationResult done = fit.Impute(table);
/// </code></example>
public static class NormalMixture
{
    /// <summary>Fits the columns of a table that <see cref="ModelOptions.Columns"/> selects: numbers and categories.</summary>
    /// <param name="table">The data; rows with nothing observed carry no information and are counted, not used.</param>
    /// <param name="options">By default two components with full covariances.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <remarks>Not converging is an outcome of the fit, not an exception: see <see cref="FitReport.Outcome"/>.</remarks>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public static NormalMixtureFit Fit(Table table, NormalMixtureOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default) =>
        (NormalMixtureFit)(options ?? new NormalMixtureOptions()).Fit(table, run, cancellation);

    /// <summary>Fits mixtures of several numbers of components and compares them.</summary>
    /// <param name="table">The data.</param>
    /// <param name="from">Fewest components, at least 1.</param>
    /// <param name="to">Most components.</param>
    /// <param name="criterion">What is compared.</param>
    /// <param name="options">Shape and all else; its number of components is not looked at.</param>
    /// <param name="run">Seed of random starts and hidden cells, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">No row, or no column that can be modelled.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static MixtureChoice Choose(Table table, int from, int to, MixtureCriterion criterion = MixtureCriterion.Bic,
        NormalMixtureOptions? options = null, RunOptions? run = null, CancellationToken cancellation = default)
    {
        options ??= new NormalMixtureOptions();
        return MixtureChoice.Among(table, options, Candidates(from, to), criterion, run, cancellation,
            k => (options with { Components = k }, new MixturePlan(k, options.Shape, CategoriesOnly: false)));
    }

    internal static int[] Candidates(int from, int to)
    {
        if (from < 1) throw new ArgumentOutOfRangeException(nameof(from), from, "A mixture has at least 1 component.");
        if (to < from) throw new ArgumentOutOfRangeException(nameof(to), to, "The most components must be at least the fewest.");
        return [.. Enumerable.Range(from, to - from + 1)];
    }
}
