using System.Diagnostics;

namespace Imputation;

/// <summary>A predictor that a regression has no coefficient for.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DroppedPredictor
{
    internal DroppedPredictor(string name, string reason, IReadOnlyList<string> explainedBy)
    {
        Name = name;
        Reason = reason;
        ExplainedBy = explainedBy;
    }

    /// <summary>Its column.</summary>
    public string Name { get; internal init; }

    /// <summary>Why, as a sentence.</summary>
    public string Reason { get; internal init; }

    /// <summary>The earlier predictors whose linear combination it is; empty where it is constant.</summary>
    public IReadOnlyList<string> ExplainedBy { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Reason;
}
