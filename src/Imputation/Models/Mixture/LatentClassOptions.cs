using Imputation.Models;
using Imputation.Models.Mixture;

namespace Imputation;

/// <summary>Latent classes: a mixture of independent categories, and how it is fitted. Columns of numbers take no part.</summary>
public sealed record LatentClassOptions : ModelOptions
{
    /// <summary>Two classes, maximum likelihood, 200 starts.</summary>
    public LatentClassOptions() => Restarts = NormalMixtureOptions.DefaultRestarts;

    /// <summary>Number of classes, k. At least 1; default 2.</summary>
    public int Classes { get; init; } = 2;

    internal override bool TakesCategories => true;

    /// <summary>Means of groups would be segments of their own.</summary>
    internal override bool TakesGroupEffects => false;

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation) =>
        MixtureFitting.Prepare(table, this, new MixturePlan(Classes, MixtureShape.Full, CategoriesOnly: true), run, cancellation);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Classes < 1) throw new ArgumentOutOfRangeException(nameof(Classes), Classes, "There is at least 1 class.");
    }
}
