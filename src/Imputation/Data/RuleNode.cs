using System.Globalization;

namespace Imputation.Data;

/// <summary>A part of a rule. Values are a double, a text, a truth value, a <see cref="RuleCell"/>, or null where missing.</summary>
internal abstract record RuleNode
{
    /// <summary>The columns read.</summary>
    public virtual IEnumerable<string> Columns() => [];

    /// <summary>The value by row.</summary>
    /// <param name="cells">The cells of a column, by row: a double, a text, a <see cref="RuleCell"/>, or null where missing; see <see
    /// cref="RuleValues.Cells"/>.</param>
    public abstract Func<int, object?> Over(Func<string, Func<int, object?>> cells);
}

/// <summary>A cell: its value, and its label where it is a level that has one.</summary>
/// <param name="Value">A double, a text or another object.</param>
/// <param name="Label">The label, or null.</param>
internal sealed record RuleCell(object Value, string? Label);

/// <summary>A number or a text.</summary>
internal sealed record RuleConstant(object Value) : RuleNode
{
    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells) => _ => Value;
}

/// <summary>A column.</summary>
internal sealed record RuleColumn(string Name) : RuleNode
{
    public override IEnumerable<string> Columns() => [Name];

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells) => cells(Name);
}

/// <summary><c>missing(x)</c>.</summary>
internal sealed record RuleMissing(string Name) : RuleNode
{
    public override IEnumerable<string> Columns() => [Name];

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells)
    {
        Func<int, object?> cell = cells(Name);
        return row => cell(row) is null;
    }
}

/// <summary><c>not</c>, or a minus sign.</summary>
internal sealed record RuleUnary(bool Negates, RuleNode Operand) : RuleNode
{
    public override IEnumerable<string> Columns() => Operand.Columns();

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells)
    {
        Func<int, object?> operand = Operand.Over(cells);
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

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells)
    {
        Func<int, object?> left = Left.Over(cells), right = Right.Over(cells);
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

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells)
    {
        Func<int, object?> left = Left.Over(cells), right = Right.Over(cells);
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

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells)
    {
        Func<int, object?> operand = Operand.Over(cells);
        return row => operand(row) is { } value ? Values.Any(v => RuleValues.AreEqual(value, v)) : null;
    }
}

/// <summary>A function: of a number <c>round(x, decimals)</c>, <c>floor</c>, <c>sqrt</c>, <c>log</c> (natural), <c>exp</c>; of a number
/// <c>cut(x, 'young', 40, 'middle', 60, 'old')</c>, a level below each point, and one from the last on; of a level <c>recode(x, 'Basel',
/// 'BS', 'Bern', 'BE')</c>. Missing where it has no value.</summary>
/// <param name="Function">Its name, in lower case.</param>
/// <param name="Operand">x.</param>
/// <param name="Constants">The other arguments.</param>
internal sealed record RuleCall(string Function, RuleNode Operand, IReadOnlyList<object> Constants) : RuleNode
{
    /// <summary>The functions.</summary>
    public static readonly IReadOnlyList<string> Functions = ["round", "floor", "sqrt", "log", "exp", "cut", "recode"];

    /// <summary>The decimals of <c>round</c>.</summary>
    public int Decimals => Constants.Count == 0 ? 0 : (int)(double)Constants[0];

    /// <summary>Whether the other arguments are those that the function takes.</summary>
    public bool IsValid => Function switch
    {
        "round" => Constants.Count == 0 || Constants is [double and >= 0 and <= 15 and var d] && (double)d == Math.Floor((double)d),
        "cut" => Constants.Count >= 3 && Constants.Count % 2 == 1 && Points.All(p => p is double)
            && Points.Zip(Points.Skip(1)).All(p => (double)p.First < (double)p.Second),
        "recode" => Constants.Count >= 2 && Constants.Count % 2 == 0,
        _ => Constants.Count == 0,
    };

    /// <summary>The points of <c>cut</c>.</summary>
    public IEnumerable<object> Points => Constants.Where((_, k) => k % 2 == 1);

    /// <summary>The levels of <c>cut</c>, or those that <c>recode</c> gives.</summary>
    public IEnumerable<object> Levels => Constants.Where((_, k) => k % 2 == (Function == "cut" ? 0 : 1));

    public override IEnumerable<string> Columns() => Operand.Columns();

    public override Func<int, object?> Over(Func<string, Func<int, object?>> cells)
    {
        Func<int, object?> operand = Operand.Over(cells);
        return row => operand(row) is { } value ? Of(value) : null;
    }

    /// <summary>The value of the function.</summary>
    public object? Of(object value)
    {
        if (Function == "recode")
        {
            for (int k = 0; k < Constants.Count; k += 2)
                if (RuleValues.AreEqual(value, Constants[k])) return Constants[k + 1];
            return null;
        }
        double x = RuleValues.Number(value);
        if (Function == "cut")
        {
            int k = 1;
            while (k < Constants.Count && x >= (double)Constants[k]) k += 2;
            return Constants[k - 1];
        }
        double result = Function switch
        {
            "round" => DecimalPlaces.Rounded(x, Decimals),
            "floor" => Math.Floor(x),
            "sqrt" => Math.Sqrt(x),
            "log" => Math.Log(x),
            _ => Math.Exp(x),
        };
        return double.IsFinite(result) ? result : null;
    }
}

/// <summary>Comparison and conversion of values.</summary>
internal static class RuleValues
{
    /// <summary>A column's cells as rules see them.</summary>
    public static Func<int, object?> Cells(Column column)
    {
        if (column is NumericColumn { Categories: null } numbers)
            return row => numbers[row] is var x && double.IsNaN(x) ? null : (object)x;
        return row => column.Value(row) is { } value ? Cell(value, column.Categories) : null;
    }

    /// <summary>A cell with one of the values of a categorical or any other column.</summary>
    public static RuleCell Cell(object value, Categories? levels) => new(value is long whole ? (double)whole : value,
        levels is not null && levels.IndexOf(value) is >= 0 and var k ? levels.Levels[k].Label : null);

    /// <summary>A number or a text as rules write it.</summary>
    public static string Literal(object value) => value is string or bool ? RuleText.Quoted(Text(value))
        : value is double x ? RuleText.Number(x) : Text(value);

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

    /// <summary>A value as a number; null where it is none.</summary>
    public static double? AsNumber(object? value) => value switch
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
