using Imputation.Models.Gaussian;

namespace Imputation.Models.Normal;

/// <summary>Parameters drawn from their posterior distribution by data augmentation (Schafer 1997, §5.4).</summary>
/// <remarks>The chains run once, when the first draw is requested, and all m draws are kept. The position of draw k in the chains
/// does not depend on m (<see cref="DataAugmentationDraw"/>), so that it is the same for every m.</remarks>
internal sealed class DataAugmentationDraws : IParameterDraws
{
    private readonly NormalFit _fit;
    private readonly DataAugmentationOptions _options;
    private readonly RunOptions _run;
    private readonly SemaphoreSlim _gate = new(1, 1); // not a lock: who waits may be cancelled
    private GaussianData? _data;                        // released once the chains have run
    private volatile DataAugmentationResult? _result;

    /// <param name="data">The data of the fit.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="options">How many draws, from what chains.</param>
    /// <param name="run">Seed and threads.</param>
    /// <exception cref="ImputationDataException">Cells are missing, and the posterior distribution is not proper.</exception>
    public DataAugmentationDraws(GaussianData data, NormalFit fit, DataAugmentationOptions options, RunOptions run)
    {
        if (fit.Report.MissingCellCount > 0) _ = DataAugmentation.Start(fit, data); // said now, not with the first imputation
        _data = data;
        _fit = fit;
        _options = options;
        _run = run;
    }

    /// <inheritdoc/>
    public DataAugmentationResult? Chains => _result;

    /// <inheritdoc/>
    /// <exception cref="ImputationDataException">A chain came to a covariance that is singular.</exception>
    public void Prepare(CancellationToken cancellation) => _ = Run(cancellation);

    /// <inheritdoc/>
    /// <exception cref="ImputationDataException">A chain came to a covariance that is singular.</exception>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        DataAugmentationDraw draw = Run(cancellation).Draws[index];
        return new ParameterDraw(_fit.With([.. draw.Mean], draw.Covariance.Values));
    }

    /// <summary>The chains' result, by whoever comes first. A run that was cancelled leaves nothing behind: the next begins anew.</summary>
    private DataAugmentationResult Run(CancellationToken cancellation)
    {
        if (_result is { } there) return there;
        _gate.Wait(cancellation);
        try
        {
            if (_result is { } made) return made;
            DataAugmentationResult result = DataAugmentation.Run(_fit, _data!, _options, _run, cancellation);
            _result = result;
            _data = null;
            return result;
        }
        finally
        {
            _gate.Release();
        }
    }
}
