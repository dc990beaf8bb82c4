namespace Imputation;

/// <summary>How EM iterates, for every model.</summary>
public record EmOptions
{
    /// <summary>Estimated distance still to go at which a run has converged, on the model's scale-free scale
    /// (standard deviations, for the normal model). Greater than 0; default 1e-6.</summary>
    public double Tolerance { get; init; } = DefaultTolerance;

    /// <summary>The default of <see cref="Tolerance"/>.</summary>
    public const double DefaultTolerance = 1e-6;

    /// <summary>Most iterations of one run. At least 1; default 10,000.</summary>
    public int MaxIterations { get; init; } = 10_000;

    /// <summary>Number of starts: the deterministic one, then random ones. At least 1; default 1.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Whether to extrapolate between EM steps. It changes the path and its length, not its end. Default true.</summary>
    public bool Accelerate { get; init; } = true;

    /// <summary>EM's linear rate where it is known beforehand, less than 1, as from a fit to nearly the same data: it then gives the
    /// estimated distance to the maximum, and the curvature at the end is not measured.</summary>
    internal double? KnownRate { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option, its value and its range.</exception>
    public virtual void Validate()
    {
        if (!(Tolerance > 0 && double.IsFinite(Tolerance)))
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance must be a finite number greater than 0.");
        if (MaxIterations < 1)
            throw new ArgumentOutOfRangeException(nameof(MaxIterations), MaxIterations, "At least 1 iteration is needed.");
        if (Restarts < 1)
            throw new ArgumentOutOfRangeException(nameof(Restarts), Restarts, "At least 1 start is needed.");
    }
}
