using System.Globalization;

namespace Imputation.Data;

/// <summary>A part of a rule. Values are a double, a text, a truth value, a <see cref="RuleCell"/>, or null where missing.</summary>
internal abstract record RuleNode
{
    /// <summary>The columns read.</summary>
    public virtual IEnumerable<string> Columns() => [];

    /// <summary>The value by row.</summary>
    public abstract Func<int, object?> Over(Table table);
}

/// <summary>A cell: its value, and its label where it is a level that has one.</summary>
/// <param name="Value">A double, a text or another object.</param>
/// <param name="Label">The label, or null.</param>
internal sealed record RuleCell(object Value, string? Label);

/// <summary>A number or a text.</summary>
internal sealed record RuleConstant(object Value) : RuleNode
{
    public override Func<int, object?> Over(Table table) => _ => Value;
}

/// <summary>A column.</summary>
internal sealed record RuleColumn(string Name) : RuleNode
{
    public override IEnumerable<string> Columns() => [Name];

    public override Func<int, object?> Over(Table table)
    {
        Column column = table[Name];
        if (column is NumericColumn { Categories: null } numbers)
            return row => numbers[row] is var x && double.IsNaN(x) ? null : (object)x;
        return row => column.Value(row) switch
        {
            null => null,
            object value => new RuleCell(value is long whole ? (double)whole : value,
                column.Categories is { } levels && levels.IndexOf(value) is >= 0 and var k ? levels.Levels[k].Label : null),
        };
    }
}

/// <summary><c>missing(x)</c>.</summary>
internal sealed record RuleMissing(string Name) : RuleNode
{
    public override IEnumerable<string> Columns() => [Name];

    public override Func<int, object?> Over(Table table)
    {
        Column column = table[Name];
        return row => column.IsMissing(row);
    }
}

/// <summary><c>not</c>, or a minus sign.</summary>
internal sealed record RuleUnary(bool Negates, RuleNode Operand) : RuleNode
{
    public override IEnumerable<string> Columns() => Operand.Columns();

    public override Func<int, object?> Over(Table table)
    {
        Func<int, object?> operand = Operand.Over(table);
        return row => operand(row) switch
        {
            null => null,
            object value when Negates => !RuleValues.Truth(value),
            object value => -RuleValues.Number(value),
        };
    }
}

/// <summary><c>and</c>, <c>or</c>.</summary>
internal sealed record RuleLogic(bool All, RuleNode Left, RuleNode Right) : RuleNode
{
    public override IEnumerable<string> Columns() => Left.Columns().Concat(Right.Columns());

    public override Func<int, object?> Over(Table table)
    {
        Func<int, object?> left = Left.Over(table), right = Right.Over(table);
        return row =>
        {
            bool? a = left(row) is { } x ? RuleValues.Truth(x) : null, b = right(row) is { } y ? RuleValues.Truth(y) : null;
            // The value that decides alone: false of 'and', true of 'or'.
            if (a == !All || b == !All) return !All;
            return a is null || b is null ? null : All;
        };
    }
}

/// <summary>A comparison, or an arithmetic operation.</summary>
internal sealed record RuleBinary(string Operator, RuleNode Left, RuleNode Right) : RuleNode
{
    public override IEnumerable<string> Columns() => Left.Columns().Concat(Right.Columns());

    public override Func<int, object?> Over(Table table)
    {
        Func<int, object?> left = Left.Over(table), right = Right.Over(table);
        return row => left(row) is not { } a || right(row) is not { } b ? null : Operator switch
        {
            "==" => RuleValues.AreEqual(a, b),
            "!=" => !RuleValues.AreEqual(a, b),
            "<" => RuleValues.Compare(a, b) < 0,
            "<=" => RuleValues.Compare(a, b) <= 0,
            ">" => RuleValues.Compare(a, b) > 0,
            ">=" => RuleValues.Compare(a, b) >= 0,
            "+" => RuleValues.Number(a) + RuleValues.Number(b),
            "-" => RuleValues.Number(a) - RuleValues.Number(b),
            "*" => RuleValues.Number(a) * RuleValues.Number(b),
            _ => RuleValues.Number(b) is var divisor && divisor == 0 ? null : RuleValues.Number(a) / divisor,
        };
    }
}

/// <summary><c>x in (a, b)</c>.</summary>
internal sealed record RuleIn(RuleNode Operand, IReadOnlyList<object> Values) : RuleNode
{
    public override IEnumerable<string> Columns() => Operand.Columns();

    public override Func<int, object?> Over(Table table)
    {
        Func<int, object?> operand = Operand.Over(table);
        return row => operand(row) is { } value ? Values.Any(v => RuleValues.AreEqual(value, v)) : null;
    }
}

/// <summary>Comparison and conversion of values.</summary>
internal static class RuleValues
{
    public static bool Truth(object value) => value switch
    {
        bool truth => truth,
        RuleCell { Value: bool truth } => truth,
        _ => throw new ArgumentException($"'{Text(value)}' is no condition; compare it with something, such as == 1."),
    };

    public static double Number(object value) => AsNumber(value) ?? throw new ArgumentException($"'{Text(value)}' is not a number.");

    public static bool AreEqual(object a, object b)
    {
        if (AsNumber(a) is { } x && AsNumber(b) is { } y) return x == y;
        return string.Equals(Text(a), Text(b), StringComparison.Ordinal)
            || (a is RuleCell { Label: { } label } && string.Equals(label, Text(b), StringComparison.Ordinal))
            || (b is RuleCell { Label: { } other } && string.Equals(other, Text(a), StringComparison.Ordinal));
    }

    public static int Compare(object a, object b) => AsNumber(a) is { } x && AsNumber(b) is { } y ? x.CompareTo(y)
        : string.CompareOrdinal(Text(a), Text(b));

    private static double? AsNumber(object value) => value switch
    {
        double x => x,
        // A file with the labels of numbers in its cells has the numbers as labels.
        RuleCell cell => AsNumber(cell.Value) ?? (cell.Label is { } label ? AsNumber(label) : null),
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double x) => x,
        _ => null,
    };

    /// <summary>A value as rules write it.</summary>
    public static string Text(object value) => value is RuleCell cell ? Text(cell.Value)
        : value is bool truth ? (truth ? "true" : "false")
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
