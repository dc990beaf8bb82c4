using Imputation.Data;
using Imputation.Em;

namespace Imputation.Models.Normal;

/// <summary>The way by which a fit was reached.</summary>
public enum NormalPath
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

    /// <summary>Observed cells of the modelled columns.</summary>
    public required long ObservedCellCount { get; init; }

    /// <summary>Missing cells of the modelled columns.</summary>
    public required long MissingCellCount { get; init; }

    /// <summary>Number of distinct missing-data patterns, that of rows with nothing observed included.</summary>
    public required int PatternCount { get; init; }

    /// <summary>How the best run ended.</summary>
    public required EmOutcome Outcome { get; init; }

    /// <summary>Whether the estimates come from sample moments, a closed form, or iterations.</summary>
    public required NormalPath Path { get; init; }

    /// <summary>Iterations of the best run.</summary>
    public required int Iterations { get; init; }

    /// <summary>E-steps spent by all runs together, those for certifying the ends included; steps over a sample of many rows count for their share.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Largest eigenvalue found of the EM map's derivative at the estimates: the linear rate of plain EM there, and the
    /// worst fraction of missing information (Dempster, Laird and Rubin 1977). 1 means that the data do not determine some parameter.
    /// Of many rows it is that of a sample of them, if that is below 0.9.</summary>
    public required double Rate { get; init; }

    /// <summary>Estimated distance from the estimates to the maximum, in standard deviations: step · rate / (1 − rate).</summary>
    public required double Remaining { get; init; }

    /// <summary>Norm of the score in the metric of the complete-data information, √(sᵀ I⁻¹ s).
    /// Its square over 2(1 − <see cref="Rate"/>) bounds what the log-likelihood could still gain nearby.</summary>
    public required double ScoreNorm { get; init; }

    /// <summary>The prior under which the fit was made; never <see cref="NormalPrior.Auto"/>, but what that came to.</summary>
    public required NormalPrior Prior { get; init; }

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
    public required IReadOnlyList<ColumnDisposition> Dispositions { get; init; }

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
        ObservedCellCount = ObservedCellCount,
        MissingCellCount = MissingCellCount,
        PatternCount = PatternCount,
        Outcome = Outcome,
        Path = Path,
        Iterations = 0,
        Evaluations = 0,
        Rate = Rate,
        Remaining = double.NaN,
        ScoreNorm = double.NaN,
        Prior = Prior,
        Trace = [],
        Runs = [],
        EndPoints = [],
        Relations = Relations,
        Dispositions = Dispositions,
        Findings = Findings,
    };
}
