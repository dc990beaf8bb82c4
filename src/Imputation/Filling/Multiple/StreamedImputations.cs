using Imputation.Numerics.Random;

namespace Imputation.Filling.Multiple;

/// <summary>Multiple imputation of rows that come in batches: each imputation is fitted to a resample of the rows, and filled, in passes of
/// its own over them.</summary>
/// <param name="rows">The rows.</param>
/// <param name="fit">The model of all rows.</param>
/// <param name="options">How cells are filled; by bootstrap EM and draws.</param>
/// <param name="stream">How rows are kept.</param>
/// <param name="run">Seed and threads.</param>
/// <exception cref="ImputationDataException">The model cannot be fitted to resamples of such rows.</exception>
internal sealed class StreamedImputations(IRowSource rows, FittedModel fit, MultipleOptions options, StreamOptions stream, RunOptions run)
{
    private readonly Func<int, CancellationToken, FittedModel> _draw = fit.Resampled(rows, stream, run)
        ?? throw new ImputationDataException("Of rows in batches only the normal model can be fitted to resamples (--model normal).");

    /// <summary>The filled batches of an imputation.</summary>
    /// <param name="index">Its number, from 0.</param>
    /// <param name="cancellation">Cancels.</param>
    public IEnumerable<ImputationResult> Batches(int index, CancellationToken cancellation)
    {
        FittedModel model = fit.Report.MissingCellCount == 0 ? fit : _draw(index, cancellation);
        return model.Impute(rows, options.Fill with { Method = FillMethod.Draw },
            new RunOptions { Seed = CounterRandom.Derive(run.Seed, index, ImputationSet.FillingKey), Threads = run.Threads }, cancellation);
    }
}
