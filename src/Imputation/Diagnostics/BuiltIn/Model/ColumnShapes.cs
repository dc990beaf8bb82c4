using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Findings about columns whose distribution is not normal.</summary>
internal static class ColumnShapes
{
    /// <summary>The shape of each modelled column, from the given rows; null where nothing is observed in them.</summary>
    public static IReadOnlyList<(NumericColumn Column, ColumnShape? Shape)> Of(IEnumerable<NumericColumn> columns, int[] rows,
        CancellationToken cancellation) => [.. columns.Select(column =>
    {
        cancellation.ThrowIfCancellationRequested();
        double[] values = [.. rows.Select(row => column[row]).Where(x => !double.IsNaN(x))];
        Array.Sort(values);
        return (column, ColumnShape.Of(values));
    })];

    /// <summary>One finding for each kind of departure, the most serious for filling first; those that matter only for filling cover
    /// columns with missing cells only.</summary>
    public static IEnumerable<Finding> Findings(IReadOnlyList<(NumericColumn Column, ColumnShape? Shape)> shapes)
    {
        (NumericColumn Column, ColumnShape Shape)[] known = [.. shapes.Where(s => s.Shape is not null).Select(s => (s.Column, s.Shape!))];
        Finding? Of(string code, bool always, Func<ColumnShape, bool> applies, Func<ColumnShape, string> detail,
            Func<string, string> sentence, Func<string, string> advice, Func<ColumnShape, string>? remark = null)
        {
            var concerned = known.Where(s => applies(s.Shape) && (always || s.Column.MissingCount > 0))
                .OrderByDescending(s => s.Column.MissingCount).ToArray();
            if (concerned.Length == 0) return null;
            string[] names = [.. concerned.Select(s => s.Column.Name)];
            bool filled = concerned.Any(s => s.Column.MissingCount > 0);
            string subject = remark is null || concerned.Length > 6 ? TextFormat.Names(names, 6)
                : Joined([.. concerned.Select(s => $"'{s.Column.Name}' ({remark(s.Shape)})")]);
            return new Finding(filled ? FindingSeverity.Warning : FindingSeverity.Note, code, sentence(subject), names,
                filled ? advice(names[0]) : "")
            { Evidence = TextFormat.List(concerned, 6, s => $"'{s.Column.Name}': {detail(s.Shape)}") };
        }

        Finding?[] findings =
        [
            Of("two-part-columns", false, s => s.IsTwoPart,
                s => $"{TextFormat.Percent(s.AtZero)} zeros, the rest "
                    + $"{(s.Minimum == 0 ? $"up to {TextFormat.Number(s.Maximum)}" : $"down to {TextFormat.Number(s.Minimum)}")} with "
                    + $"{TextFormat.Count(s.DistinctCount - 1)} distinct values",
                names => $"Zero-inflated: {names} {(Many(names) ? "have" : "has")} many zeros and a continuous part; the normal "
                    + $"model fills in values between the two, which do not occur.",
                name => $"Split the column into an indicator (0 or not) and the amount before filling; or bound it (--bounds "
                    + $"\"{name}=0..\") and fill with draws (--method draw)."),
            Of("bounded-columns", false, s => s.PilesUpBelow || s.PilesUpAbove || s.IsBoundedByZero,
                s => s.PilesUpBelow || s.PilesUpAbove
                    ? string.Join(" and ", new[] { s.PilesUpBelow
                        ? $"floor at {TextFormat.Number(s.Minimum)} with {TextFormat.Percent(s.AtMinimum)} of the "
                            + $"values" : "", s.PilesUpAbove
                        ? $"ceiling at {TextFormat.Number(s.Maximum)} with {TextFormat.Percent(s.AtMaximum)} of the "
                            + $"values" : "" }.Where(t =>
                        t.Length > 0))
                    : $"minimum {TextFormat.Number(s.Minimum)}, but a normal distribution with its mean and standard deviation has "
                        + $"{TextFormat.Percent(s.ShareBelowZero)} below 0",
                names => $"{names} {(Many(names) ? "look" : "looks")} bounded; the normal model ignores bounds and may fill values "
                    + $"outside them.",
                name => $"Give the range, such as --bounds \"{name}={Range(known.First(k => k.Column.Name == name).Shape)}\", or "
                    + "transform the column before filling.", Bound),
            Of("skewed-columns", true, s => s.IsSkewed,
                s => $"skewness {TextFormat.Number(s.Skewness)}"
                    + (Transformation(s, known.First(k => ReferenceEquals(k.Shape, s)).Column) is { } better
                        ? $" ({TextFormat.Number(better.Skewness)} after taking {better.Name})" : ""),
                names => $"{names} {(Many(names) ? "are" : "is")} skewed; the normal model is symmetric, so filled values and their "
                    + $"intervals reach too far into the short tail.",
                name => known.First(k => k.Column.Name == name) is var first && Transformation(first.Shape, first.Column) is { } better
                    ? $"Take {better.Name} of '{name}' before filling and transform back afterwards."
                        : $"Transform '{name}' to be more symmetric before filling."),
            Of("heavy-tailed-columns", true, s => s.IsHeavyTailed,
                s => $"excess kurtosis {TextFormat.Number(s.ExcessKurtosis)} (0 for a normal distribution), values from "
                    + $"{TextFormat.Number((s.Minimum - s.Mean) / s.Deviation)} "
                    + $"to {TextFormat.Number((s.Maximum - s.Mean) / s.Deviation)} standard deviations from the mean",
                names => $"{names} {(Many(names) ? "are" : "is")} heavy-tailed: a few extreme values have a large influence on "
                    + $"means, correlations and filled values.",
                name => $"Check the extreme values of '{name}' for errors and codes. If they are correct, transform the column or "
                    + $"use a model with heavy tails."),
            Of("discrete-columns", false, s => s.IsDiscrete,
                s => s.DistinctCount == 2 ? $"two values, {TextFormat.Number(s.Minimum)} and {TextFormat.Number(s.Maximum)}"
                    : $"{s.DistinctCount} distinct values from "
                    + $"{TextFormat.Number(s.Minimum)} to {TextFormat.Number(s.Maximum)}",
                names => $"{names} {(Many(names) ? "are" : "is")} discrete (few distinct values); the normal model is continuous and "
                    + $"fills in values between them.",
                name => "For means and correlations keep the unrounded values: rounding biases the estimates. If only values of the "
                    + $"scale are allowed, round (--round \"{name}\") within bounds (--bounds).")
        ];
        return findings.OfType<Finding>();
    }

