using System.Diagnostics;

namespace Imputation;

/// <summary>Severity of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>A careful statistician would want to know this before using the result.</summary>
    Warning,

    /// <summary>The result does not exist or must not be used as it is.</summary>
    Problem,
}

/// <summary>A finding about the data or the fit for the user.</summary>
/// <param name="Severity">Severity.</param>
/// <param name="Code">A stable name for programs, such as <c>linear-relation</c>.</param>
/// <param name="Sentence">The finding, with names and numbers, as a sentence for people.</param>
/// <param name="Columns">The columns concerned.</param>
/// <param name="Advice">The recommended action; empty where none is needed.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record Finding(FindingSeverity Severity, string Code, string Sentence, IReadOnlyList<string> Columns, string Advice = "")
{
    /// <summary>The evidence for the sentence, such as <c>χ² = 35.1, 14 degrees of freedom, p = 0.0014</c>; empty where the sentence
    /// contains it.</summary>
    public string Evidence { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Advice.Length == 0 ? Sentence : $"{Sentence} {Advice}";
}
