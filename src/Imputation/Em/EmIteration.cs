using System.Diagnostics;
using System.Globalization;

namespace Imputation;

/// <summary>How the parameters of an iteration were reached.</summary>
public enum EmStepKind
{
    /// <summary>They are a start.</summary>
    Start,

    /// <summary>By an EM step from those before.</summary>
    Em,

    /// <summary>By extrapolation over the steps before.</summary>
    Accelerated,

    /// <summary>By leaving a saddle along a direction in which the objective curves upward.</summary>
    Escape,
}

/// <summary>One iteration of a run.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly record struct EmIteration
{
    internal EmIteration(int start, int iteration, double objective, double logLikelihood, double distance, EmStepKind kind)
    {
        Start = start;
        Iteration = iteration;
        Objective = objective;
        LogLikelihood = logLikelihood;
        Distance = distance;
        Kind = kind;
    }

    /// <summary>Index of the start, from 0; 0 is the deterministic one.</summary>
    public int Start { get; internal init; }

    /// <summary>Index of the iteration in its run, from 1.</summary>
    public int Iteration { get; internal init; }

    /// <summary>Objective at this iteration's parameters: log-likelihood plus log prior density.</summary>
    public double Objective { get; internal init; }

    /// <summary>Observed-data log-likelihood at this iteration's parameters.</summary>
    public double LogLikelihood { get; internal init; }

    /// <summary>Length of the EM step from these parameters, on the model's scale-free scale.</summary>
    public double Distance { get; internal init; }

    /// <summary>How these parameters were reached.</summary>
    public EmStepKind Kind { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"iteration {Iteration} of start {Start}: objective {Objective:F4}, step {Distance:G3}, {Kind}");
}