    /// <summary>One row for each column, those with a remark first.</summary>
    public static DiagnosticTable Table(IReadOnlyList<(NumericColumn Column, ColumnShape? Shape)> shapes) => new(
        "Shape of the observed values of each column",
        [new("Column", CellFormat.Text), new("Shape", CellFormat.Text), new("Distinct", CellFormat.Count), new("Skewness"),
            new("Excess kurtosis"),
            new("At minimum", CellFormat.Share), new("At maximum", CellFormat.Share), new("Zeros", CellFormat.Share)],
        [.. shapes.Where(s => s.Shape is not null).OrderBy(s => Looks(s.Shape!).Length == 0).Select(s =>
            (IReadOnlyList<object?>)[s.Column.Name, Looks(s.Shape!), s.Shape!.DistinctCount, s.Shape.Skewness, s.Shape.ExcessKurtosis,
                s.Shape.AtMinimum, s.Shape.AtMaximum, s.Shape.AtZero])])
    {
        Note = "Skewness and excess kurtosis are 0 for a normal distribution. The model assumes normality conditional on the other "
            + "columns; a column need not be normal marginally, but a strongly non-normal column is rarely conditionally normal.",
    };

    private static string Looks(ColumnShape s) => string.Join(", ", new[]
    {
        s.IsDiscrete ? s.DistinctCount == 2 ? "two values" : "discrete" : "",
        s.IsTwoPart ? "zero-inflated" : "",
        s.PilesUpBelow || s.PilesUpAbove ? "floor or ceiling" : s.IsBoundedByZero ? "bounded at 0" : "",
        s.IsSkewed ? "skewed" : "",
        s.IsHeavyTailed ? "heavy-tailed" : "",
    }.Where(t => t.Length > 0));

    /// <summary>The bounds that a column seems to have.</summary>
    private static string Bound(ColumnShape s)
    {
        string floor = s.PilesUpBelow || s.IsBoundedByZero ? $"floor at {TextFormat.Number(s.Minimum)}" : "";
        string ceiling = s.PilesUpAbove ? $"ceiling at {TextFormat.Number(s.Maximum)}" : "";
        return floor.Length > 0 && ceiling.Length > 0 ? $"{floor}, {ceiling}" : floor + ceiling;
    }

    private static string Joined(string[] items) =>
        items.Length == 1 ? items[0] : $"{string.Join(", ", items[..^1])} and {items[^1]}";

    /// <summary>Whether a list of quoted names has more than one.</summary>
    private static bool Many(string names) => names.Count(c => c == '\'') > 2;

    private static string Range(ColumnShape s)
    {
        string low = s.PilesUpBelow ? TextFormat.Exact(s.Minimum) : s.IsBoundedByZero ? "0" : "", high = s.PilesUpAbove
            ? TextFormat.Exact(s.Maximum) : "";
        return $"{low}..{high}";
    }

    /// <summary>The logarithm or the square root, whichever makes less of the skewness, where it makes it half as large at most.</summary>
    private static (string Name, double Skewness)? Transformation(ColumnShape s, NumericColumn column)
    {
        if (!(s.Skewness > 0) || s.Minimum < 0) return null;
        (string Name, Func<double, double> Of)[] transforms = s.Minimum > 0 ? [("logarithms", Math.Log), ("square roots", Math.Sqrt)]
            : [("square roots", Math.Sqrt), ("log(1 + x)", x => Math.Log(1 + x))];
        (string Name, double Skewness) best = transforms.Select(t =>
        {
            double[] values = [.. Values(column).Select(t.Of)];
            Array.Sort(values);
            return (t.Name, SortedValues.Moments(values).Skewness);
        }).MinBy(t => Math.Abs(t.Skewness));
        return Math.Abs(best.Skewness) < 0.5 * s.Skewness ? best : null;
    }

    /// <summary>The observed values, at most 20,000 of them, evenly from the column.</summary>
    private static IEnumerable<double> Values(NumericColumn column)
    {
        int step = Math.Max(1, column.Count / 20_000);
        for (int row = 0; row < column.Count; row += step)
            if (!column.IsMissing(row)) yield return column[row];
    }
}
