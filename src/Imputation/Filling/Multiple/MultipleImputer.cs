using Imputation.Filling;
using Imputation.Models;

namespace Imputation;

/// <summary>Imputes a table several times from a model, so that an analysis reflects the uncertainty due to missing cells.</summary>
public static class MultipleImputer
{
    /// <summary>Fits the model to all rows, and returns the imputations to be made from it.</summary>
    /// <param name="table">The table; it is not changed.</param>
    /// <param name="options">By default 20 imputations by bootstrap EM.</param>
    /// <param name="run">Seed of everything random, threads, and the receiver of progress reports on the fit to all rows.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ImputationDataException">Nothing to fit, a likelihood without a maximum, or, for data augmentation, a
    /// posterior distribution that is not proper: the message names the columns and what to do.</exception>
    /// <exception cref="ArgumentException">An option out of range, or a column that the table does not have.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImputationSet ImputeMultiple(this Table table, MultipleOptions? options = null, RunOptions? run = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= MultipleOptions.Default;
        options.Validate();
        return Impute(options.Model.Read(table), options, run, cancellation);
    }

    /// <summary>The same of a table that was read as the model's options say.</summary>
    internal static ImputationSet Impute(SurveyReading survey, MultipleOptions options, RunOptions? run, CancellationToken cancellation)
    {
        options.Validate();
        run ??= RunOptions.Default;
        run.Validate();
        FillOptions filling = Imputer.Bounded(Imputer.Complete(options.Fill, survey.Table), survey);
        PreparedFit fit = options.Model.Prepare(survey, run, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Imputer.RequireMaximum(fit.Model);
        if (fit.Draws is null)
            throw new ImputationDataException($"The model '{fit.Model.ModelName}' has no parameter draws, which multiple "
                + "imputation needs.");
        DonorPool? pool = options.PredictiveMeanMatching ? DonorPool.From(fit.Model, ModelFrame.Of(fit.Model, survey.Table, fit.Patterns),
            filling, run.Threads, cancellation) : null;
        IParameterDraws draws = fit.Draws(new ParameterDrawOptions(options.Method, options.Count, options.DataAugmentation));
        return new ImputationSet(survey, options, run, fit.Model, fit.Patterns, pool, draws);
    }
}
