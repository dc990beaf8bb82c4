using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.LatentNormal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>A fitted latent normal model. Immutable.</summary>
public sealed class LatentNormalFit : FittedModel
{
    /// <summary>The model's name in model files.</summary>
    internal const string Name = "latent";

    private SymmetricMatrix? _covariance;
    private string[]? _names;

    internal LatentNormalFit(LatentLayout layout, GaussianParameters parameters)
    {
        Layout = layout;
        Latent = parameters;
        LatentMean = Array.AsReadOnly(parameters.Mean);
    }

    /// <summary>Names of the latent variables: of the column, or for a nominal category of column and level.</summary>
    public IReadOnlyList<string> LatentNames => _names ??= MakeNames();

    /// <summary>Means of the latent variables, in the units of their scores; of a number on its own scale, in standard deviations of the
    /// observed cells from their mean.</summary>
    public IReadOnlyList<double> LatentMean { get; }

    /// <summary>Covariance of the latent variables; the variance of those with one threshold is 1.</summary>
    /// <value>q × q, by place or by <see cref="LatentNames"/>.</value>
    public SymmetricMatrix LatentCovariance => _covariance ??= new SymmetricMatrix(LatentNames, Square(Latent.Covariance));

    /// <summary>By how much <see cref="FitReport.LogLikelihood"/>, which is that of expectation propagation, is off: an estimate from a
    /// sample of rows in which it was compared with integration, and its standard error. Two zeros where it is exact, as in rows with at
    /// most one category; NaN of a fit read from a file.</summary>
    public (double Error, double StandardError) LogLikelihoodError => Prior is null ? (double.NaN, double.NaN)
        : EvidenceError is { } known ? (known.Total, known.Rows * known.StandardError) : (0, 0);

    /// <inheritdoc/>
    public override string ModelName => Name;

    internal override string Description => "latent normal (Gaussian copula)";

    /// <summary>The latent variables of each column.</summary>
    internal LatentLayout Layout { get; }

    /// <summary>Their mean and covariance.</summary>
    internal GaussianParameters Latent { get; }

    /// <summary>What <see cref="LogLikelihoodError"/> comes from; null where the evidence is exact or was not compared.</summary>
    internal EvidenceError? EvidenceError { get; init; }

    /// <summary>The prior of the fit; null of a fit read from a file.</summary>
    internal LatentPrior? Prior { get; init; }

    internal override bool HasDensity => !Layout.Margins.Any(m => m is NumberMargin);

    internal override bool HasShapeOf(int column) => Layout.Margins[column] is not IdentityMargin;

    internal override IConditional Over(ModelFrame frame) => new LatentConditional(this, frame);

    internal override Column InFrame(int column, Column given) => Layout.Margins[column] is ILevels levels
        ? LevelMatching.WithLevels(given, levels) : base.InFrame(column, given);

    internal override IReadOnlyList<ModelParameter> Parameters =>
    [
        new("latentMean", Latent.Mean), new("latentCovariance", Square(Latent.Covariance)), .. MarginFile.Write(Layout.Margins),
    ];

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    internal static LatentNormalFit Read(IParameterReader file, FitReport report)
    {
        var layout = new LatentLayout(MarginFile.Read(file));
        int q = layout.Count;
        double[,] covariance = file.Matrix("latentCovariance", q, q);
        var flat = new double[q * q];
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j < q; j++)
            {
                flat[i * q + j] = covariance[i, j];
                if (covariance[i, j] != covariance[j, i])
                    throw new ImputationDataException($"The model file's 'latentCovariance' is not symmetric in row {i + 1}, column "
                        + $"{j + 1}.");
            }
        }
        GaussianParameters parameters = GaussianParameters.Create(file.Vector("latentMean", q), flat)
            ?? throw new ImputationDataException("The model file's 'latentCovariance' is not positive definite.");
        return new LatentNormalFit(layout, parameters) { Columns = file.Columns, Report = report };
    }

    /// <summary>The same model with other parameters, such as a draw: there is no likelihood, trace or score for these.</summary>
    internal LatentNormalFit With(GaussianParameters parameters) => new(Layout, parameters) { Columns = Columns, Report = Report.OfDraw() };

    /// <summary>The same fit with the counts of its columns' patterns.</summary>
    internal LatentNormalFit With(MissingPatterns patterns) => new(Layout, Latent)
    {
        Columns = Columns,
        Prior = Prior,
        EvidenceError = EvidenceError,
        Report = Report.With(patterns),
    };

    private string[] MakeNames()
    {
        var names = new List<string>();
        for (int j = 0; j < Columns.Count; j++)
        {
            if (Layout.Margins[j] is not NominalMargin nominal)
            {
                names.Add(Columns[j]);
                continue;
            }
            for (int k = 0; k < nominal.LatentCount; k++)
            {
                string[] own = [.. nominal.Levels.Where((_, level) => nominal.LatentOf(level) == k)];
                names.Add($"{Columns[j]} = {(own.Length == 1 ? own[0] : $"one of {own.Length} rare levels")}");
            }
        }
        return [.. names];
    }

    private double[,] Square(double[] flat)
    {
        int q = Layout.Count;
        var square = new double[q, q];
        for (int i = 0; i < q; i++)
            for (int j = 0; j < q; j++) square[i, j] = flat[i * q + j];
        return square;
    }
}
