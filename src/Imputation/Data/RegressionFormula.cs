using System.Diagnostics;
using Imputation.Data;
using Imputation.Text;

namespace Imputation;

/// <summary>The response and the predictors of a linear regression: <c>income ~ age + education</c>.</summary>
/// <remarks>An intercept is always part of it. A name with blanks or signs goes in backticks or quotes: <c>`life exp` ~ age</c>; the
/// mark itself is written twice within. A <c>.</c> on the right means all other columns. There are no interactions, powers or
/// functions: make a column of them first.</remarks>
/// <param name="Response">Name of the column to be explained.</param>
/// <param name="Predictors">Names of the predictors, in order, all different and none the response; empty for an intercept
/// alone.</param>
[DebuggerDisplay("{ToString(),nq}")]
public sealed record RegressionFormula(string Response, IReadOnlyList<string> Predictors)
{
    /// <summary>Whether <c>.</c> is among the predictors: all other columns, which <see cref="Resolve"/> puts behind those that are
    /// named.</summary>
    public bool AllOthers { get; init; }

    /// <summary>Reads a formula such as <c>income ~ age + education</c>.</summary>
    /// <exception cref="FormatException">Not a formula; the message says where, and how to write it.</exception>
    public static RegressionFormula Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new FormulaReader(text).Read();
    }

    /// <summary>The formula for a table: names checked, and <c>.</c> replaced by all other columns.</summary>
    /// <param name="columns">Names of the columns that can be used, in their order. Names are case-sensitive.</param>
    /// <exception cref="ArgumentException">A name that is not among them; the message names it and a likely correction.</exception>
    public RegressionFormula Resolve(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        foreach (string name in Predictors.Prepend(Response))
            if (!columns.Contains(name))
                throw new ArgumentException($"No column '{name}' for the {(name == Response ? "response" : "predictors")}; there are "
                    + $"{TextFormat.Names(columns)}.{Hint(name, columns)}", nameof(columns));
        return AllOthers ? new RegressionFormula(Response, [.. Predictors, .. columns.Where(name => name != Response
            && !Predictors.Contains(name))]) : this;
    }

    /// <summary>The formula as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        string[] terms = [.. Predictors.Select(FormulaReader.Quoted), .. Enumerable.Repeat(".", AllOthers ? 1 : 0)];
        return $"{FormulaReader.Quoted(Response)} ~ {(terms.Length == 0 ? "1" : string.Join(" + ", terms))}";
    }

    /// <inheritdoc/>
    public bool Equals(RegressionFormula? other) =>
        other is not null && Response == other.Response && AllOthers == other.AllOthers && Predictors.SequenceEqual(other.Predictors);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Response, Predictors.Count, AllOthers);

    private static string Hint(string name, IReadOnlyList<string> columns)
    {
        string? near = TextFormat.Nearest(name, columns);
        return near is null ? "" : $" Did you mean {FormulaReader.Quoted(near)}?";
    }
}
