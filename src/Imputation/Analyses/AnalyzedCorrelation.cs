using Imputation.Pooling;

namespace Imputation;

/// <summary>The pooled correlation of two columns.</summary>
/// <param name="First">One column.</param>
/// <param name="Second">The other.</param>
/// <param name="Pooled">Their correlation; null where it cannot be pooled: one of them is constant, one is the other in other units, or
/// there are fewer than four rows.</param>
public sealed record AnalyzedCorrelation(string First, string Second, PooledCorrelation? Pooled);
