namespace Imputation;

/// <summary>The way by which a fit was reached.</summary>
public enum FitMethod
{
    /// <summary>Complete data: sample moments, in one step.</summary>
    Complete,

    /// <summary>A monotone pattern: a sequence of regressions, without iteration (Anderson 1957).</summary>
    Monotone,

    /// <summary>EM iterations.</summary>
    Iterated,
}
