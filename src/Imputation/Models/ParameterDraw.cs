namespace Imputation.Models;

/// <summary>The parameters of one imputation and how they came about.</summary>
/// <param name="Model">The model with these parameters.</param>
internal sealed record ParameterDraw(FittedModel Model)
{
    /// <summary>Resamples that were thrown away before this one since nothing could be estimated from them.</summary>
    public int Redraws { get; init; }

    /// <summary>The reason for the first of them, as the end of a sentence.</summary>
    public string Lack { get; init; } = "";

    /// <summary>Degrees of freedom of the ridge prior under which the last of them was estimated after all; 0 for none.</summary>
    public double Ridge { get; init; }

    /// <summary>Whether the estimate is where it should be.</summary>
    public bool Converged { get; init; } = true;
}
