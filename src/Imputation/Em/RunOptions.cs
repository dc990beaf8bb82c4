namespace Imputation;

/// <summary>How a task runs, for every task: the random seed, the threads, and the receiver of progress reports.</summary>
/// <remarks>Every task takes these once: fitting, filling, multiple imputation, data augmentation and diagnostics. Other options
/// determine the computation itself. The seed is used for random starts, draws, donors, resamples and chains, and for the samples,
/// permutations and hidden cells of diagnostics.</remarks>
/// <example><code>
/// var run = new RunOptions { Seed = 7, Threads = 2 };
/// NormalFit fit = NormalModel.Fit(table, new NormalOptions { Restarts = 10 }, run);
/// ImputationResult done = fit.Impute(table, new FillOptions { Method = FillMethod.Draw }, run);
/// </code></example>
public sealed record RunOptions
{
    /// <summary>Seed 1, one thread per processor, no progress reports.</summary>
    public static RunOptions Default { get; } = new();

    /// <summary>Seed of everything that is random. The same data, options and seed give the same result, to the last bit. Default
    /// 1.</summary>
    /// <remarks>A cell's draw depends on the seed, its row and its column only; the k-th imputation on the seed and k only.</remarks>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most threads used; 0, the default, is one per processor. The result does not depend on it, to the last bit.</summary>
    public int Threads { get; init; }

    /// <summary>Receives every iteration of the fit to all rows as it is completed, on the thread that computed it; null, the
    /// default, for none. Refits of resamples and of hidden cells are not reported, and a task that fits nothing reports
    /// nothing.</summary>
    public IProgress<EmIteration>? Progress { get; init; }

    /// <summary>Receives, before a fit of the normal model to all rows begins, what it is expected to take; null, the default, for
    /// none.</summary>
    public IProgress<EmForecast>? Forecast { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and its range.</exception>
    public void Validate()
    {
        if (Threads < 0)
            throw new ArgumentOutOfRangeException(
                nameof(Threads), Threads, "The number of threads must be at least 1, or 0 for one per processor.");
    }
}
