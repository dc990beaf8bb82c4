namespace Imputation;

/// <summary>One of the distinct points where starts ended.</summary>
/// <param name="Objective">Objective there.</param>
/// <param name="LogLikelihood">Log-likelihood there.</param>
/// <param name="StartCount">Number of starts that ended there.</param>
public record FitEndPoint(double Objective, double LogLikelihood, int StartCount)
{
    /// <summary>The parameters there, for model files.</summary>
    internal virtual IReadOnlyList<ModelParameter> Parameters => [];
}
