using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Models.Normal.MarkovChains;

namespace Imputation;

/// <summary>The multivariate normal model, and how it is fitted.</summary>
public sealed record NormalOptions : ModelOptions
{
    /// <summary>Plain maximum likelihood, one start, accelerated.</summary>
    /// <remarks>Imputation without options takes <see cref="ModelOptions.Default"/>, which has the prior
    /// <see cref="CovariancePrior.Auto"/>.</remarks>
    public static new NormalOptions Default { get; } = new();

    internal override PreparedFit Prepare(Table table, RunOptions run, CancellationToken cancellation)
    {
        NormalFit fit = NormalModel.Fit(table, this, run, cancellation, out GaussianData data);
        return new PreparedFit(fit, data.Patterns, draws => draws.Method switch
        {
            MultipleMethod.BootstrapEm => new BootstrapDraws(data, fit, run.Seed),
            MultipleMethod.DataAugmentation => new DataAugmentationDraws(data, fit, draws.Chains with { DrawCount = draws.Count }, run),
            _ => throw new ArgumentOutOfRangeException(nameof(draws), draws.Method, "There is no such method."),
        });
    }
}
