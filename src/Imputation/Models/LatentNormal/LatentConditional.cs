namespace Imputation.Models.LatentNormal;

/// <summary>The conditional distributions of a latent normal model over the rows of a table.</summary>
internal sealed class LatentConditional : IConditional
{
    private readonly LatentNormalFit _fit;
    private readonly ModelFrame _frame;

    public LatentConditional(LatentNormalFit fit, ModelFrame frame) => (_fit, _frame) = (fit, frame);

    /// <inheritdoc/>
    public bool IsNormalByPattern => false;

    /// <inheritdoc/>
    public IRowConditional Workspace() => new LatentRow(_fit, _frame.Keys);

    /// <inheritdoc/>
    public ICellPredictor Predictor() => new LatentPredictor(_fit, _frame.Keys);

    /// <inheritdoc/>
    public bool TryMeans(MeansReceiver receive, ParallelOptions parallel) => false;
}
