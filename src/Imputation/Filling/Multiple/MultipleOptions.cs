namespace Imputation;

/// <summary>How a table is imputed several times.</summary>
public sealed record MultipleOptions
{
    /// <summary>20 imputations by bootstrap EM, drawn from the normal distribution.</summary>
    public static MultipleOptions Default { get; } = new();

    /// <summary>Number of imputations, m. At least 1; default 20. With one the between-imputation variance cannot be estimated, and cannot
    /// be pooled.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Where the parameters of each imputation come from; default bootstrap EM.</summary>
    public MultipleMethod Method { get; init; }

    /// <summary>Seed of everything that is random. The k-th imputation depends on this and k only, not on how many there are.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether cells are filled by predictive mean matching, with values that occur, instead of draws from the normal
    /// distribution. Default false.</summary>
    public bool PredictiveMeanMatching { get; init; }

    /// <summary>Number of donors with the nearest predictions from which a matched value is drawn. At least 1; default 5.</summary>
    public int Donors { get; init; } = 5;

    /// <summary>Bounds and rounding of what is filled in. Its method, seed, donors and threads do not count: those here do.</summary>
    public FillOptions Fill { get; init; } = FillOptions.Default;

    /// <summary>Chains, burn-in and thinning of data augmentation. Its number of draws, seed and threads do not count: those here
    /// do.</summary>
    public DataAugmentationOptions Augmentation { get; init; } = DataAugmentationOptions.Default;

    /// <summary>How the model is fitted to all rows. Refits of resamples have the same prior, and so have chains, but that they take
    /// <see cref="CovariancePrior.Jeffreys"/> for none: see <see cref="DataAugmentation"/>.</summary>
    public ModelOptions Model { get; init; } = ModelOptions.Default;

    /// <summary>Most threads used to make imputations; 0, the default, is one per processor. The result does not depend on it, to the last
    /// bit.</summary>
    public int Threads { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and its range.</exception>
    public void Validate()
    {
        if (Count < 1) throw new ArgumentOutOfRangeException(nameof(Count), Count, "At least 1 imputation is needed.");
        if (Donors < 1) throw new ArgumentOutOfRangeException(nameof(Donors), Donors, "At least 1 donor is needed.");
        if (Threads < 0) throw new ArgumentOutOfRangeException(nameof(Threads), Threads,
            "The number of threads must be at least 1, or 0 for one per processor.");
        if (!Enum.IsDefined(Method)) throw new ArgumentOutOfRangeException(nameof(Method), Method, "There is no such method.");
        ArgumentNullException.ThrowIfNull(Fill);
        ArgumentNullException.ThrowIfNull(Model);
        ArgumentNullException.ThrowIfNull(Augmentation);
        (Augmentation with { DrawCount = Count, Threads = Threads }).Validate();
        Model.Validate();
    }
}
