namespace Imputation.Em;

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

/// <summary>A model whose parameters have coordinates in which any point is valid, so that the driver may extrapolate and
/// differentiate.</summary>
/// <remarks>The coordinates are taken about an origin, which is 0 in them. They should weigh directions as the complete-data information at
/// the origin does: then distances mean the same everywhere, and the derivative of the EM map at its fixed point is symmetric.</remarks>
/// <typeparam name="T">The parameters; immutable.</typeparam>
internal interface IEmCoordinates<T> where T : class
{
    /// <summary>Number of coordinates.</summary>
    int CoordinateCount { get; }

    /// <summary>Writes the coordinates of a point about an origin; <paramref name="coordinates"/> has <see cref="CoordinateCount"/>
    /// elements.</summary>
    void Write(T origin, T point, Span<double> coordinates);

    /// <summary>The point with these coordinates about an origin, or null where they are not finite, overflow, or come too close to the
    /// degenerate.</summary>
    T? Read(T origin, ReadOnlySpan<double> coordinates);

    /// <summary>Whether the E-step is an approximation: a step that lowers the objective is then shortened (generalised EM), where it would
    /// be an error of an exact one, and differences of the map are not measured.</summary>
    bool IsApproximate => false;

    /// <summary>A model of some of the same data, or null.</summary>
    EmSubsample<T>? Subsample => null;
}

/// <summary>A cheaper model whose map is nearly that of the whole: of rows taken at random from the data.</summary>
/// <remarks>A run over all data begins where a run over the sample led, and takes its rate from the sample where that is far from 1.
/// The end of the run does not depend on the sample.</remarks>
/// <param name="Model">The model; it has the same coordinates.</param>
/// <param name="Share">Cost of a step over it, as a share of a step over all data.</param>
/// <typeparam name="T">The parameters.</typeparam>
internal sealed record EmSubsample<T>(IEmModel<T> Model, double Share) where T : class;
