using Imputation.Models;
using Imputation.Models.Stack;
using Imputation.Text;

namespace Imputation;

/// <summary>Several fitted models whose predictions are combined column by column. Immutable.</summary>
/// <remarks>A number is the weighted mean of the models' conditional means and a category has the weighted mean of their probabilities;
/// quantiles are weighted means of quantiles. Each column of a row is drawn from one of the models, chosen by the weights. There is no
/// likelihood of a combination.</remarks>
public sealed class StackFit : FittedModel
{
    /// <summary>The model's name in model files.</summary>
    internal const string Name = "stack";

    private StackFit(IReadOnlyList<FittedModel> parts, IReadOnlyList<string> names, ColumnWeights weights) =>
        (Parts, Names, Weights) = (parts, names, weights);

    /// <summary>The models, the simplest first.</summary>
    public IReadOnlyList<FittedModel> Parts { get; }

    /// <summary>Their names, as they were compared: <c>latent, normal scores</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The weights of the models in a column.</summary>
    /// <param name="column">The column's name.</param>
    /// <returns>One number for each of <see cref="Parts"/>, at least 0; they add up to 1.</returns>
    /// <exception cref="ArgumentException">No model has the column.</exception>
    public IReadOnlyList<double> WeightsOf(string column) => IndexOf(column) >= 0 ? Array.AsReadOnly(Weights.Of(column))
        : throw new ArgumentException($"No column '{column}' in the model; it has {TextFormat.Names(Columns)}.", nameof(column));

    /// <summary>A model's mean weight over the columns; null where it is none of <see cref="Parts"/>.</summary>
    /// <param name="name">Its name, one of <see cref="Names"/>.</param>
    public double? WeightOf(string name) => Names.ToList().IndexOf(name) is >= 0 and var m ? Columns.Average(c => Weights.Of(c)[m]) : null;

    /// <inheritdoc/>
    public override string ModelName => Name;

    internal override string Description => $"combination of {TextFormat.Count(Parts.Count, "model")}";

    /// <summary>The weights.</summary>
    internal ColumnWeights Weights { get; }

    /// <summary>Combines fits to the same table.</summary>
    internal static StackFit Of(IReadOnlyList<FittedModel> parts, IReadOnlyList<string> names, ColumnWeights weights)
    {
        FittedModel most = parts[weights.Overall.Index().MaxBy(w => w.Item).Index];
        FitReport[] reports = [.. parts.Select(p => p.Report)];
        return new StackFit(parts, names, weights)
        {
            Columns = [.. parts.SelectMany(p => p.Columns).Distinct()],
            Report = most.Report.OfDraw() with
            {
                ParameterCount = 0,
                Outcome = reports.Select(r => r.Outcome).FirstOrDefault(o => o != EmOutcome.Converged, EmOutcome.Converged),
                Method = FitMethod.Iterated,
                IterationCount = reports.Sum(r => r.IterationCount),
                EStepCount = reports.Sum(r => r.EStepCount),
                ConvergenceRate = double.NaN, // each has its own, and its own missing information
                EstimatedDistance = reports.Max(r => r.EstimatedDistance),
                Prior = CovariancePrior.None,
                Relations = [.. reports.SelectMany(r => r.Relations).DistinctBy(r => r.ToString())],
                // Of what several say, it is said once.
                Findings = [.. parts.SelectMany(p => p.FindingsAsPart).DistinctBy(f => f.Code)],
            },
        };
    }

    /// <summary>The same combination of other fits, such as draws of the parameters.</summary>
    internal StackFit With(IReadOnlyList<FittedModel> parts) => new(parts, Names, Weights) { Columns = Columns, Report = Report.OfDraw() };

    internal override bool HasLikelihood => false;

    internal override bool HasDensity => false;

    internal override bool HasShapeOf(int column) => Parts.Select((part, m) => part.IndexOf(Columns[column]) is >= 0 and var j
        && part.HasShapeOf(j) ? Weights.Of(Columns[column])[m] : 0).Sum() >= 0.5;

    internal override IConditional Over(ModelFrame frame) => new StackConditional(this, frame);

    /// <remarks>As the first model that has the column sees it; the others are given the same cells.</remarks>
    internal override Column InFrame(int column, Column given)
    {
        FittedModel first = Parts.First(p => p.IndexOf(Columns[column]) >= 0);
        return first.InFrame(first.IndexOf(Columns[column]), given);
    }

    internal override IReadOnlyList<ModelParameter> Parameters =>
    [
        new("names", Names.ToArray()), new("weights", Weights.Overall),
        .. Parts.Select((part, m) => new ModelParameter($"part{m + 1}", (IReadOnlyList<ModelParameter>)
        [
            new("model", part.ModelName), new("columns", part.Columns.ToArray()),
            new("columnWeights", Array.ConvertAll([.. part.Columns], name => Weights.Of(name)[m])), .. part.Parameters,
        ])),
    ];

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    internal static StackFit Read(IParameterReader file, FitReport report)
    {
        string[] names = file.Texts("names");
        double[] overall = file.Vector("weights", names.Length);
        FittedModel[] parts = [.. names.Select((_, m) => file.Part($"part{m + 1}").Model(report))];
        var weights = file.Columns.ToDictionary(name => name, _ => new double[parts.Length]);
        for (int m = 0; m < parts.Length; m++)
        {
            double[] own = file.Part($"part{m + 1}").Vector("columnWeights", parts[m].Columns.Count);
            for (int j = 0; j < own.Length; j++)
            {
                if (!weights.TryGetValue(parts[m].Columns[j], out double[]? column))
                    throw new ImputationDataException($"The model file's 'part{m + 1}' has the column '{parts[m].Columns[j]}', which the "
                        + "combination does not have.");
                column[m] = own[j];
            }
        }
        foreach ((string name, double[] column) in weights)
            if (!(column.Min() >= 0 && Math.Abs(column.Sum() - 1) < 1e-6))
                throw new ImputationDataException($"The model file's weights of '{name}' are {TextFormat.List([.. column.Select(w =>
                    TextFormat.Compact(w))])}; expected numbers of at least 0 that add up to 1.");
        return new StackFit(parts, names, new ColumnWeights(overall, weights)) { Columns = file.Columns, Report = report };
    }
}
