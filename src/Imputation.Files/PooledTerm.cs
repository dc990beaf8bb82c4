namespace Imputation.Files;

/// <summary>A pooled quantity with its name.</summary>
/// <param name="Name">Name of the term, such as the column of a coefficient.</param>
/// <param name="Pooled">The quantity.</param>
public sealed record PooledTerm(string Name, PooledEstimate Pooled)
{
    /// <summary>The outcome level that the term belongs to, as in multinomial regression; null where terms have none.</summary>
    public string? Level { get; init; }

    /// <summary>The name with the level: B: x.</summary>
    public string FullName => Level is null ? Name : $"{Level}: {Name}";
}
