using System.Diagnostics;
using Imputation.Data;

namespace Imputation;

/// <summary>A rule over the columns of a row: <c>age &lt; 45 and sex == 'Female'</c>. Immutable.</summary>
/// <remarks>
/// <para>Operators, the weakest first: <c>or</c>, <c>and</c>, <c>not</c>; <c>== != &lt; &lt;= &gt; &gt;= in (...)</c>; <c>+ -</c>;
/// <c>* /</c>; <c>missing(x)</c>. Text stands in quotes, 'so' or "so"; a column whose name is not a plain word stands in `backquotes`.
/// A text is compared with the value of a cell as text, and with its label.</para>
/// <para>Functions, for values rather than conditions: <c>round(x, 1)</c> to so many decimals, <c>floor(x)</c>, <c>sqrt(x)</c>,
/// <c>log(x)</c> (natural), <c>exp(x)</c>; <c>cut(age, 'young', 40, 'middle', 60, 'old')</c>, 'young' below 40 and 'old' from 60 on; and
/// <c>recode(city, 'Basel', 'BS', 'Bern', 'BE')</c>. A value that does not exist, such as that of a division by 0, is missing.</para>
/// <para>A comparison with a missing cell is neither true nor false; <c>and</c> and <c>or</c> follow Kleene's three-valued logic.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class SurveyRule
{
    private readonly string _text;

    private SurveyRule(string text, RuleNode root)
    {
        _text = text;
        Root = root;
        Columns = [.. root.Columns().Distinct()];
    }

    /// <summary>Reads a rule.</summary>
    /// <exception cref="FormatException">It is malformed; the message says where and what was expected.</exception>
    public static SurveyRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new SurveyRule(text, RuleParser.Parse(text));
    }

    /// <summary>The columns that it reads.</summary>
    public IReadOnlyList<string> Columns { get; }

    internal RuleNode Root { get; }

    /// <summary>Whether the rule holds in a row (from 0); null where a missing cell leaves it open.</summary>
    /// <exception cref="ArgumentException">The table lacks a column of the rule, or the rule does arithmetic on text; the message names
    /// it.</exception>
    public bool? Holds(Table table, int row) => Over(table)(row);

    /// <summary>Whether the rule holds, by row: for many rows of one table.</summary>
    /// <exception cref="ArgumentException">The table lacks a column of the rule.</exception>
    internal Func<int, bool?> Over(Table table)
    {
        Func<int, object?> value = Values(table);
        return row => value(row) switch
        {
            null => null,
            bool truth => truth,
            RuleCell { Value: bool truth } => truth,
            object other => throw new ArgumentException($"The rule '{_text}' gives {RuleValues.Text(other)}, not true or false."),
        };
    }

    /// <summary>The columns that it reads and a table does not have.</summary>
    internal string[] AbsentFrom(Table table) => [.. Columns.Where(column => !table.TryGetColumn(column, out _))];

    /// <summary>The rule's value by row: a double, a text, a truth value, a <see cref="RuleCell"/>, or null where missing.</summary>
    /// <exception cref="ArgumentException">The table lacks a column of the rule.</exception>
    internal Func<int, object?> Values(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (AbsentFrom(table) is [var column, ..])
            throw new ArgumentException($"The rule '{_text}' reads a column '{column}', and the table has none.");
        return Root.Over(name => RuleValues.Cells(table[name]));
    }

    /// <summary>As it was given.</summary>
    public override string ToString() => _text;
}
