using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>The multivariate normal model, and how it is fitted.</summary>
public sealed record NormalOptions : ModelOptions
{
    /// <summary>Plain maximum likelihood, one start, accelerated.</summary>
    /// <remarks>Imputation without options takes the prior <see cref="CovariancePrior.Auto"/>: maximum
    /// likelihood where a unique maximum exists, otherwise the weakest ridge that gives one.</remarks>
    public static NormalOptions Default { get; } = new();

    internal override FittedModel FitStatistics(PatternStatistics statistics, RunOptions run, CancellationToken cancellation) =>
        NormalModel.Fit(statistics, this, run, cancellation);

    internal override FittedModel FitStream(IRowSource rows, StreamOptions stream, RunOptions run, CancellationToken cancellation) =>
        NormalModel.Fit(rows, this, stream, run, cancellation);

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        NormalFit fit = NormalModel.Fit(table, this, run, cancellation, out GaussianData data);
        return new PreparedFit(fit, data.Patterns, draws => draws.Method switch
        {
            MultipleMethod.BootstrapEm => new BootstrapDraws(data, fit, run.Seed),
            MultipleMethod.DataAugmentation when data.RowWeights is not null => throw new ImputationDataException(
                "Data augmentation draws from a posterior distribution, which weighted rows do not have: use bootstrap EM (--method emb)."),
            MultipleMethod.DataAugmentation => new DataAugmentationDraws(data, fit, draws.Chains with { DrawCount = draws.Count }, run,
                mayStrengthenPrior: Prior.Kind == CovariancePriorKind.Auto),
            _ => throw new ArgumentOutOfRangeException(nameof(draws), draws.Method, "There is no such method."),
        });
    }
}
