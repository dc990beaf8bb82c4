namespace Imputation.Em;

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
