using System.Diagnostics;

namespace Imputation;

/// <summary>The pooled correlation of two columns.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record AnalyzedCorrelation
{
    internal AnalyzedCorrelation(string first, string second, PooledCorrelation? pooled)
    {
        First = first;
        Second = second;
        Pooled = pooled;
    }

    /// <summary>One column.</summary>
    public string First { get; internal init; }

    /// <summary>The other.</summary>
    public string Second { get; internal init; }

    /// <summary>Their correlation; null where it cannot be pooled: one of them is constant, one is the other in other units, or there
    /// are fewer than four rows.</summary>
    public PooledCorrelation? Pooled { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => $"{First}, {Second}: {Pooled?.ToString() ?? "not pooled"}";
}
