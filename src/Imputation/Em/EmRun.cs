using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>How one start ended.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record EmRun
{
    internal EmRun(int start, double objective, double logLikelihood, EmOutcome outcome, int iterationCount, int eStepCount,
        int? endPoint)
    {
        Start = start;
        Objective = objective;
        LogLikelihood = logLikelihood;
        Outcome = outcome;
        IterationCount = iterationCount;
        EStepCount = eStepCount;
        EndPoint = endPoint;
    }

    /// <summary>Index of the start, from 0; 0 is the deterministic one. A saddle on the way has two ends, so an index can occur
    /// twice.</summary>
    public int Start { get; internal init; }

    /// <summary>Objective at the end.</summary>
    public double Objective { get; internal init; }

    /// <summary>Log-likelihood at the end.</summary>
    public double LogLikelihood { get; internal init; }

    /// <summary>How the run ended.</summary>
    public EmOutcome Outcome { get; internal init; }

    /// <summary>Iterations done, those of a short run that it continued included.</summary>
    public int IterationCount { get; internal init; }

    /// <summary>E-steps spent, those for certifying the end included.</summary>
    public int EStepCount { get; internal init; }

    /// <summary>Index of the end point reached, among the distinct ones; null where the run did not converge.</summary>
    public int? EndPoint { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"start {Start}: {Outcome} after {IterationCount} iterations, objective {Objective:F4}");
}
