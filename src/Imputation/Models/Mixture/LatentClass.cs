using Imputation.Models.Mixture;

namespace Imputation;

/// <summary>Fits latent classes by EM: categories that are independent within a class. All rows are used, incomplete ones too.</summary>
/// <remarks>It is a mixture (<see cref="NormalMixture"/>) of categories only; the fit is the same type, and 'classes' in model
/// files.</remarks>
/// <example><code>
/// NormalMixtureFit fit = LatentClass.Fit(table, new LatentClassOptions { Classes = 3 });
/// ImputationResult done = fit.Impute(table);      // the probability of each level for every missing answer
/// </code></example>
public static class LatentClass
{
    /// <summary>Fits the categories of a table that <see cref="ModelOptions.Columns"/> selects.</summary>
    /// <param name="table">The data; text with few levels and Booleans are categories by themselves.</param>
    /// <param name="options">By default two classes.</param>
    /// <param name="run">Seed of random starts, threads, and the receiver of progress reports.</param>
    /// <param name="cancellation">Ends the fit early with <see cref="EmOutcome.Cancelled"/> and the best parameters so far.</param>
    /// <exception cref="ImputationDataException">No row, or no category.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column name that the table does not have.</exception>
    public static NormalMixtureFit Fit(Table table, LatentClassOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default) =>
        (NormalMixtureFit)(options ?? new LatentClassOptions()).Fit(table, run, cancellation);

    /// <summary>Fits several numbers of classes and compares them; see <see cref="NormalMixture.Choose"/>.</summary>
    /// <inheritdoc cref="NormalMixture.Choose" path="/param"/>
    /// <inheritdoc cref="NormalMixture.Choose" path="/exception"/>
    public static MixtureChoice Choose(Table table, int from, int to, MixtureCriterion criterion = MixtureCriterion.Bic,
        LatentClassOptions? options = null, RunOptions? run = null, CancellationToken cancellation = default)
    {
        options ??= new LatentClassOptions();
        return MixtureChoice.Among(table, options, NormalMixture.Candidates(from, to), criterion, run, cancellation,
            k => (options with { Classes = k }, new MixturePlan(k, MixtureShape.Full, CategoriesOnly: true)));
    }
}
