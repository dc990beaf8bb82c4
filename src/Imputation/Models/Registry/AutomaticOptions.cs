using Imputation.Models;
using Imputation.Patterns;

namespace Imputation;

/// <summary>Takes the model that the columns call for: the normal model where no category is modelled, otherwise the latent normal
/// model.</summary>
/// <remarks>Where <see cref="ModelOptions.Prior"/> is <see cref="CovariancePrior.Auto"/>, each has its own default prior; where
/// <see cref="EmOptions.Tolerance"/> is <see cref="EmOptions.DefaultTolerance"/>, its own default tolerance.</remarks>
public sealed record AutomaticOptions : ModelOptions
{
    /// <summary>The prior <see cref="CovariancePrior.Auto"/>.</summary>
    public AutomaticOptions() => Prior = CovariancePrior.Auto;

    internal override bool TakesCategories => true;

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation) =>
        HasCategory(table) ? Latent().Prepare(table, run, cancellation) : Normal().Prepare(table, run, cancellation);

    internal override FittedModel FitStatistics(PatternStatistics statistics, RunOptions run, CancellationToken cancellation) =>
        Normal().FitStatistics(statistics, run, cancellation);

    internal override FittedModel FitStream(IRowSource rows, StreamOptions stream, RunOptions run, CancellationToken cancellation)
    {
        if (rows.Batches(cancellation).FirstOrDefault() is { } first && HasCategory(Read(first).Table))
            throw new ImputationDataException($"There are categories in {rows.Name}, and the model of numbers and categories needs all "
                + "rows in memory. Name the columns of numbers (--columns) or take --model normal to leave the categories out; or fit the "
                + "model to some of the rows, and apply it to all (impute apply).");
        return Normal().FitStream(rows, stream, run, cancellation);
    }

    internal override ModelOptions Settled(FittedModel fit) => fit is LatentNormalFit ? Latent().Settled(fit) : Normal().Settled(fit);

    private bool HasCategory(Table table) => table.Columns.Any(c => c.Categories is not null)
        && TableEncoder.Uses(table, Columns, categories: true).Any(use => use.Role == ColumnRole.Modelled
            && table[use.Name].Categories is not null);

    private ModelOptions Normal() => new NormalOptions().Like(this);

    private ModelOptions Latent()
    {
        LatentNormalOptions own = LatentNormalOptions.Default;
        return own.Like(this) with { Tolerance = Tolerance == DefaultTolerance ? own.Tolerance : Tolerance };
    }
}
