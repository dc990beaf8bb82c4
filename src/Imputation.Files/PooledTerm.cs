namespace Imputation.Files;

/// <summary>A pooled quantity with its name.</summary>
/// <param name="Name">Name of the term, such as the column of a coefficient.</param>
/// <param name="Pooled">The quantity.</param>
public sealed record PooledTerm(string Name, PooledEstimate Pooled);
