using Imputation.Diagnostics.BuiltIn.Columns;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Codes;

/// <summary>Numbers that are often missing-value codes, separated from the other values at either end of a column.</summary>
/// <remarks>At the upper end 9, 99, 999 and so on, and 99.9 and the like; at the lower end −1, −8, −9, −88, −99 and so on; at either
/// end 0. Codes mostly come in rows, −9, −8, −7 or 97, 98, 99: up to two neighbours that follow on a code inwards go with it. The
/// ends are looked at again when a code has been found there. Below 0, where all others are 0 or more, a code needs less: two cells
/// of it, or one with a gap of three steps; but −1 next to 0 counts only where the others break off at 0 and are three times as many
/// there, or where it is twice as frequent as 0, and −1 beside 0 and 1 alone only where it is rare.</remarks>
internal static class NumericCodes
{
    private static readonly HashSet<double> s_upper = [9, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 99.9, 999.9, 9999.9, 99.99,
        999.99];
    // of −x
    private static readonly HashSet<double> s_lower = [1, 8, 9, 88, 99, 888, 999, 9999, 99999, 999999, 99.9, 999.9, 9999.9, 99.99, 999.99];

    /// <summary>Whether a number is one that is used as a code, at whichever end.</summary>
    public static bool IsUsual(double value) => value == 0 || s_upper.Contains(value) || s_lower.Contains(-value);

    /// <summary>The codes of a column, and the values without them.</summary>
    public static (IReadOnlyList<SuspiciousCode> Codes, ValueRuns Others) Of(NumericColumn column)
    {
        (double minimum, double maximum) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in column.Values)
        {
            if (value < minimum) minimum = value;
            if (value > maximum) maximum = value;
        }
        bool may = s_upper.Contains(maximum) || s_lower.Contains(-minimum) || minimum == 0 || maximum == 0;
        return may ? Of(ValueRuns.Of(ColumnSummary.Sorted(column))) : ([], ValueRuns.Of([]));
    }

    private static (IReadOnlyList<SuspiciousCode> Codes, ValueRuns Others) Of(ValueRuns runs)
    {
        var codes = new List<SuspiciousCode>();
        int below = ExtremeRuns(runs.Mirrored(), lower: true), above = ExtremeRuns(runs, lower: false);
        while (below + above > 0)
        {
            int end = runs.Values.Length - above;
            double first = runs.Values[below], last = runs.Values[end - 1];
            for (int i = 0; i < below; i++) codes.Add(new(runs.Values[i], TextFormat.Exact(runs.Values[i]), runs.Counts[i], first));
            for (int i = end; i < runs.Values.Length; i++) codes.Add(new(runs.Values[i], TextFormat.Exact(runs.Values[i]), runs.Counts[i],
                last));
            runs = runs.Part(below, end);
            (below, above) = (ExtremeRuns(runs.Mirrored(), lower: true), ExtremeRuns(runs, lower: false));
        }
        return ([.. codes.OrderByDescending(c => c.Count).ThenBy(c => c.Value)], runs);
    }

    /// <summary>How many of the last values are codes.</summary>
    /// <param name="runs">The values; those of the lower end negated.</param>
    /// <param name="lower">Whether it is the lower end.</param>
    private static int ExtremeRuns(ValueRuns runs, bool lower)
    {
        int q = runs.Values.Length;
        if (q < 2) return 0;
        double outer = runs.Values[^1];
        if (outer == 0) return ApartRule.Holds(runs.Part(0, q - 1), 0, runs.Counts[^1], wary: true) ? 1 : 0;
        if (!(lower ? s_lower : s_upper).Contains(outer)) return 0;
        int first = q - 1;
        if (outer >= (lower ? 8 : 99))
            while (first > 1 && q - first < 3 && runs.Values[first - 1] == runs.Values[first] - 1 && runs.Values[first - 1] > 0) first--;
        int count = runs.Counts.AsSpan(first).ToArray().Sum();
        ValueRuns others = runs.Part(0, first);
        bool apart = lower && others.Values[^1] <= 0 ? BelowZero(others, runs.Values[first], count)
            : ApartRule.Holds(others, runs.Values[first], count);
        return apart ? q - first : 0;
    }

    /// <summary>Whether a negative value is a code where all others are 0 or more; all negated.</summary>
    private static bool BelowZero(ValueRuns others, double value, int count)
    {
        int total = others.Counts.Sum(), edge = others.Counts[^1], q = others.Values.Length;
        if (total < 10) return false;
        double gap = value - others.Values[^1], step = 0;
        for (int i = Math.Max(1, q / 2); i < q; i++) step = Math.Max(step, others.Values[i] - others.Values[i - 1]);
        if (value > 1) return count >= 2 || gap >= 3 * step;
        if (others.Values.All(v => v is 0 or -1)) return count >= 2 && count < 0.1 * total && 2 * count < others.Counts.Min();
        return count >= 2 && ((edge >= 5 && edge >= 0.05 * total && (gap >= 2 * step || 3 * count <= edge)) || (q > 1 && gap >= 3 * step)
            || (count >= 3 && count > 2 * edge));
    }
}
