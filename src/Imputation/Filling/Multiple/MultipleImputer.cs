using Imputation.Filling;
using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Models.Normal.MarkovChains;

namespace Imputation;

/// <summary>Imputes a table several times from a multivariate normal model, so that what the missing cells leave open shows in an analysis.</summary>
public static class MultipleImputer
{
    /// <summary>Fits the model to all rows, and returns the imputations to be made from it.</summary>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="options">By default 20 imputations by bootstrap EM.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">Nothing to fit, a likelihood without a maximum, or, for data augmentation, a posterior distribution that is not
    /// proper: the message names the columns and what to do.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table lacks.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImputationSet ImputeMultiple(this Table table, MultipleOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= MultipleOptions.Default;
        options.Validate();
        FillOptions filling = options.Fill with { Donors = options.Donors, Threads = options.Threads };
        CellRule.Validate(filling, table);
        NormalFit fit = NormalModel.Fit(table, options.Model, cancellation, out GaussianData data);
        cancellation.ThrowIfCancellationRequested();
        Imputer.RequireMaximum(fit);
        DonorPool? pool = options.PredictiveMeanMatching ? DonorPool.From(fit, table, filling, data.Patterns, cancellation) : null;
        return new ImputationSet(table, options, fit, data.Patterns, pool, Source(data, fit, options));
    }

    private static IParameterDraws Source(GaussianData data, NormalFit fit, MultipleOptions options) => options.Method switch
    {
        MultipleMethod.BootstrapEm => new BootstrapDraws(data, fit, options.Seed),
        MultipleMethod.DataAugmentation => new DataAugmentationDraws(data, fit, options.Augmentation with { DrawCount = options.Count, Seed = options.Seed, Threads = options.Threads }),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "There is no such method."),
    };
}
