using System.Diagnostics;
using System.Globalization;
using Imputation.Models;

namespace Imputation;

/// <summary>A fitted model of a table's columns: the one thing that filling, multiple imputation, diagnostics, model files and the command
/// ask.</summary>
/// <remarks>A model is one folder below Models. It derives from this class and from <see cref="ModelOptions"/>, and its name is
/// registered in ModelRegistry; nothing else names it.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class FittedModel
{
    internal FittedModel() { }

    /// <summary>The model's name, as in model files: <c>normal</c>.</summary>
    public abstract string ModelName { get; }

    /// <summary>Names of the modelled columns, in the order of the parameters.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The report on the fit: its data, how it ended, and the findings.</summary>
    public required FitReport Report { get; init; }

    /// <summary>The model in words, for the heading of a report: <c>multivariate normal</c>.</summary>
    internal abstract string Description { get; }

    /// <summary>The conditional distributions of missing cells given observed ones, over the rows of a table.</summary>
    /// <exception cref="ImputationDataException">The parameters cannot be used, such as a covariance that is not positive
    /// definite.</exception>
    internal abstract IConditional Over(ModelFrame frame);

    /// <summary>The parameters, as model files keep them.</summary>
    internal abstract IReadOnlyList<ModelParameter> Parameters { get; }

    /// <summary>Mean and covariance of the columns under the model, for diagnostics of moments; null for a model that has none.</summary>
    internal virtual ModelMoments? Moments => null;

    /// <summary>How far the uncertainty of the estimates widens predictions; null where the model does not know it.</summary>
    /// <param name="cells">About how many cells are to be predicted: of many, the cheaper method.</param>
    internal virtual IPredictionErrors? PredictionErrors(long cells) => null;

    /// <summary>The number of the column of that name among <see cref="Columns"/>, or −1.</summary>
    internal int IndexOf(string column)
    {
        for (int j = 0; j < Columns.Count; j++)
            if (Columns[j] == column) return j;
        return -1;
    }

    /// <summary>The model in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Description}, {Columns.Count} columns, {Report.Outcome} in {Report.IterationCount} iterations, log-likelihood "
            + $"{Report.LogLikelihood:F4}");
}
