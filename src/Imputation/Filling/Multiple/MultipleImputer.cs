using Imputation.Filling;
using Imputation.Models;

namespace Imputation;

/// <summary>Imputes a table several times from a model, so that what the missing cells leave open shows in an analysis.</summary>
public static class MultipleImputer
{
    /// <summary>Fits the model to all rows, and returns the imputations to be made from it.</summary>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="options">By default 20 imputations by bootstrap EM.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">Nothing to fit, a likelihood without a maximum, or, for data augmentation, a posterior
    /// distribution that is not
    /// proper: the message names the columns and what to do.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImputationSet ImputeMultiple(this Table table, MultipleOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= MultipleOptions.Default;
        options.Validate();
        FillOptions filling = options.Fill with { Donors = options.Donors, Threads = options.Threads };
        CellRule.Validate(filling, table);
        PreparedFit fit = options.Model.Prepare(table, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Imputer.RequireMaximum(fit.Model);
        if (fit.Draws is null)
            throw new ImputationDataException($"The model '{fit.Model.ModelName}' has no parameter draws, which multiple "
                + "imputation needs.");
        DonorPool? pool = options.PredictiveMeanMatching ? DonorPool.From(fit.Model, ModelFrame.Of(fit.Model, table, fit.Patterns), filling,
            cancellation) : null;
        IParameterDraws draws = fit.Draws(new ParameterDrawOptions(options.Method, options.Count, options.Seed, options.Threads,
            options.Augmentation));
        return new ImputationSet(table, options, fit.Model, fit.Patterns, pool, draws);
    }
}
