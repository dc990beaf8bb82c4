using System.Diagnostics;

namespace Imputation;

/// <summary>A question that was asked of some rows only.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record SkipRule
{
    internal SkipRule(string column, SurveyRule universe, bool isDeclared, string evidence = "")
    {
        Column = column;
        Universe = universe;
        IsDeclared = isDeclared;
        Evidence = evidence;
    }

    /// <summary>The column of the answers.</summary>
    public string Column { get; }

    /// <summary>The rule under which the question was asked.</summary>
    public SurveyRule Universe { get; }

    /// <summary>Whether a codebook says so; if not, it was found in the data.</summary>
    public bool IsDeclared { get; }

    /// <summary>The counts that it was found by, as a sentence; empty where it was declared.</summary>
    public string Evidence { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Column}: asked if {Universe}";
}
