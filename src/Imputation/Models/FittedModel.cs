using System.Diagnostics;
using System.Globalization;
using Imputation.Models;

namespace Imputation;

/// <summary>A fitted model of a table's columns: the one thing that filling, multiple imputation, diagnostics, model files and the command
/// ask.</summary>
/// <remarks>A model is one folder below Models. It derives from this class and from <see cref="ModelOptions"/>, and its name is
/// registered in ModelRegistry; besides, only AutomaticOptions and Choosing name models, to choose among them.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class FittedModel
{
    private FitReport _report = null!; // required

    internal FittedModel() { }

    /// <summary>The model's name, as in model files: <c>normal</c>.</summary>
    public abstract string ModelName { get; }

    /// <summary>Names of the modelled columns, in the order of the parameters.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The report on the fit: its data, how it ended, and the findings.</summary>
    public required FitReport Report { get => _report; init => _report = value; }

    /// <summary>The codebook that the table was read by, completed by what the data showed; null where there was nothing to say. A table
    /// that the model fills later is read by it too.</summary>
    public Codebook? Codebook { get; private set; }

    /// <summary>Takes what the reading of the table said, before the fit is handed out.</summary>
    internal void Keep(Codebook? codebook, IReadOnlyList<Finding> findings)
    {
        Codebook = codebook?.WithoutFindings(); // they are among the others
        if (findings.Count > 0) _report = _report with { Findings = [.. findings, .. _report.Findings] };
    }

    /// <summary>Takes the uses of all columns of the table whose rows were counted, before the fit is handed out.</summary>
    internal void Keep(IReadOnlyList<ColumnUse> uses) => _report = _report with { ColumnUses = uses };

    /// <summary>Takes the comparison that the model was chosen by.</summary>
    internal void Keep(ModelComparison comparison, Finding finding) => _report = _report with
    {
        Comparison = comparison,
        Findings = [finding, .. _report.Findings],
    };

    /// <summary>Other rows as the model was fitted to its own: by its codebook. Derived columns are those that the codebook has: each is
    /// otherwise filled by itself.</summary>
    internal SurveyReading Read(Table table) =>
        SurveyReading.Of(table, Codebook, new ColumnSelection { Include = Columns }, findsDerived: false);

    /// <summary>The modelled columns of tables; <see cref="Columns"/> without the effects of groups, which are computed from
    /// them.</summary>
    internal IEnumerable<string> TableColumns => Columns.Where(name => Codebook?.GroupMeans.Any(e => e.Name == name) != true);

    /// <summary>The model in words, for the heading of a report: <c>multivariate normal</c>.</summary>
    internal abstract string Description { get; }

    /// <summary>The conditional distributions of missing cells given observed ones, over the rows of a table.</summary>
    /// <exception cref="ImputationDataException">The parameters cannot be used, such as a covariance that is not positive
    /// definite.</exception>
    internal abstract IConditional Over(ModelFrame frame);

    /// <summary>A column of a table as the model sees it: as numbers, or with the model's levels.</summary>
    /// <param name="column">The column's number among <see cref="Columns"/>.</param>
    /// <param name="given">The table's column of that name.</param>
    /// <exception cref="ImputationDataException">The column is of another kind than in the model.</exception>
    internal virtual Column InFrame(int column, Column given) => given switch
    {
        NumericColumn { Categories: null } => given,
        NumericColumn numeric => numeric.With(numeric.Mask, null),
        _ => throw new ImputationDataException($"Column '{given.Name}' is numeric in the model and "
            + $"{given.Kind.ToString().ToLowerInvariant()} in the table; expected numbers.", given.Name),
    };

    /// <summary>The parameters, as model files keep them.</summary>
    internal abstract IReadOnlyList<ModelParameter> Parameters { get; }

    /// <summary>Mean and covariance of the columns under the model, for diagnostics of moments; null for a model that has none.</summary>
    internal virtual ModelMoments? Moments => null;

    /// <summary>Whether the model as a whole has a likelihood and a prior.</summary>
    internal virtual bool HasLikelihood => true;

    /// <summary>Whether <see cref="IRowConditional.LogDensity"/> is a density in the units of the data.</summary>
    internal virtual bool HasDensity => true;

    /// <summary>Whether what the model predicts of a column has the shape of its observed values: their range, skewness and gaps.</summary>
    /// <param name="column">The column's number among <see cref="Columns"/>.</param>
    internal virtual bool HasShapeOf(int column) => false;

    /// <summary>The findings that a combination of models repeats of this one: notes are about its own likelihood.</summary>
    internal virtual IEnumerable<Finding> FindingsAsPart => Report.Findings.Where(f => f.Severity > FindingSeverity.Note);

    /// <summary>What a reader of predicted cells should know about the model; null where there is nothing.</summary>
    internal virtual Finding? CautionInPredicting => null;

    /// <summary>How far the uncertainty of the estimates widens predictions; null where the model does not know it.</summary>
    /// <param name="cells">About how many cells are to be predicted: of many, the cheaper method.</param>
    internal virtual IPredictionErrors? PredictionErrors(long cells) => null;

    /// <summary>Makes the model of each imputation (from 0), fitted to a resample of rows that come in batches; null where the model has no
    /// such.</summary>
    /// <param name="rows">The rows that it was fitted to.</param>
    /// <param name="stream">How rows are kept.</param>
    /// <param name="run">Seed and threads.</param>
    internal virtual Func<int, CancellationToken, FittedModel>? Resampled(IRowSource rows, StreamOptions stream, RunOptions run) => null;

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
