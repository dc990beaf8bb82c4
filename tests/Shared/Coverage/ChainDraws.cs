using Imputation.Data;
using Imputation.Imputers.Multiple;
using Imputation.Models.Normal;

namespace Imputation.Tests.Shared.Coverage;

/// <summary>Draws of data augmentation as the parameters of imputations.</summary>
internal sealed class ChainDraws(AugmentationResult result) : IParameterDraws
{
    public static ImputationSet Set(Table table, MultipleOptions options)
    {
        NormalFit fit = NormalModel.Fit(table, options.Model, default, out NormalData data);
        AugmentationResult result = Augmentation.Run(fit, table, new AugmentationOptions { DrawCount = options.Count, Seed = options.Seed, Threads = options.Threads });
        return new ImputationSet(table, options, fit, data.Patterns, null, new ChainDraws(result));
    }

    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation) => new([.. result.Draws[index].Mean], result.Draws[index].Covariance);
}
