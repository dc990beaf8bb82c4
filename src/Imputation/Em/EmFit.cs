using Imputation.Em;

namespace Imputation;

/// <summary>A point at which a run came to rest although the objective curves upward along some direction, and which it left.</summary>
/// <param name="Start">Index of the start.</param>
/// <param name="Parameters">The saddle.</param>
/// <param name="Objective">Objective there.</param>
/// <param name="LogLikelihood">Log-likelihood there.</param>
/// <param name="ConvergenceRate">Largest eigenvalue of the EM map's derivative there; above 1.</param>
/// <param name="Direction">A direction of upward curvature, in coordinates.</param>
/// <typeparam name="T">The parameters.</typeparam>
public sealed record EmSaddle<T>(
    int Start, T Parameters, double Objective, double LogLikelihood, double ConvergenceRate, IReadOnlyList<double> Direction)
    where T : class;

/// <summary>One of the distinct points where starts ended.</summary>
/// <param name="Parameters">The point.</param>
/// <param name="Objective">Objective there.</param>
/// <param name="LogLikelihood">Log-likelihood there.</param>
/// <param name="StartCount">Number of runs that ended there.</param>
/// <typeparam name="T">The parameters.</typeparam>
public sealed record EmEndPoint<T>(T Parameters, double Objective, double LogLikelihood, int StartCount) where T : class;

/// <summary>The complete result of EM: the parameters, the path to them, and the certificate that they are a maximum. Immutable.</summary>
/// <typeparam name="T">The parameters.</typeparam>
public sealed class EmFit<T> where T : class
{
    internal EmFit() { }

    /// <summary>Parameters with the highest objective.</summary>
    public required T Parameters { get; init; }

    /// <summary>The parameters that an EM step leads to from <see cref="Parameters"/>.</summary>
    public required T Next { get; init; }

    /// <summary>Objective at exactly these parameters.</summary>
    public required double Objective { get; init; }

    /// <summary>Log-likelihood at exactly these parameters.</summary>
    public required double LogLikelihood { get; init; }

    /// <summary>How the best run ended.</summary>
    public required EmOutcome Outcome { get; init; }

    /// <summary>Every iteration of the best run, without those of a short run that it continued.</summary>
    public required IReadOnlyList<EmIteration> Trace { get; init; }

    /// <summary>Iterations of the best run, those of a short run that it continued included.</summary>
    internal int IterationCount { get; init; }

    /// <summary>E-steps spent by all runs, those for certifying the end included; steps over a sample count for their share.</summary>
    public required int EStepCount { get; init; }

    /// <summary>Largest eigenvalue found of the EM map's derivative at the end, the linear rate of plain EM there; NaN where it was not
    /// found.</summary>
    public required double ConvergenceRate { get; init; }

    /// <summary>Estimated distance to the maximum, step · rate / (1 − rate), along directions that the data determine.</summary>
    public required double EstimatedDistance { get; init; }

    /// <summary>Directions, in coordinates, along which the objective is flat at the end; the data do not determine the parameters
    /// along them.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> FlatDirections { get; init; }

    /// <summary>How each run ended.</summary>
    public required IReadOnlyList<EmRun> Runs { get; init; }

    /// <summary>Every iteration of each run, in the order of <see cref="Runs"/>.</summary>
    public IReadOnlyList<IReadOnlyList<EmIteration>> Traces { get; init; } = [];

    /// <summary>The distinct points where converged runs ended, best first.</summary>
    public required IReadOnlyList<EmEndPoint<T>> EndPoints { get; init; }

    /// <summary>Saddles met and left on the way.</summary>
    public required IReadOnlyList<EmSaddle<T>> Saddles { get; init; }

    /// <summary>Ends of runs that are improper; only where there is no other is one of them returned.</summary>
    internal IReadOnlyList<EmImproperEnd<T>> Improper { get; init; } = [];
}
