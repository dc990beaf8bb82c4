using System.Diagnostics;

namespace Imputation;

/// <summary>A predictor that is a category: it has one coefficient for each of its levels but the first (treatment contrasts).</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Reference">The first level, which the others are compared with.</param>
/// <param name="Terms">Names of the other levels' columns of 0 and 1, such as <c>sex=male</c>: one for each.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record CategoryPredictor(string Name, string Reference, IReadOnlyList<string> Terms)
{
    /// <summary>D₁ of its coefficients together: whether the column explains anything beside the others. Null of one table, where none of
    /// them is identified, or none has a variance.</summary>
    public PooledTest? Test { get; internal init; }

    /// <summary>The predictor in one line.</summary>
    public override string ToString() => $"{string.Join(", ", Terms)}; compared with {Name}={Reference}";
}
