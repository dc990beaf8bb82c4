namespace Imputation;

/// <summary>How many draws data augmentation makes, and from what chains.</summary>
public sealed record DataAugmentationOptions
{
    /// <summary>20 draws from 4 chains, burn-in and thinning from the rate of EM.</summary>
    public static DataAugmentationOptions Default { get; } = new();

    /// <summary>Number of parameter draws, m: one for each imputation. At least 1; default 20. More draws leave those before as they
    /// are.</summary>
    public int DrawCount { get; init; } = 20;

    /// <summary>Number of chains, each from a start of its own. 1 to 1,000; default 4.</summary>
    public int ChainCount { get; init; } = 4;

    /// <summary>Iterations of a chain before its first draw, 1 to 1,000,000; null, the default, for as many as the rate of EM calls
    /// for.</summary>
    /// <remarks>A chain forgets its start at EM's rate λ, the largest fraction of missing information (Schafer 1997, §3.5 and §4.4):
    /// by default iterations are made until λᵗ is below 0.001, 50 at least and 5,000 at most.</remarks>
    public int? BurnIn { get; init; }

    /// <summary>Iterations from a draw of a chain to its next, 1 to 1,000,000; null, the default, for as many as the rate of EM calls
    /// for.</summary>
    /// <remarks>By default until the autocorrelation λᵗ that the worst-determined function of the parameters has is below 0.01, 20 at least
    /// and 2,000 at most.</remarks>
    public int? Thinning { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and its range.</exception>
    public void Validate()
    {
        if (DrawCount < 1) throw new ArgumentOutOfRangeException(nameof(DrawCount), DrawCount, "At least 1 draw is needed.");
        if (ChainCount is < 1 or > 1_000) throw new ArgumentOutOfRangeException(nameof(ChainCount), ChainCount,
            "The number of chains must be 1 to 1,000.");
        if (BurnIn is < 1 or > 1_000_000) throw new ArgumentOutOfRangeException(nameof(BurnIn), BurnIn,
            "The burn-in must be 1 to 1,000,000 iterations, or null for as many as the rate of EM calls for.");
        if (Thinning is < 1 or > 1_000_000) throw new ArgumentOutOfRangeException(nameof(Thinning), Thinning,
            "The thinning must be 1 to 1,000,000 iterations, or null for as many as the rate of EM calls for.");
    }
}
