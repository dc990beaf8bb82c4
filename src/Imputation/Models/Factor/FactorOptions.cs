using Imputation.Models;
using Imputation.Models.Factor;

namespace Imputation;

/// <summary>Factor analysis or probabilistic PCA, and how it is fitted.</summary>
/// <remarks><see cref="CovariancePrior.Ridge"/> shrinks loadings towards 0 and uniquenesses towards the columns' variances, as so many rows
/// without any correlation would; <see cref="CovariancePrior.Auto"/> chooses the ridge by hidden cells together with the number of factors,
/// and for a given number where a column has fewer observed rows than five times the columns.</remarks>
public sealed record FactorOptions : ModelOptions
{
    /// <summary>The defaults: the number of factors by hidden cells, a uniqueness for each column.</summary>
    public static FactorOptions Default { get; } = new();

    /// <summary>Number of factors, from 0 to p − 1 for p columns; null, the default, to choose it by <see cref="Criterion"/>.</summary>
    public int? Factors { get; init; }

    /// <summary>Largest number of factors that is tried where it is chosen. At least 1; default 10.</summary>
    public int MostFactors { get; init; } = 10;

    /// <summary>By what the number of factors is chosen; default <see cref="FactorCriterion.HiddenCells"/>.</summary>
    public FactorCriterion Criterion { get; init; }

    /// <summary>The variance that factors leave to each column; default <see cref="FactorNoise.PerColumn"/>.</summary>
    public FactorNoise Noise { get; init; }

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        FactorFit fit = FactorFitting.Fit(table, this, run, cancellation, out FactorData data);
        return new PreparedFit(fit, data.AllPatterns, draws => draws.Method == MultipleMethod.BootstrapEm
            ? new FactorBootstrap(data, fit, run.Seed)
            : throw new ImputationDataException("The factor model has no data augmentation: use bootstrap EM (--method emb)."));
    }

    internal override ModelOptions Settled(FittedModel fit) =>
        (FactorOptions)base.Settled(fit) with { Factors = ((FactorFit)fit).FactorCount };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Factors is < 0)
            throw new ArgumentOutOfRangeException(nameof(Factors), Factors, "The number of factors must be 0 or more.");
        if (MostFactors < 1)
            throw new ArgumentOutOfRangeException(nameof(MostFactors), MostFactors, "At least 1 factor must be tried.");
        if (!Enum.IsDefined(Criterion))
            throw new ArgumentOutOfRangeException(nameof(Criterion), Criterion, "There is no such criterion.");
        if (!Enum.IsDefined(Noise)) throw new ArgumentOutOfRangeException(nameof(Noise), Noise, "There is no such kind of noise.");
        if (Prior.Kind is not (CovariancePriorKind.None or CovariancePriorKind.Auto or CovariancePriorKind.Ridge))
            throw new ArgumentException($"The factor model has the priors none, auto and ridge:DF, not {Prior}.", nameof(Prior));
    }
}
