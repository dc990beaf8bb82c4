using Imputation.Models.Gaussian;
using Imputation.Text;

namespace Imputation.Models.StudentT;

/// <summary>The conditional distributions of a multivariate t distribution over the rows of a table.</summary>
internal sealed class StudentTFrame : IConditional
{
    private readonly StudentTParameters _parameters; // of the frame's columns: means 0, scatters 1 on the diagonal
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly int[] _keys;

    /// <param name="fit">The model.</param>
    /// <param name="frame">The rows.</param>
    /// <exception cref="ImputationDataException">A scatter that is not positive definite.</exception>
    public StudentTFrame(StudentTFit fit, ModelFrame frame)
    {
        GaussianMoments.Standard standard = new GaussianMoments(fit.MeanValues, fit.ScatterValues).Marginal(frame.Keys);
        (_keys, _center, _scale) = (frame.Keys, standard.Center, standard.Scale);
        _parameters = new StudentTParameters(standard.Parameters ?? throw new ImputationDataException("The model's scatter of "
            + $"{TextFormat.Names(frame.Columns.Select(c => c.Name))} is not positive definite; leave out a column that follows from "
            + "others."), fit.DegreesOfFreedom);
    }

    /// <inheritdoc/>
    public bool IsNormalByPattern => false;

    /// <inheritdoc/>
    public IRowConditional Workspace() => new StudentTRow(_parameters, _center, _scale, _keys);

    /// <inheritdoc/>
    /// <remarks>Means are those of the normal distribution.</remarks>
    public ICellPredictor Predictor() => new GaussianPredictor(_parameters.Normal, _center, _scale);

    /// <inheritdoc/>
    public bool TryMeans(MeansReceiver receive, ParallelOptions parallel) => false;
}
