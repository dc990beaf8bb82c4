namespace Imputation.Models.Stack;

/// <summary>Draws of the parameters of each of the models that are combined; their weights stay.</summary>
internal sealed class StackDraws(StackFit fit, IReadOnlyList<IParameterDraws> parts) : IParameterDraws
{
    /// <inheritdoc/>
    public DataAugmentationResult? Chains => null;

    /// <inheritdoc/>
    public void Prepare(CancellationToken cancellation)
    {
        foreach (IParameterDraws part in parts) part.Prepare(cancellation);
    }

    /// <inheritdoc/>
    public ParameterDraw Draw(int index, int threads, CancellationToken cancellation)
    {
        ParameterDraw[] drawn = [.. parts.Select(p => p.Draw(index, threads, cancellation))];
        return new ParameterDraw(fit.With([.. drawn.Select(d => d.Model)]))
        {
            Redraws = drawn.Max(d => d.Redraws),
            Lack = drawn.Select(d => d.Lack).FirstOrDefault(lack => lack.Length > 0, ""),
            Ridge = drawn.Max(d => d.Ridge),
            Converged = drawn.All(d => d.Converged),
        };
    }
}
