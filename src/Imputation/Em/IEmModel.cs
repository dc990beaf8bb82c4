namespace Imputation;

/// <summary>A model that EM can fit: a start, a step, and a distance between two points.</summary>
/// <typeparam name="T">The parameters; immutable.</typeparam>
public interface IEmModel<T> where T : class
{
    /// <summary>The deterministic start, or a random one.</summary>
    T Initialize(EmStart start);

    /// <summary>One E-step and M-step: the objective at <paramref name="current"/>, and the next parameters.</summary>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    EmStep<T> Step(T current, CancellationToken cancellation);

    /// <summary>Distance between two points, on a scale that does not depend on the units of the data.</summary>
    double Distance(T from, T to);
}

/// <summary>The result of one step.</summary>
/// <param name="Next">The parameters after the step.</param>
/// <param name="Objective">The objective at the parameters before the step: log-likelihood plus log prior density.</param>
/// <param name="LogLikelihood">The observed-data log-likelihood at the parameters before the step.</param>
/// <typeparam name="T">The parameters.</typeparam>
public readonly record struct EmStep<T>(T Next, double Objective, double LogLikelihood) where T : class
{
    /// <summary>Whether the step left the interior: <see cref="Next"/> is degenerate and must not be used.</summary>
    public bool Degenerate { get; init; }

    /// <summary>Rounding error of <see cref="Objective"/>, where it exceeds 1e-12 of it: a smaller decrease does not count as
    /// one.</summary>
    public double Rounding { get; init; }
}
