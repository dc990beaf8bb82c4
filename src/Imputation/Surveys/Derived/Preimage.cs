using Imputation.Data;

namespace Imputation.Surveys.Derived;

/// <summary>The values of one cell under which a part of a rule has a value in a given set: rules solved for a column.</summary>
/// <remarks>The column may occur once, or as a square, or linearly. The set is a union of intervals, for 4 = x·x has two solutions and
/// 4.0 = round(x, 1) has an interval of them.</remarks>
internal static class Preimage
{
    /// <summary>Roundings: 3 = floor(2.9999999999).</summary>
    private const double Slack = 1e-9;

    /// <summary>The values of the column; null where the rule cannot be solved for it, or another cell that is needed is missing.</summary>
    /// <param name="part">The part of a rule.</param>
    /// <param name="column">The column.</param>
    /// <param name="values">The values that the part may have.</param>
    /// <param name="cells">The other cells.</param>
    /// <param name="row">The row.</param>
    public static IReadOnlyList<Interval>? Of(RuleNode part, string column, IReadOnlyList<Interval> values, RuleEvaluator cells, int row)
    {
        switch (part)
        {
            case RuleColumn same when same.Name == column:
                return values;
            case RuleUnary { Negates: false } minus:
                return Of(minus.Operand, column, Each(values, v => v.Map(x => -x, decreases: true)), cells, row);
            case RuleCall call:
                return Of(call.Operand, column, [.. values.SelectMany(v => Of(call, v)).Where(v => !v.IsEmpty)], cells, row);
            case RuleBinary { Operator: "+" or "-" or "*" or "/" } binary:
                bool left = binary.Left.Columns().Contains(column), right = binary.Right.Columns().Contains(column);
                if (left && right)
                    return binary.Operator == "*" && binary.Left.Equals(binary.Right)
                        ? Of(binary.Left, column, Roots(values), cells, row) : Linear(binary, column, values, cells, row);
                if (!left && !right || cells.Number(left ? binary.Right : binary.Left, row) is not { } other) return null;
                return Of(left ? binary.Left : binary.Right, column, [.. values.SelectMany(v => Operand(binary.Operator, left, other, v))
                    .Where(v => !v.IsEmpty)], cells, row);
            default:
                return null;
        }
    }

    /// <summary>The numbers to which <c>cut</c> gives a level.</summary>
    public static IEnumerable<Interval> Of(RuleCall cut, Func<object, bool> level)
    {
        double[] points = [.. cut.Points.Cast<double>()];
        object[] levels = [.. cut.Levels];
        for (int k = 0; k < levels.Length; k++)
            if (level(levels[k]))
                yield return new Interval(k == 0 ? double.NegativeInfinity : points[k - 1], k == points.Length ? double.PositiveInfinity
                    : points[k], IsUpperOpen: k < points.Length);
    }

    /// <summary>The numbers for which a part that is linear in a column, and has it more than once, is in the set.</summary>
    private static IReadOnlyList<Interval>? Linear(RuleNode part, string column, IReadOnlyList<Interval> values, RuleEvaluator cells,
        int row)
    {
        if (At(0) is not { } constant || At(1) is not { } one || At(-2) is not { } minusTwo || At(7) is not { } seven) return null;
        double slope = one - constant, size = Math.Max(Math.Abs(constant), Math.Abs(seven));
        if (slope == 0 || Math.Abs(constant - 2 * slope - minusTwo) > Slack * size || Math.Abs(constant + 7 * slope - seven) > Slack * size)
            return null;
        return Each(values, v => v.Map(x => (x - constant) / slope, decreases: slope < 0));

        double? At(double x) => DerivedColumn.AsNumber(cells.ValueWith(part, row, column, x)) is { } y && double.IsFinite(y) ? y : null;
    }

    /// <summary>The values of the operand of +, −, · or / that is not known.</summary>
    private static IEnumerable<Interval> Operand(string operation, bool isLeft, double other, Interval value) => operation switch
    {
        "+" => [value.Map(x => x - other)],
        "-" => isLeft ? [value.Map(x => x + other)] : [value.Map(x => other - x, decreases: true)],
        "*" when other == 0 => value.Contains(0) ? [Interval.All] : [],
        "*" => [value.Map(x => x / other, decreases: other < 0)],
        "/" when isLeft => other == 0 ? [] : [value.Map(x => x * other, decreases: other < 0)],
        _ when other == 0 => value.Contains(0) ? [Interval.All] : [],
        _ => Reciprocals(value).Select(v => v.Map(x => x * other, decreases: other < 0)),
    };

    private static IEnumerable<Interval> Reciprocals(Interval value)
    {
        Interval below = value.Intersect(new Interval(double.NegativeInfinity, 0, IsUpperOpen: true)),
            above = value.Intersect(new Interval(0, double.PositiveInfinity, IsLowerOpen: true));
        if (!below.IsEmpty) yield return below.Map(x => x == 0 ? double.NegativeInfinity : 1 / x, decreases: true);
        if (!above.IsEmpty) yield return above.Map(x => 1 / x, decreases: true);
    }

    private static IReadOnlyList<Interval> Roots(IReadOnlyList<Interval> values)
    {
        Interval[] above = [.. values.Select(v => v.Intersect(new Interval(0, double.PositiveInfinity))).Where(v => !v.IsEmpty)
            .Select(v => v.Map(Math.Sqrt))];
        return [.. above, .. above.Select(v => v.Map(x => -x, decreases: true))];
    }

    private static IEnumerable<Interval> Of(RuleCall call, Interval value)
    {
        switch (call.Function)
        {
            case "round":
                double unit = Math.Pow(10, -call.Decimals);
                return [new Interval((Math.Ceiling(value.Lower / unit - Slack) - 0.5) * unit, (Math.Floor(value.Upper / unit + Slack) + 0.5)
                    * unit)];
            case "floor":
                return [new Interval(Math.Ceiling(value.Lower - Slack), Math.Floor(value.Upper + Slack) + 1, IsUpperOpen: true)];
            case "sqrt":
                Interval roots = value.Intersect(new Interval(0, double.PositiveInfinity));
                return roots.IsEmpty ? [] : [roots.Map(x => x * x)];
            case "log":
                return [value.Map(Math.Exp)];
            case "exp":
                Interval positive = value.Intersect(new Interval(0, double.PositiveInfinity, IsLowerOpen: true));
                return positive.IsEmpty ? [] : [positive.Map(Math.Log)];
            case "cut":
                return Of(call, level => RuleValues.AsNumber(level) is { } x && value.Contains(x));
            default:
                return [];
        }
    }

    private static IReadOnlyList<Interval> Each(IReadOnlyList<Interval> values, Func<Interval, Interval> map) => [.. values.Select(map)];
}
