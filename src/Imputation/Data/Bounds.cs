namespace Imputation;

/// <summary>The range that a column's values lie in, ends included.</summary>
/// <param name="Lower">Smallest value; −∞ where there is none.</param>
/// <param name="Upper">Largest value; +∞ where there is none.</param>
public readonly record struct Bounds(double Lower, double Upper)
{
    /// <summary>No bounds.</summary>
    public static Bounds None { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Whether there is a bound.</summary>
    public bool Any => !double.IsNegativeInfinity(Lower) || !double.IsPositiveInfinity(Upper);
}
