using Imputation.Patterns;

namespace Imputation.Models;

/// <summary>A fit with the intermediate results of fitting.</summary>
/// <param name="Model">The fitted model.</param>
/// <param name="Patterns">The patterns of its columns in the table.</param>
/// <param name="Draws">Makes the source of parameter draws, with the seed and the threads of the fit, for multiple imputation; null
/// where the model has none.</param>
internal sealed record PreparedFit(FittedModel Model, MissingPatterns Patterns, Func<ParameterDrawOptions, IParameterDraws>? Draws);

/// <summary>The requested parameter draws.</summary>
/// <param name="Method">By bootstrap or by data augmentation.</param>
/// <param name="Count">Number of draws.</param>
/// <param name="Chains">Chains, burn-in and thinning of data augmentation.</param>
internal sealed record ParameterDrawOptions(MultipleMethod Method, int Count, DataAugmentationOptions Chains);
