namespace Imputation.Files;

/// <summary>The estimates of a term, one per imputation.</summary>
/// <param name="Term">Its name.</param>
/// <param name="Estimates">An estimate for each imputation.</param>
/// <param name="StandardErrors">The standard error of each.</param>
/// <param name="CompleteDegreesOfFreedom">Complete-data degrees of freedom; infinite if not given.</param>
public sealed record TermEstimates(string Term, double[] Estimates, double[] StandardErrors, double CompleteDegreesOfFreedom)
{
    /// <summary>The outcome level that the term belongs to, as in multinomial regression; null where terms have none.</summary>
    public string? Level { get; init; }

    /// <summary>The name with the level: B: x.</summary>
    internal string FullName => Level is null ? Term : $"{Level}: {Term}";
}
