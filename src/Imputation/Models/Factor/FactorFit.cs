using Imputation.Models;
using Imputation.Models.Factor;

namespace Imputation;

/// <summary>A fitted factor model. Immutable.</summary>
public sealed class FactorFit : FittedModel
{
    /// <summary>The model's name in model files.</summary>
    internal const string Name = "factor";

    private SymmetricMatrix? _named;
    private double[,]? _covariance;
    private bool _isDraw;

    /// <param name="parameters">In the units of the data; kept.</param>
    internal FactorFit(FactorParameters parameters)
    {
        Factors = parameters;
        Mean = Array.AsReadOnly(parameters.Mean);
        Uniquenesses = Array.AsReadOnly(parameters.Uniquenesses);
    }

    /// <summary>Means of the modelled columns.</summary>
    /// <value>p numbers, in the units of the data.</value>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Number of factors, q.</summary>
    public int FactorCount => Factors.FactorCount;

    /// <summary>Λ, the change of each column with each factor. Factors are rotated so that ΛᵀΨ⁻¹Λ is diagonal, the first with the most
    /// information; the data do not determine the rotation.</summary>
    /// <value>p × q, in the units of the data a standard deviation of the factor. A copy.</value>
    public double[,] Loadings
    {
        get
        {
            var loadings = new double[Factors.ColumnCount, FactorCount];
            for (int j = 0; j < Factors.ColumnCount; j++)
                for (int a = 0; a < FactorCount; a++) loadings[j, a] = Factors.Loading(j)[a];
            return loadings;
        }
    }

    /// <summary>ψ, the variance of each column that the factors leave.</summary>
    /// <value>p numbers, in the squared units of the data.</value>
    public IReadOnlyList<double> Uniquenesses { get; }

    /// <summary>The covariance of the columns under the model, ΛΛᵀ + Ψ.</summary>
    /// <value>p × p, by place or by column names, in the units of the data.</value>
    public SymmetricMatrix Covariance => _named ??= new SymmetricMatrix(Columns, ModelCovariance);

    /// <summary>The numbers of factors that were tried; empty where it was given.</summary>
    public IReadOnlyList<FactorCandidate> Candidates { get; internal init; } = [];

    /// <summary>What the fit took the uniquenesses for; of a fit read from a file <see cref="FactorNoise.PerColumn"/>.</summary>
    internal FactorNoise Noise { get; init; }

    /// <inheritdoc/>
    public override string ModelName => Name;

    internal override string Description => FactorCount == 1 ? "factor analysis, 1 factor" : $"factor analysis, {FactorCount} factors";

    /// <summary>The parameters.</summary>
    internal FactorParameters Factors { get; }

    internal override ModelMoments Moments => new(Factors.Mean, ModelCovariance);

    internal override IConditional Over(ModelFrame frame) => new FactorFrame(Factors, frame, PredictionErrors(0));

    /// <remarks>A draw of the parameters has no estimation error of its own: imputations show it by their differences.</remarks>
    internal override IPredictionErrors? PredictionErrors(long cells)
    {
        if (_isDraw || Report.RowCount == 0) return null;
        long[] counts = [.. Columns.Select(name => Report.ColumnUses.FirstOrDefault(use => use.Name == name)?.ObservedCount ?? 0)];
        return counts.Contains(0) ? null : new FactorErrors(Factors, counts, Report.Prior.DegreesOfFreedom);
    }

    internal override IReadOnlyList<ModelParameter> Parameters =>
    [
        new("factors", (double)FactorCount), new("mean", Factors.Mean), new("loadings", Loadings),
        new("uniquenesses", Factors.Uniquenesses),
    ];

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    internal static FactorFit Read(IParameterReader file, FitReport report)
    {
        int p = file.Columns.Count;
        double q = file.Number("factors");
        if (!(q >= 0 && q < Math.Max(p, 1) && q == Math.Floor(q)))
            throw new ImputationDataException(FormattableString.Invariant(
                $"The model file's 'factors' is {q:R}; expected a whole number from 0 to {p - 1}, less than there are columns."));
        double[,] loadings = file.Matrix("loadings", p, (int)q);
        double[] uniquenesses = file.Vector("uniquenesses", p);
        for (int j = 0; j < p; j++)
        {
            if (!(uniquenesses[j] > 0))
                throw new ImputationDataException(FormattableString.Invariant(
                    $"The model file's 'uniquenesses' has {uniquenesses[j]:R} for '{file.Columns[j]}'; expected a number greater than 0."));
        }
        return new FactorFit(new FactorParameters(file.Vector("mean", p), [.. loadings.Cast<double>()], uniquenesses))
        {
            Columns = file.Columns,
            Report = report,
        };
    }

    /// <summary>The same model with other parameters, such as a draw: there is no likelihood, trace or score for these.</summary>
    internal FactorFit With(FactorParameters parameters) => new(parameters)
    {
        Columns = Columns,
        Report = Report.OfDraw(),
        _isDraw = true,
    };

    private double[,] ModelCovariance
    {
        get
        {
            if (_covariance is not null) return _covariance;
            int p = Factors.ColumnCount;
            var covariance = new double[p, p];
            for (int i = 0; i < p; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = i == j ? Factors.Uniquenesses[i] : 0;
                    for (int a = 0; a < FactorCount; a++) sum += Factors.Loading(i)[a] * Factors.Loading(j)[a];
                    covariance[i, j] = covariance[j, i] = sum;
                }
            }
            return _covariance = covariance;
        }
    }
}
