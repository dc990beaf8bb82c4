using Imputation.Models;
using Imputation.Models.Mixture;
using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation;

/// <summary>A fitted mixture of normal distributions, or of latent classes. Immutable.</summary>
public sealed class NormalMixtureFit : FittedModel
{
    /// <summary>The models' names in model files.</summary>
    internal const string Name = "mixture", ClassesName = "classes";

    private readonly double[][] _means;
    private readonly double[][,] _covariances;
    private readonly double[][] _levels;
    private readonly double[] _weights;
    private MixtureComponent[]? _components;
    private MixtureConditionalParts? _parts;

    internal NormalMixtureFit(MixtureLayout layout, double[] weights, double[][] means, double[][,] covariances, double[][] levels)
    {
        Layout = layout;
        (_weights, _means, _covariances, _levels) = (weights, means, covariances, levels);
    }

    /// <summary>The components, or classes, the largest first.</summary>
    public IReadOnlyList<MixtureComponent> Components => _components ??= [.. Enumerable.Range(0, _weights.Length).Select(Component)];

    /// <summary>Names of the numeric columns.</summary>
    public IReadOnlyList<string> Numbers => [.. Columns.Where((_, j) => !Layout.IsCategory(j))];

    /// <summary>Shape of the covariances.</summary>
    public required MixtureShape Shape { get; init; }

    /// <summary>How undecided the rows of the fit are between components: −Σ r log r over their responsibilities r.</summary>
    public required double Entropy { get; init; }

    /// <summary>The integrated completed likelihood criterion, BIC + 2 · <see cref="Entropy"/> (Biernacki, Celeux and Govaert 2000): it
    /// prefers components that are apart. Smaller is better.</summary>
    public double Icl => Report.Bic + 2 * Entropy;

    /// <inheritdoc/>
    public override string ModelName => IsClasses ? ClassesName : Name;

    /// <summary>Whether it was fitted as latent classes.</summary>
    internal bool IsClasses { get; init; }

    internal override string Description => IsClasses ? TextFormat.Count(_weights.Length, "latent class", "latent classes")
        : $"mixture of {TextFormat.Count(_weights.Length, "normal distribution")} ({Shape.ToString().ToLowerInvariant()})";

    internal MixtureLayout Layout { get; }

    internal IReadOnlyList<double> Weights => _weights;

    /// <summary>The components on a standardised scale, for conditional distributions.</summary>
    internal MixtureConditionalParts Parts => _parts ??= MixtureConditionalParts.Of(Layout, _weights, _means, _covariances, _levels);

    /// <remarks>Warnings are about the number of components, which nobody asked for then.</remarks>
    internal override IEnumerable<Finding> FindingsAsPart => base.FindingsAsPart.Where(f => f.Severity > FindingSeverity.Warning);

    internal override IConditional Over(ModelFrame frame) => new MixtureConditional(this, frame);

    internal override Column InFrame(int column, Column given) => Layout.Levels[column] is { } levels
        ? LevelMatching.WithLevels(given, levels) : base.InFrame(column, given);

    internal override IReadOnlyList<ModelParameter> Parameters => MixtureFile.Write(this, _weights, _means, _covariances, _levels);

    /// <summary>Posterior probabilities of the components for each row of a table.</summary>
    /// <param name="table">The table that was fitted, or another with some of its columns; it is read by the model's
    /// <see cref="FittedModel.Codebook"/>, as when it is filled.</param>
    /// <returns>n × k; rows add up to 1. In a row with nothing observed they are the weights.</returns>
    /// <exception cref="ImputationDataException">The table has none of the model's columns, or one of another kind.</exception>
    public double[,] Responsibilities(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        ModelFrame frame = ModelFrame.Of(this, Read(table).Table);
        int n = table.RowCount, k = _weights.Length, q = frame.Columns.Length;
        var shares = new double[n, k];
        ParallelWork.For(frame.Patterns.Count, ParallelWork.Options(0), () => new MixtureRow(this, frame.Keys), (index, work) =>
        {
            Patterns.MissingPattern pattern = frame.Patterns[index];
            if (!work.Begin(pattern.Observed, [], draws: false))
                throw new ImputationDataException("A component's covariance could not be factored; fit the model with a prior.");
            var cells = new double[q];
            foreach (int row in pattern.Rows)
            {
                for (int j = 0; j < q; j++) cells[j] = frame.Matrix[row, j];
                work.Given(cells);
                for (int c = 0; c < k; c++) shares[row, c] = work.Shares[c];
            }
            return work;
        });
        return shares;
    }

    /// <summary>The most probable component of each row of a table, from 0.</summary>
    /// <inheritdoc cref="Responsibilities(Table)" path="/param"/>
    /// <inheritdoc cref="Responsibilities(Table)" path="/exception"/>
    public int[] Assign(Table table)
    {
        double[,] shares = Responsibilities(table);
        return [.. Enumerable.Range(0, shares.GetLength(0)).Select(row => MostProbable(shares, row))];
    }

    /// <summary>The most probable component of a row, from 0; of equally probable ones the first.</summary>
    internal static int MostProbable(double[,] responsibilities, int row)
    {
        int best = 0;
        for (int c = 1; c < responsibilities.GetLength(1); c++)
            if (responsibilities[row, c] > responsibilities[row, best]) best = c;
        return best;
    }

    /// <summary>A fit from parameters on the standardised scale.</summary>
    internal static NormalMixtureFit Of(MixtureLayout layout, MixtureData data, MixtureParameters parameters, MixturePlan plan,
        double entropy, FitReport report, IReadOnlyList<string> columns)
    {
        int k = parameters.Count, p = layout.NumberCount;
        var means = new double[k][];
        var covariances = new double[k][,];
        for (int c = 0; c < k; c++)
        {
            means[c] = new double[p];
            covariances[c] = new double[p, p];
            for (int i = 0; i < p; i++)
            {
                means[c][i] = data.Center[i] + data.Scale[i] * parameters.Normals[c].Mean[i];
                for (int j = 0; j < p; j++)
                    covariances[c][i, j] = parameters.Normals[c].Covariance[i * p + j] * (data.Scale[i] * data.Scale[j]);
            }
        }
        return new NormalMixtureFit(layout, parameters.Weights, means, covariances, parameters.Levels)
        {
            Columns = columns,
            Report = report,
            Shape = plan.Shape,
            Entropy = entropy,
            IsClasses = plan.CategoriesOnly,
        };
    }

    /// <summary>The same model with another report.</summary>
    internal NormalMixtureFit With(FitReport report) => new(Layout, _weights, _means, _covariances, _levels)
    {
        Columns = Columns,
        Report = report,
        Shape = Shape,
        Entropy = Entropy,
        IsClasses = IsClasses,
    };

    private MixtureComponent Component(int c)
    {
        var probabilities = new Dictionary<string, IReadOnlyDictionary<string, double>>();
        for (int j = 0; j < Columns.Count; j++)
            if (Layout.Levels[j] is { } levels)
                probabilities[Columns[j]] = levels.Levels.Index().ToDictionary(l => l.Item,
                    l => _levels[c][Layout.Starts[Layout.Place[j]] + l.Index]);
        return new MixtureComponent(_weights[c], _means[c], new SymmetricMatrix(Numbers, _covariances[c]), probabilities);
    }
}
