using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>What is said of columns whose shape is not that of a normal distribution.</summary>
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

    /// <summary>Findings, one for each kind of departure, the gravest for filling first; what matters only for filling, of columns with
    /// missing cells only.</summary>
    public static IEnumerable<Finding> Findings(IReadOnlyList<(NumericColumn Column, ColumnShape? Shape)> shapes)
    {
        (NumericColumn Column, ColumnShape Shape)[] known = [.. shapes.Where(s => s.Shape is not null).Select(s => (s.Column, s.Shape!))];
        Finding? Of(string code, bool always, Func<ColumnShape, bool> applies, Func<ColumnShape, string> detail,
            Func<string, string> sentence, Func<string, string> advice)
        {
            var concerned = known.Where(s => applies(s.Shape) && (always || s.Column.MissingCount > 0))
                .OrderByDescending(s => s.Column.MissingCount).ToArray();
            if (concerned.Length == 0) return null;
            string[] names = [.. concerned.Select(s => s.Column.Name)];
            bool filled = concerned.Any(s => s.Column.MissingCount > 0);
            return new Finding(filled ? FindingSeverity.Warning : FindingSeverity.Note, code, sentence(TextFormat.Names(names, 6)), names,
                filled ? advice(names[0]) : "")
            { Evidence = TextFormat.List(concerned, 6, s => $"'{s.Column.Name}': {detail(s.Shape)}") };
        }

        Finding?[] findings =
        [
            Of("two-part-columns", false, s => s.IsTwoPart,
                s => $"{TextFormat.Percent(s.AtZero)} zeros, the rest "
                    + $"{(s.Minimum == 0 ? $"up to {TextFormat.Number(s.Maximum)}" : $"down to {TextFormat.Number(s.Minimum)}")} with "
                    + $"{TextFormat.Count(s.DistinctCount - 1)} different values",
                names => $"Many zeros and a varying rest in {names}: two kinds of rows in one column. A normal model fills in values "
                    + "between the two, which nobody has.",
                name => $"Split the column in two before filling, whether 0 and how much otherwise; or keep values from falling below 0 "
                    + $"(--bounds \"{name}=0..\") and "
                    + "take draws (--method draw)."),
            Of("bounded-columns", false, s => s.PilesUpBelow || s.PilesUpAbove || s.IsBoundedByZero,
                s => s.PilesUpBelow || s.PilesUpAbove
                    ? string.Join(" and ", new[] { s.PilesUpBelow
                        ? $"{TextFormat.Percent(s.AtMinimum)} at the smallest, {TextFormat.Number(s.Minimum)}" : "", s.PilesUpAbove
                        ? $"{TextFormat.Percent(s.AtMaximum)} at the largest, {TextFormat.Number(s.Maximum)}" : "" }.Where(t =>
                        t.Length > 0))
                    : $"never below {TextFormat.Number(s.Minimum)}, though a normal curve of its mean and spread has "
                        + $"{TextFormat.Percent(s.ShareBelowZero)} below 0",
                names => $"There seems to be an end that values do not pass in {names}; a normal model knows of no ends and may fill in "
                    + "values beyond them.",
                name => $"Give the range, such as --bounds \"{name}={Range(known.First(k => k.Column.Name == name).Shape)}\", or "
                    + "transform the column before filling."),
            Of("skewed-columns", true, s => s.IsSkewed,
                s => $"skewness {TextFormat.Number(s.Skewness)}"
                    + (Transformation(s, known.First(k => ReferenceEquals(k.Shape, s)).Column) is { } better
                        ? $", of their {better.Name} {TextFormat.Number(better.Skewness)}" : ""),
                names => $"Values are stretched out to one side in {names}, where a normal distribution is symmetric: filled values and "
                    + "their intervals reach too far "
                    + "to the other side.",
                name => known.First(k => k.Column.Name == name) is var first && Transformation(first.Shape, first.Column) is { } better
                    ? $"Take {better.Name} of '{name}' before filling and go back afterwards."
                        : $"Look for a transformation that makes '{name}' more symmetric before filling."),
            Of("heavy-tailed-columns", true, s => s.IsHeavyTailed,
                s => $"excess kurtosis {TextFormat.Number(s.ExcessKurtosis)} (0 for a normal distribution), values from "
                    + $"{TextFormat.Number((s.Minimum - s.Mean) / s.Deviation)} "
                    + $"to {TextFormat.Number((s.Maximum - s.Mean) / s.Deviation)} standard deviations from the mean",
                names => $"A few values lie much further out than the rest in {names}; they weigh heavily in means, correlations and "
                    + "everything filled from them.",
                name => $"Check the extreme values of '{name}' for errors and codes. If they are real, a transformation or a model with "
                    + "heavy tails suits better."),
            Of("discrete-columns", false, s => s.IsDiscrete,
                s => s.DistinctCount == 2 ? $"two values, {TextFormat.Number(s.Minimum)} and {TextFormat.Number(s.Maximum)}"
                    : $"{s.DistinctCount} different values from "
                    + $"{TextFormat.Number(s.Minimum)} to {TextFormat.Number(s.Maximum)}",
                names => $"Only a few different values occur in {names}: categories or grades, which a normal model fills with numbers "
                    + "in between.",
                name => "For means and correlations leave the values in between as they are: rounding biases them. Where only values of "
                    + "the scale may stand, "
                    + $"round (--round \"{name}\") within bounds (--bounds).")
        ];
        return findings.OfType<Finding>();
    }

    /// <summary>One row for each column, those with a remark first.</summary>
    public static DiagnosticTable Table(IReadOnlyList<(NumericColumn Column, ColumnShape? Shape)> shapes) => new(
        "Shape of the observed values of each column",
        [new("Column", CellFormat.Text), new("Looks", CellFormat.Text), new("Distinct", CellFormat.Count), new("Skewness"),
            new("Excess kurtosis"),
            new("At smallest", CellFormat.Share), new("At largest", CellFormat.Share), new("Zeros", CellFormat.Share)],
        [.. shapes.Where(s => s.Shape is not null).OrderBy(s => Looks(s.Shape!).Length == 0).Select(s =>
            (IReadOnlyList<object?>)[s.Column.Name, Looks(s.Shape!), s.Shape!.DistinctCount, s.Shape.Skewness, s.Shape.ExcessKurtosis,
                s.Shape.AtMinimum, s.Shape.AtMaximum, s.Shape.AtZero])])
    {
        Note = "Skewness and excess kurtosis are 0 for a normal distribution. The model asks for normality given the other columns, "
            + "so that a column need not be normal by itself; far from it, it rarely is given others.",
    };

    private static string Looks(ColumnShape s) => string.Join(", ", new[]
    {
        s.IsDiscrete ? s.DistinctCount == 2 ? "two values" : "discrete" : "",
        s.IsTwoPart ? "two-part" : "",
        s.PilesUpBelow || s.PilesUpAbove ? "piled up at an end" : s.IsBoundedByZero ? "bounded by 0" : "",
        s.IsSkewed ? "skewed" : "",
        s.IsHeavyTailed ? "heavy-tailed" : "",
    }.Where(t => t.Length > 0));

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
