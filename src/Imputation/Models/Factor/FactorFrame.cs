namespace Imputation.Models.Factor;

/// <summary>The conditional distributions of a factor model over the rows of a table.</summary>
internal sealed class FactorFrame : IConditional
{
    private readonly FactorParameters _parameters; // of the frame's columns: means 0, variances 1
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly int[] _keys;
    private readonly int _columnCount;
    private readonly IPredictionErrors? _errors;

    /// <param name="all">Parameters of the model's columns.</param>
    /// <param name="frame">The rows.</param>
    /// <param name="errors">The uncertainty of the estimates; null where there is none.</param>
    public FactorFrame(FactorParameters all, ModelFrame frame, IPredictionErrors? errors)
    {
        int p = frame.Columns.Length, q = all.FactorCount;
        (_errors, _keys, _columnCount, _center, _scale) = (errors, frame.Keys, all.ColumnCount, new double[p], new double[p]);
        double[] loadings = new double[p * q], uniquenesses = new double[p];
        for (int j = 0; j < p; j++)
        {
            int key = frame.Keys[j];
            _center[j] = all.Mean[key];
            _scale[j] = Math.Sqrt(all.Variance(key));
            for (int a = 0; a < q; a++) loadings[j * q + a] = all.Loading(key)[a] / _scale[j];
            uniquenesses[j] = all.Uniquenesses[key] / _scale[j] / _scale[j];
        }
        _parameters = new FactorParameters(new double[p], loadings, uniquenesses);
    }

    /// <inheritdoc/>
    public bool IsNormalByPattern => true;

    /// <inheritdoc/>
    public IRowConditional Workspace() => new FactorRow(_parameters, _center, _scale, _keys, _columnCount, _errors);

    /// <inheritdoc/>
    public ICellPredictor Predictor() => new FactorPredictor(_parameters, _center, _scale);

    /// <inheritdoc/>
    public bool TryMeans(MeansReceiver receive, ParallelOptions parallel) => false;
}
