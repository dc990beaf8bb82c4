namespace Imputation.Models.MarkovChains;

/// <summary>Chains that run once, for whoever comes first; who comes meanwhile waits for them.</summary>
/// <param name="run">Runs the chains. A run that was cancelled or failed leaves nothing behind: the next begins anew.</param>
internal sealed class ChainsOnce(Func<CancellationToken, DataAugmentationResult> run)
{
    private readonly SemaphoreSlim _gate = new(1, 1); // not a lock: who waits may be cancelled
    private volatile DataAugmentationResult? _result;

    /// <summary>The result, once there is one.</summary>
    public DataAugmentationResult? Result => _result;

    /// <summary>The result; runs the chains where they have not run.</summary>
    public DataAugmentationResult Run(CancellationToken cancellation)
    {
        if (_result is { } there) return there;
        _gate.Wait(cancellation);
        try
        {
            return _result ??= run(cancellation);
        }
        finally
        {
            _gate.Release();
        }
    }
}
