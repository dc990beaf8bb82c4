using System.Diagnostics;
using Imputation.Data;

namespace Imputation;

/// <summary>A column whose values follow from other columns of the row, such as a square, a ratio or an age group.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record DerivedColumn
{
    internal DerivedColumn(string column, SurveyRule rule, bool isDeclared, string evidence = "")
    {
        Column = column;
        Rule = rule;
        IsDeclared = isDeclared;
        Evidence = evidence;
        (Exact, Decimals) = rule.Root is RuleCall { Function: "round" } round ? (round.Operand, round.Decimals) : (rule.Root, (int?)null);
    }

    /// <summary>The column.</summary>
    public string Column { get; }

    /// <summary>The rule that gives its value.</summary>
    public SurveyRule Rule { get; }

    /// <summary>Whether a codebook says so; if not, it was found in the data.</summary>
    public bool IsDeclared { get; }

    /// <summary>The counts that it was found by, as a sentence; empty where it was declared.</summary>
    public string Evidence { get; }

    /// <summary>The rule before its value is rounded.</summary>
    internal RuleNode Exact { get; }

    /// <summary>Decimals that the value is rounded to, as the rule says or else as the observed cells of the column are; null where they
    /// are not.</summary>
    internal int? Decimals { get; init; }

    /// <summary>Largest distance of an observed number from the value before rounding.</summary>
    internal double Tolerance => Decimals is { } decimals ? 0.5000001 * Math.Pow(10, -decimals) : 0;

    /// <summary>Whether a value is the one that the rule gives, up to rounding.</summary>
    /// <param name="observed">A number or a level.</param>
    /// <param name="value">The value of <see cref="Exact"/>.</param>
    internal bool Agrees(object observed, object value)
    {
        if (AsNumber(observed) is not { } x || AsNumber(value) is not { } y) return RuleValues.AreEqual(observed, value);
        return Math.Abs(x - y) <= Tolerance + 1e-9 * Math.Max(Math.Abs(x), Math.Abs(y));
    }

    /// <summary>A value as a number; a truth value is 1 or 0.</summary>
    internal static double? AsNumber(object? value) => value is bool truth ? truth ? 1 : 0 : RuleValues.AsNumber(value);

    /// <inheritdoc/>
    public override string ToString() => $"{Column} = {Rule}";
}
