using Imputation.Em;
using Imputation.Models.Normal;
using Imputation.Patterns;

namespace Imputation;

/// <summary>The way by which a fit was reached.</summary>
public enum FitMethod
{
    /// <summary>Complete data: sample moments, in one step.</summary>
    Complete,

    /// <summary>A monotone pattern: a sequence of regressions, without iteration (Anderson 1957).</summary>
    Monotone,

    /// <summary>EM iterations.</summary>
    Iterated,
}

/// <summary>One of the distinct points where starts ended.</summary>
/// <param name="Mean">p means, in the units of the data.</param>
/// <param name="Covariance">p × p, in the units of the data.</param>
/// <param name="Objective">Objective there.</param>
/// <param name="LogLikelihood">Log-likelihood there.</param>
/// <param name="StartCount">Number of starts that ended there.</param>
public sealed record NormalEndPoint(IReadOnlyList<double> Mean, double[,] Covariance, double Objective, double LogLikelihood, int StartCount);

/// <summary>A fitted multivariate normal model with the account of how it was fitted. Immutable.</summary>
public sealed class NormalFit
{
    private ObservedInformation? _information;
    private readonly double[] _mean = [];
    private readonly double[,] _covariance = new double[0, 0];

    /// <summary>Names of the p modelled columns, in the order of the means and covariances.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Means of the modelled columns.</summary>
    /// <value>p numbers, in the units of the data. A copy.</value>
    public required double[] Mean { get => (double[])_mean.Clone(); init => _mean = (double[])value.Clone(); }

    /// <summary>Maximum-likelihood (or posterior-mode) covariance of the modelled columns.</summary>
    /// <value>p × p, symmetric, divisor n (not n − 1), in the units of the data. A copy.</value>
    public required double[,] Covariance { get => (double[,])_covariance.Clone(); init => _covariance = (double[,])value.Clone(); }

    /// <summary>Observed-data log-likelihood at the estimates, with all constants, on the data's own scale.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>What was maximised: the log-likelihood, plus the log prior density up to a constant where there is a prior.</summary>
    public required double Objective { get; init; }

    /// <summary>Number of rows of the data, those with nothing observed included.</summary>
    public required int RowCount { get; init; }

    /// <summary>Rows in which all of the modelled columns are observed: what an analysis of complete cases would keep.</summary>
    public required int CompleteRowCount { get; init; }

    /// <summary>Observed cells of the modelled columns.</summary>
    public required long ObservedCellCount { get; init; }

    /// <summary>Missing cells of the modelled columns.</summary>
    public required long MissingCellCount { get; init; }

    /// <summary>Number of distinct missing-data patterns, that of rows with nothing observed included.</summary>
    public required int PatternCount { get; init; }

    /// <summary>How the best run ended.</summary>
    public required EmOutcome Outcome { get; init; }

    /// <summary>Whether the estimates come from sample moments, a closed form, or iterations.</summary>
    public required FitMethod Method { get; init; }

    /// <summary>Iterations of the best run.</summary>
    public required int IterationCount { get; init; }

    /// <summary>E-steps spent by all runs together, those for certifying the ends included; steps over a sample of many rows count for their share.</summary>
    public required int EStepCount { get; init; }

    /// <summary>Largest eigenvalue found of the EM map's derivative at the estimates: the linear rate of plain EM there, and the
    /// worst fraction of missing information (Dempster, Laird and Rubin 1977). 1 means that the data do not determine some parameter.
    /// Of many rows it is that of a sample of them, if that is below 0.9.</summary>
    public required double ConvergenceRate { get; init; }

    /// <summary>Estimated distance from the estimates to the maximum, in standard deviations: step · rate / (1 − rate).</summary>
    public required double EstimatedDistance { get; init; }

    /// <summary>Norm of the score in the metric of the complete-data information, √(sᵀ I⁻¹ s).
    /// Its square over 2(1 − <see cref="ConvergenceRate"/>) bounds what the log-likelihood could still gain nearby.</summary>
    public required double ScoreNorm { get; init; }

