using Imputation.Models.Registry;

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

    /// <summary>Whether cells are filled by predictive mean matching, with values that occur, instead of draws from the normal
    /// distribution. Default false.</summary>
    public bool PredictiveMeanMatching { get; init; }

    /// <summary>Bounds and rounding of filled values, and the number of donors. Its method is ignored, since a conditional mean is
    /// not a draw; <see cref="PredictiveMeanMatching"/> applies instead.</summary>
    public FillOptions Fill { get; init; } = FillOptions.Default;

    /// <summary>Chains, burn-in and thinning of data augmentation. Its number of draws does not count: <see cref="Count"/> does.</summary>
    public DataAugmentationOptions DataAugmentation { get; init; } = DataAugmentationOptions.Default;

    /// <summary>How the model is fitted to all rows. Refits of resamples and chains have the same prior, except that chains use
    /// <see cref="CovariancePrior.Jeffreys"/> where there is none: see <see cref="DataAugmentation"/>.</summary>
    public ModelOptions Model { get; init; } = ModelRegistry.Default.DefaultOptions;

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and its range.</exception>
    public void Validate()
    {
        if (Count < 1) throw new ArgumentOutOfRangeException(nameof(Count), Count, "At least 1 imputation is needed.");
        if (!Enum.IsDefined(Method)) throw new ArgumentOutOfRangeException(nameof(Method), Method, "There is no such method.");
        ArgumentNullException.ThrowIfNull(Fill);
        ArgumentNullException.ThrowIfNull(Model);
        ArgumentNullException.ThrowIfNull(DataAugmentation);
        (DataAugmentation with { DrawCount = Count }).Validate();
        Model.Validate();
    }
}
