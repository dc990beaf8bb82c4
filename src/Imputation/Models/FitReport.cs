using System.Diagnostics;
using System.Globalization;
using Imputation.Models;
using Imputation.Patterns;

namespace Imputation;

/// <summary>Report on a fit, the same for every model: the data, how the fit ended, and the findings. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record FitReport
{
    internal FitReport() { }

    /// <summary>Observed-data log-likelihood at the estimates, with all constants, on the scale of the data.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>The function that was maximised: the log-likelihood, plus the log prior density up to a constant where there is a
    /// prior.</summary>
    public required double Objective { get; init; }

    /// <summary>Number of free parameters; 0 where it is not known, as for a fit read from a file of another program.</summary>
    public int ParameterCount { get; init; }

    /// <summary>Akaike's information criterion, −2ℓ + 2k (Akaike 1974); NaN where the number of parameters is not known.</summary>
    public double Aic => ParameterCount == 0 ? double.NaN : -2 * LogLikelihood + 2.0 * ParameterCount;

    /// <summary>The Bayesian information criterion, −2ℓ + k log n (Schwarz 1978), n being the rows with anything observed;
    /// NaN where the number of parameters is not known.</summary>
    public double Bic => ParameterCount == 0 ? double.NaN : -2 * LogLikelihood + ParameterCount * Math.Log(RowCount - EmptyRowCount);

    /// <summary>That no start came to a proper end, and why; null where one did.</summary>
    internal Finding? ImproperEnd => Findings.FirstOrDefault(f => f.Code == ImproperEndCode);

    /// <summary>The code of <see cref="ImproperEnd"/>.</summary>
    internal const string ImproperEndCode = "improper-end";

    /// <summary>Number of rows of the data, those with nothing observed included; 2³¹ − 1 where statistics are of more.</summary>
    public required int RowCount { get; init; }

    /// <summary>Number of rows in which all modelled columns are observed: those that an analysis of complete cases would keep.</summary>
    public required int CompleteRowCount { get; init; }

    /// <summary>Number of rows with nothing observed, as far as they were counted.</summary>
    internal int EmptyRowCount { get; init; }

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

    /// <summary>Iterations of the best run. Of many starts only the best short runs are continued to their ends: those of the short run
    /// count too.</summary>
    public required int IterationCount { get; init; }

    /// <summary>E-steps of all runs together, those for the certificates included; steps over a subsample of many rows count for their
    /// share.</summary>
    public required int EStepCount { get; init; }

    /// <summary>Largest eigenvalue found of the EM map's derivative at the estimates: the linear rate of plain EM there, and the
    /// worst fraction of missing information (Dempster, Laird and Rubin 1977). 1 means that the data do not determine some parameter.
    /// With many rows it is that of a subsample, if that is below 0.9.</summary>
    public required double ConvergenceRate { get; init; }

    /// <summary>Estimated distance from the estimates to the maximum, in standard deviations: step · rate / (1 − rate). For the normal
    /// model the largest of the distances of the columns' means (in standard deviations), of their standard deviations (relative), of
    /// their correlations, and of the same of each column given those before it.</summary>
    public required double EstimatedDistance { get; init; }

    /// <summary>Norm of the score in the metric of the complete-data information, √(sᵀ I⁻¹ s); NaN where the model does not provide it.
    /// Its square over 2(1 − <see cref="ConvergenceRate"/>) bounds the gain in log-likelihood that is still possible nearby.</summary>
    public required double ScoreNorm { get; init; }

    /// <summary>The prior of the covariance; never <see cref="CovariancePrior.Auto"/>, but the prior that it chose. None for a model
    /// without one.</summary>
    public required CovariancePrior Prior { get; init; }

    /// <summary>Every iteration of the best run, without those of a short run that it continued.</summary>
    public required IReadOnlyList<EmIteration> Trace { get; init; }

    /// <summary>How each start ended.</summary>
    public required IReadOnlyList<EmRun> Runs { get; init; }

    /// <summary>Every iteration of each run, in the order of <see cref="Runs"/>; empty where they were not kept, as for a fit read from a
    /// file.</summary>
    public IReadOnlyList<IReadOnlyList<EmIteration>> Traces { get; init; } = [];

    /// <summary>The distinct points where converged runs ended, best first.</summary>
    public required IReadOnlyList<FitEndPoint> EndPoints { get; init; }

    /// <summary>Linear relations among the modelled columns, exact or too close to it for double precision.</summary>
    public required IReadOnlyList<LinearRelation> Relations { get; init; }

    /// <summary>The use of each column of the table, in its order; for a bare matrix, of each of its columns.</summary>
    public required IReadOnlyList<ColumnUse> ColumnUses { get; init; }

    /// <summary>Findings about the fit: relations, undetermined parameters, several maxima, saddles, choices made.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The models that this one was chosen from; null where it was named, or the fit was read from a file.</summary>
    public ModelComparison? Comparison { get; init; }

    /// <summary>The report on an iterated fit, as EM ended; the model's findings are its own.</summary>
    /// <param name="em">The fit.</param>
    /// <param name="columns">The modelled columns.</param>
    /// <param name="uses">The use of each column of the table.</param>
    /// <param name="parameterCount">Number of free parameters.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="findings">Findings about the fit.</param>
    internal static FitReport Of<T>(EmFit<T> em, IReadOnlyList<Column> columns, IReadOnlyList<ColumnUse> uses, int parameterCount,
        CovariancePrior prior, IReadOnlyList<Finding> findings) where T : class =>
        Of(em, CellCounts.Of(columns), uses, parameterCount, prior, findings);

    /// <summary>The same with the cells counted.</summary>
    internal static FitReport Of<T>(EmFit<T> em, CellCounts cells, IReadOnlyList<ColumnUse> uses, int parameterCount,
        CovariancePrior prior, IReadOnlyList<Finding> findings) where T : class
    {
        return new FitReport
        {
            LogLikelihood = em.LogLikelihood,
            Objective = em.Objective,
            ParameterCount = parameterCount,
            RowCount = (int)Math.Min(int.MaxValue, cells.RowCount),
            CompleteRowCount = 0,
            ObservedCellCount = cells.Observed,
            MissingCellCount = cells.Missing,
            PatternCount = 0,
            Outcome = em.Outcome,
            Method = FitMethod.Iterated,
            IterationCount = em.IterationCount,
            EStepCount = em.EStepCount,
            ConvergenceRate = Math.Max(0, em.ConvergenceRate),
            EstimatedDistance = em.EstimatedDistance,
            ScoreNorm = double.NaN,
            Prior = prior,
            Trace = em.Trace,
            Runs = em.Runs,
            Traces = em.Traces,
            EndPoints = [.. em.EndPoints.Select(e => new FitEndPoint(e.Objective, e.LogLikelihood, e.StartCount))],
            Relations = [],
            ColumnUses = uses,
            Findings = findings,
        };
    }

    /// <summary>The report with the counts of the columns' missing-data patterns.</summary>
    internal FitReport With(MissingPatterns patterns) => this with
    {
        CompleteRowCount = patterns.CompleteRowCount,
        EmptyRowCount = patterns.EmptyRowCount,
        PatternCount = patterns.Count,
    };

    /// <summary>Report on a model with other parameters, such as a draw of them: these have no likelihood, trace or score.</summary>
    internal FitReport OfDraw() => this with
    {
        LogLikelihood = double.NaN,
        Objective = double.NaN,
        IterationCount = 0,
        EStepCount = 0,
        EstimatedDistance = double.NaN,
        ScoreNorm = double.NaN,
        Trace = [],
        Traces = [],
        Runs = [],
        EndPoints = [],
    };

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Outcome} in {IterationCount} iterations, log-likelihood {LogLikelihood:F4}, {RowCount} rows, {MissingCellCount} missing "
        + $"cells in {PatternCount} patterns, prior {Prior}, {Findings.Count} findings");
}
