using Imputation.Models;
using Imputation.Models.Mixture;

namespace Imputation;

/// <summary>A mixture of normal distributions, and how it is fitted. Categories are independent of all else within a component.</summary>
public sealed record NormalMixtureOptions : ModelOptions
{
    /// <summary>Short runs by default.</summary>
    internal const int DefaultRestarts = 200;

    /// <summary>Two components with full covariances, maximum likelihood, 200 starts.</summary>
    public NormalMixtureOptions() => Restarts = DefaultRestarts;

    /// <summary>Number of components, k. At least 1; default 2. <see cref="NormalMixture.Choose"/> compares several.</summary>
    public int Components { get; init; } = 2;

    /// <summary>Shape of the covariances; default <see cref="MixtureShape.Full"/>.</summary>
    public MixtureShape Shape { get; init; }

    internal override bool TakesCategories => true;

    /// <summary>Means of groups would be segments of their own.</summary>
    internal override bool TakesGroupEffects => false;

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation) =>
        MixtureFitting.Prepare(table, this, new MixturePlan(Components, Shape, CategoriesOnly: false), run, cancellation);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Components < 1)
            throw new ArgumentOutOfRangeException(nameof(Components), Components, "A mixture has at least 1 component.");
        if (!Enum.IsDefined(Shape)) throw new ArgumentOutOfRangeException(nameof(Shape), Shape, "There is no such shape.");
        if (Prior.Kind == CovariancePriorKind.InverseWishart)
            throw new ArgumentException("Mixtures have the priors none, auto (none), jeffreys and ridge:DF.", nameof(Prior));
    }
}