    /// <summary>The prior under which the fit was made; never <see cref="CovariancePrior.Auto"/>, but what that came to.</summary>
    public required CovariancePrior Prior { get; init; }

    /// <summary>Every iteration of the best run.</summary>
    public required IReadOnlyList<EmIteration> Trace { get; init; }

    /// <summary>How each start ended.</summary>
    public required IReadOnlyList<EmRun> Runs { get; init; }

    /// <summary>Every iteration of each run, in the order of <see cref="Runs"/>; empty where they were not kept, as of a fit read from a file.</summary>
    public IReadOnlyList<IReadOnlyList<EmIteration>> Traces { get; init; } = [];

    /// <summary>The distinct points where starts ended, best first.</summary>
    public required IReadOnlyList<NormalEndPoint> EndPoints { get; init; }

    /// <summary>Exact linear relations among the modelled columns.</summary>
    public required IReadOnlyList<LinearRelation> Relations { get; init; }

    /// <summary>What was done with each column of the table, in its order; of a bare matrix, with each of its columns.</summary>
    public required IReadOnlyList<ColumnUse> ColumnUses { get; init; }

    /// <summary>What the user should hear of: relations, undetermined parameters, several maxima, saddles, choices made.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The same model with other parameters, such as a draw of them: of these there is no likelihood, trace or score.</summary>
    internal NormalFit With(double[] mean, double[,] covariance) => new()
    {
        Columns = Columns,
        Mean = mean,
        Covariance = covariance,
        LogLikelihood = double.NaN,
        Objective = double.NaN,
        RowCount = RowCount,
        CompleteRowCount = CompleteRowCount,
        ObservedCellCount = ObservedCellCount,
        MissingCellCount = MissingCellCount,
        PatternCount = PatternCount,
        Outcome = Outcome,
        Method = Method,
        IterationCount = 0,
        EStepCount = 0,
        ConvergenceRate = ConvergenceRate,
        EstimatedDistance = double.NaN,
        ScoreNorm = double.NaN,
        Prior = Prior,
        Trace = [],
        Runs = [],
        EndPoints = [],
        Relations = Relations,
        ColumnUses = ColumnUses,
        Findings = Findings,
    };

    /// <summary>The data that the fit was made from, as they were given; null of a fit read from a file.</summary>
    internal IncompleteMatrix? Data { get; init; }

    /// <summary>Standard errors from the observed-data information at the estimates, and fractions of missing information. Kept once made.</summary>
    /// <remarks>One pass over the data, and p⁴/4 multiplications for each missing-data pattern.</remarks>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidOperationException">A fit read from a model file, which has no data: <see cref="NormalModel.Information"/> takes them.
    /// Or more than <see cref="ObservedInformation.MostColumns"/> columns.</exception>
    public ObservedInformation Information(CancellationToken cancellation = default)
    {
        if (_information is { } made) return made;
        if (Data is not { } data)
            throw new InvalidOperationException("The model was read from a file, which does not have the data it was fitted to, and standard errors need them: use NormalModel.Information(fit, table) with the table that was fitted.");
        return _information = InformationBuilder.Make(this, data, cancellation);
    }

    /// <summary>A linear regression of one of the columns on others, from the fitted means and covariances, with standard errors (full-information maximum likelihood).</summary>
    /// <param name="formula">Such as <c>income ~ age + education</c>: see <see cref="RegressionFormula"/>.</param>
    /// <param name="confidence">Coverage of the confidence limits, strictly between 0 and 1. Default 0.95.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="FormatException">The text is not a formula.</exception>
    /// <exception cref="ArgumentException">A name that is not a modelled column, or a confidence out of range.</exception>
    /// <exception cref="ImputationDataException">Predictors that determine each other.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Information"/>; of a fit read from a file, <see cref="ObservedInformation.Regress(string, double)"/> of <see cref="NormalModel.Information"/>.</exception>
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
