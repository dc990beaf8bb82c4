namespace Imputation;

/// <summary>How an EM run ended.</summary>
public enum EmOutcome
{
    /// <summary>The estimated distance still to go is within the tolerance, and the point is not a saddle.</summary>
    Converged,

    /// <summary>The most iterations allowed were spent first.</summary>
    MaxIterations,

    /// <summary>No further progress is possible in floating point, or the point is a saddle that could not be left; the tolerance was
    /// not reached.</summary>
    Stalled,

    /// <summary>An EM step lowered the objective by more than rounding can: a defect of the model. The best parameters seen are
    /// returned.</summary>
    ObjectiveDecreased,

    /// <summary>The objective climbs without end towards a degenerate distribution; there is no maximum to converge to.</summary>
    Unbounded,

    /// <summary>The caller cancelled; the best parameters seen are returned.</summary>
    Cancelled,
}
