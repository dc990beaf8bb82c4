using System.Globalization;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys.Codes;

/// <summary>Numbers that are often missing-value codes, separated from the other values at either end of a column, or heaped
/// there.</summary>
/// <remarks>At the upper end 9, 99, 999 and so on, 99.9 and the like, and 888888; at the lower end −1, −7, −8, −9, −88, −99 and so on; at
/// either end 0. Codes mostly come together, −9, −8, −7 or 97, 98, 99 or 77, 88, 99: those of one family that follow on a code inwards go
/// with it, with gaps between them or not. 8 alone, or 88 or 98, needs to be frequent. 98 and 99 that follow on the other values without a
/// gap are codes where they are a heap: four times as frequent as the values before them. The ends are looked at again when a code has
/// been found there. Below 0, where all others are 0 or more, a code needs less: two cells of it, or one with a gap of three steps; but −1
/// next to 0 counts only where the others break off at 0 and are three times as many there, or where it is twice as frequent as 0, and −1
/// beside 0 and 1 alone only where it is rare.</remarks>
internal static class NumericCodes
{
    private static readonly HashSet<double> s_upper = [9, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 99.9, 999.9, 9999.9, 99.99,
        999.99, 888888, 988888];
    // a family's other members, which need to be frequent where they are alone
    private static readonly HashSet<double> s_upperSecond = [8, 88, 98, 888, 998, 8888, 9998, 99998];
    // of −x
    private static readonly HashSet<double> s_lower = [1, 7, 8, 9, 77, 88, 99, 888, 999, 9999, 99999, 999999, 99.9, 999.9, 9999.9, 99.99,
        999.99];

    /// <summary>Most codes of one family at an end.</summary>
    private const int MostTogether = 4;

    /// <summary>Most cells of several codes of one digit, relative to the others.</summary>
    private const double MostShare = 0.5;

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
        bool may = s_upper.Contains(maximum) || s_upperSecond.Contains(maximum) || s_lower.Contains(-minimum) || minimum == 0
            || maximum == 0;
        return may ? Of(ValueRuns.Of(SortedValues.Of(column.Values))) : ([], ValueRuns.Of([]));
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
        if (!(lower ? s_lower.Contains(outer) : s_upper.Contains(outer) || s_upperSecond.Contains(outer))) return 0;

        // The whole family first, then the outermost alone: 7, 8 and 9 above 1 to 5, or 9 above 1 to 8.
        int first = FirstOfFamily(runs);
        if (lower && runs.Values[first - 1] > 0)
        {
            // There are other values below 0: only neighbours go with a code, and 7 is none.
            if (outer is 7 or 77) return 0;
            first = FirstNeighbour(runs);
        }
        for (int from = first; from < q; from++)
        {
            ValueRuns others = runs.Part(0, from), codes = runs.Part(from, q);
            if (lower && others.Values[^1] <= 0 ? BelowZero(others, codes.Values[0], codes.Counts.Sum())
                : lower ? ApartRule.Holds(others, codes.Values[0], codes.Counts.Sum())
                : AreAbove(others, codes)) return q - from;
        }
        return lower || IsTooRare(runs.Part(0, q - 1), runs.Part(q - 1, q)) ? 0 : Heaped(runs, first);
    }

    /// <summary>The first of the last values that are a family of codes, with or without gaps between them.</summary>
    private static int FirstOfFamily(ValueRuns runs)
    {
        int q = runs.Values.Length, first = q - 1;
        while (first > 1 && q - first < MostTogether && IsFamily(runs.Values[first - 1], runs.Values[^1])) first--;
        return first;
    }

    /// <summary>The first of the last values that follow on each other, three at most.</summary>
    private static int FirstNeighbour(ValueRuns runs)
    {
        int q = runs.Values.Length, first = q - 1;
        if (runs.Values[^1] < 8) return first;
        while (first > 1 && q - first < 3 && runs.Values[first - 1] == runs.Values[first] - 1 && runs.Values[first - 1] > 0) first--;
        return first;
    }

    /// <summary>Whether the last values are codes above all others.</summary>
    private static bool AreAbove(ValueRuns others, ValueRuns codes)
    {
        double value = codes.Values[0], outer = codes.Values[^1];
        int count = codes.Counts.Sum();
        bool several = codes.Values.Length > 1;
        // 7, 8 and 9 are answers where they follow on the others, or are as frequent as answers.
        if (several && outer < 10 && (others.Values[0] < 0 || value - others.Values[^1] < 2 || count > MostShare * others.Counts.Sum()
            || codes.Counts.Max() > others.Counts.Max())) return false;
        if (!several && IsTooRare(others, codes)) return false;
        return ApartRule.Holds(others, value, count) || (several && IsBeyondScale(others, value, count));
    }

    /// <summary>Whether the last value alone is one that needs to be frequent, and is not.</summary>
    private static bool IsTooRare(ValueRuns others, ValueRuns last) => s_upperSecond.Contains(last.Values[0])
        && (last.Counts[0] < 5 || others.Values[0] < 0 || 2 * last.Counts[0] < others.Counts[^1]);

    /// <summary>Whether several codes stand beyond a scale of whole numbers, after a gap, and more often than its last value: a tail would
    /// thin out.</summary>
    private static bool IsBeyondScale(ValueRuns others, double value, int count) =>
        count >= 5 && others.Values[0] >= 0 && others.Counts.Sum() >= 40 && others.Values.Length is >= 3 and <= 20
        && others.Values[^1] - others.Values[0] == others.Values.Length - 1 && value - others.Values[^1] >= 2
        && count > others.Counts[^1];

    /// <summary>Whether a value is a code of the family of another, further out: 98 or 88 of 99, 7 of 9, 988888 of 999999.</summary>
    private static bool IsFamily(double value, double outer)
    {
        if (value <= 0 || value != Math.Floor(value) || value >= outer) return false;
        string inner = value.ToString("F0", CultureInfo.InvariantCulture), text = outer.ToString("F0", CultureInfo.InvariantCulture);
        if (outer != Math.Floor(outer) || inner.Length != text.Length) return false;
        return outer - value < MostTogether && outer >= 8
            ? value >= 7
            : inner.Length > 1 && (inner.All(c => c == inner[0]) || inner[1..].All(c => c == '8')) && inner[0] >= '6';
    }

    /// <summary>How many of the last values, without a gap before them, are heaps: 98 and 99 above 0 to 97. At least two digits, six cells
    /// each, and four times as frequent as the tenth of the values before them is on average.</summary>
    private static int Heaped(ValueRuns runs, int first)
    {
        int q = runs.Values.Length, codes = 0;
        ValueRuns others = runs.Part(0, first);
        if (runs.Values[^1] < 98 || others.Values.Length < 20) return 0;
        double from = others.Values[^1] - 0.1 * (others.Values[^1] - others.Values[0]);
        double least = Math.Max(6, 4 * others.Counts.Where((_, k) => others.Values[k] >= from).Average());
        while (codes < q - first && runs.Counts[q - 1 - codes] >= least) codes++;
        return codes;
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
