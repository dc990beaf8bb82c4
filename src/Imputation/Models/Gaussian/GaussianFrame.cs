using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models.Gaussian;

/// <summary>The conditional distributions of a multivariate normal distribution over the rows of a table.</summary>
internal sealed class GaussianFrame : IConditional
{
    private readonly ModelFrame _frame;
    private readonly GaussianParameters _parameters; // of the frame's columns: means 0, correlations
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly Lazy<IPredictionErrors?> _errors; // only the ledger asks

    /// <param name="moments">Mean and covariance of the model's columns.</param>
    /// <param name="frame">The rows.</param>
    /// <param name="errors">Gives the uncertainty of the estimates, for predictions of so many cells; null where there is none.</param>
    /// <exception cref="ImputationDataException">A covariance that is not positive definite.</exception>
    public GaussianFrame(ModelMoments moments, ModelFrame frame, Func<long, IPredictionErrors?>? errors = null)
    {
        _frame = frame;
        _errors = new Lazy<IPredictionErrors?>(() => errors?.Invoke(frame.Columns.Sum(c => (long)c.MissingCount)));
        GaussianMoments.Standard standard = GaussianMoments.Of(moments).Marginal(frame.Keys);
        (_center, _scale) = (standard.Center, standard.Scale);
        _parameters = standard.Parameters ?? throw new ImputationDataException(
            $"The model's covariance of {TextFormat.Names(frame.Columns.Select(c => c.Name))} is not "
                + "positive definite; fit it again, with a ridge prior if need be.");
    }

    /// <inheritdoc/>
    public bool IsNormalByPattern => true;

    /// <inheritdoc/>
    public bool IsPredictionByPattern => _errors.Value is null or { IsByPattern: true };

    /// <inheritdoc/>
    public IRowConditional Workspace() => new GaussianRow(_parameters, _center, _scale, _frame.Keys, _errors);

    /// <inheritdoc/>
    public ICellPredictor Predictor() => new GaussianPredictor(_parameters, _center, _scale);

    /// <inheritdoc/>
    public bool TryMeans(MeansReceiver receive, ParallelOptions parallel)
    {
        int p = _center.Length;
        MissingPatterns patterns = _frame.Patterns;
        int? failed = CompletedRows.Visit(new StandardisedRows(_frame.Matrix, _center, _scale), patterns, _parameters, parallel,
            (rows, conditional, _, completed) =>
            {
                foreach (int j in conditional.Missing)
                    receive(j, rows, completed[j..], conditional.Stride, _center[j], _scale[j], false);
            });
        if (failed is { } pattern) throw NotFactored(patterns, pattern);
        for (int k = patterns.Count - 1; k >= 0 && patterns.MissingCountOf(k) == p; k--)
            for (int j = 0; j < p; j++) receive(j, patterns.RowsOf(k), new double[patterns.RowCountOf(k)], 1, _center[j], _scale[j], true);
        return true;
    }

    private ImputationDataException NotFactored(MissingPatterns patterns, int pattern) =>
        new($"The model's covariance of {TextFormat.Names(patterns[pattern].Observed.Select(j => _frame.Columns[j].Name))} could not be "
            + "factored; fit it with a ridge prior.");
}
