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
/// <param name="Start">Index of the start, from 0; 0 is the deterministic one.</param>
/// <param name="Iteration">Index of the iteration in its run, from 1.</param>
/// <param name="Objective">Objective at this iteration's parameters: log-likelihood plus log prior density.</param>
/// <param name="LogLikelihood">Observed-data log-likelihood at this iteration's parameters.</param>
/// <param name="Distance">Length of the EM step from these parameters, on the model's scale-free scale.</param>
/// <param name="Kind">How these parameters were reached.</param>
public readonly record struct EmIteration(
    int Start, int Iteration, double Objective, double LogLikelihood, double Distance, EmStepKind Kind);
