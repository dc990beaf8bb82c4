using Imputation.Models;
using Imputation.Models.Gaussian;
using Imputation.Models.Normal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>One of the distinct points where starts ended.</summary>
public sealed record NormalEndPoint : FitEndPoint
{
    internal NormalEndPoint(IReadOnlyList<string> columns, double[] mean, double[,] covariance, double objective, double logLikelihood,
        int startCount)
        : base(objective, logLikelihood, startCount)
    {
        Mean = Array.AsReadOnly(mean);
        Covariance = new SymmetricMatrix(columns, covariance);
    }

    /// <summary>p means, in the units of the data.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>p × p, in the units of the data.</summary>
    public SymmetricMatrix Covariance { get; }

    internal override IReadOnlyList<ModelParameter> Parameters => [new("mean", Mean.ToArray()), new("covariance", Covariance.Values)];

    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}

/// <summary>A fitted multivariate normal model. Immutable.</summary>
public sealed class NormalFit : FittedModel
{
    /// <summary>The model's name in model files.</summary>
    internal const string Name = "normal";

    private ObservedInformation? _information;
    private SymmetricMatrix? _named;
    private GaussianMoments? _moments;
    private readonly double[] _mean;
    private readonly double[,] _covariance;

    /// <param name="mean">p means, copied.</param>
    /// <param name="covariance">p × p, copied.</param>
    internal NormalFit(double[] mean, double[,] covariance)
    {
        _mean = (double[])mean.Clone();
        _covariance = (double[,])covariance.Clone();
        Mean = Array.AsReadOnly(_mean);
    }

    /// <summary>Means of the modelled columns.</summary>
    /// <value>p numbers, in the units of the data.</value>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Maximum-likelihood (or posterior-mode) covariance of the modelled columns.</summary>
    /// <value>p × p, by place or by column names, divisor n (not n − 1), in the units of the data.</value>
    public SymmetricMatrix Covariance => _named ??= new SymmetricMatrix(Columns, _covariance);

    /// <summary>The distinct points where starts ended, best first.</summary>
    public IReadOnlyList<NormalEndPoint> EndPoints => [.. Report.EndPoints.Cast<NormalEndPoint>()];

    /// <inheritdoc/>
    public override string ModelName => Name;

    internal override string Description => "multivariate normal";

    internal override GaussianMoments Moments => _moments ??= new GaussianMoments(_mean, _covariance);

    internal override IConditional Over(ModelFrame frame) => new GaussianFrame(Moments, frame);

    internal override IReadOnlyList<ModelParameter> Parameters => [new("mean", _mean), new("covariance", _covariance)];

    /// <summary>Makes a fit from the parameters of a model file.</summary>
    internal static NormalFit Read(IParameterReader file, FitReport report) => new(file.Vector("mean", file.Columns.Count),
        file.Covariance("covariance"))
    {
        Columns = file.Columns,
        Report = report with
        {
            EndPoints = [.. file.EndPoints.Zip(report.EndPoints).Select(e => new NormalEndPoint(
                file.Columns, e.First.Vector("mean", file.Columns.Count), e.First.Symmetric("covariance"), e.Second.Objective,
                    e.Second.LogLikelihood,
                    e.Second.StartCount))],
        },
    };

    /// <summary>The same model with other parameters, such as a draw: there is no likelihood, trace or score for these.</summary>
    internal NormalFit With(double[] mean, double[,] covariance) => new(mean, covariance)
    {
        Columns = Columns,
        Report = Report.OfDraw()
    };

    /// <summary>The data that the fit was made from, as they were given; null of a fit read from a file.</summary>
    internal IncompleteMatrix? Data { get; init; }

    /// <summary>Most threads that the fit was made with, which are those of its standard errors too.</summary>
    internal int Threads { get; init; }

    /// <summary>Standard errors from the observed-data information at the estimates, and fractions of missing information. Kept once
    /// made.</summary>
    /// <remarks>One pass over the data, and p⁴/4 multiplications for each missing-data pattern.</remarks>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">A fit read from a model file, which has no data: <see cref="NormalModel.Information"/>
    /// takes them.
    /// Or more than <see cref="ObservedInformation.MostColumns"/> columns.</exception>
    public ObservedInformation Information(CancellationToken cancellation = default)
    {
        if (_information is { } made) return made;
        if (Data is not { } data)
            throw new InvalidOperationException("The model was read from a file, which does not have the data it was fitted to, and "
                + "standard errors need them: use NormalModel.Information(fit, table) with the table that was fitted.");
        return _information = InformationBuilder.Make(this, data, Threads, cancellation);
    }

    /// <summary>A linear regression of one of the columns on others, from the fitted means and covariances, with standard errors
    /// (full-information maximum likelihood).</summary>
    /// <param name="formula">Such as <c>income ~ age + education</c>: see <see cref="RegressionFormula"/>.</param>
    /// <param name="confidence">Coverage of the confidence limits, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="FormatException">The text is not a formula.</exception>
    /// <exception cref="ArgumentException">A name that is not a modelled column, or a confidence out of range.</exception>
    /// <exception cref="ImputationDataException">Predictors that determine each other.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Information"/>; of a fit read from a file,
    /// <see cref="ObservedInformation.Regress(string, double)"/> of <see cref="NormalModel.Information"/>.</exception>
    public NormalRegression Regress(string formula, double confidence = 0.95, CancellationToken cancellation = default) =>
        Regress(RegressionFormula.Parse(formula), confidence, cancellation);

    /// <inheritdoc cref="Regress(string, double, CancellationToken)"/>
    public NormalRegression Regress(RegressionFormula formula, double confidence = 0.95, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(formula);
        formula = RegressionBuilder.Resolve(this, formula); // a wrong name is said before the work
        return Information(cancellation).Regress(formula, confidence);
    }
}
