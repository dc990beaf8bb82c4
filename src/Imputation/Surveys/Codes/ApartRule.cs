using Imputation.Statistics;

namespace Imputation.Surveys.Codes;

/// <summary>Whether the largest value is separated from all others, so that it may be a code rather than a measurement.</summary>
/// <remarks>With the gap from the largest of the others to the value, their range W, the width w of their outer twentieth (from their 95 %
/// quantile to the largest) and
/// the largest step G between neighbouring values in their upper half, it does where
/// <list type="bullet">
/// <item>the gap is at least W (three times W for a single cell, ten times among more than 200): it lies as far off as the others
/// spread;</item>
/// <item>it occurs twice or more and the gap is at least 3 max(w, G): the others end well before it, and not in a tail that thins
/// out;</item>
/// <item>it occurs twice or more, lies beyond Tukey's outer fence (three interquartile ranges above the upper quartile; Tukey 1977), and
/// the gap is at least 3G;</item>
/// <item>it occurs three times or more and more than twice as often as the largest of the others, and the gap is at least 3G: a heap where
/// a tail would thin out;</item>
/// <item>the others are a scale of at most 20 values that breaks off at a value which is a twentieth of them or more, and the gap is at
/// least 2G: 1 to 6 and 9.</item>
/// </list>
/// For 0, which is often a measurement where others stay away from it (sums spent, rain), the gap must also be half the way from there to
/// the median. With fewer than ten others nothing is reported.</remarks>
internal static class ApartRule
{
    private const int FewestOthers = 10, ScaleValues = 20, Large = 200;

    /// <summary>Asks of a value, or of several side by side.</summary>
    /// <param name="others">All other values, below it.</param>
    /// <param name="value">The value nearest to them.</param>
    /// <param name="count">How many cells.</param>
    /// <param name="wary">For 0: the others must take five values or more, too, and the rule for scales is left out.</param>
    public static bool Holds(ValueRuns others, double value, int count, bool wary = false)
    {
        int total = others.Counts.Sum(), q = others.Values.Length;
        if (total < FewestOthers || q < (wary ? 5 : 2)) return false;
        double largest = others.Values[^1], gap = value - largest, range = largest - others.Values[0], edge = others.Counts[^1];
        if (gap >= range * (count >= 2 ? 1 : total < Large ? 3 : 10)) return true;
        if (count < 2 || (wary && gap < 0.5 * (largest - Quantile(others, total, 0.5)))) return false;

        double step = 0;
        for (int i = q < 4 ? 1 : q / 2; i < q; i++) step = Math.Max(step, others.Values[i] - others.Values[i - 1]);
        if (gap >= 2 * step && !wary && q <= ScaleValues && edge >= 5 && edge >= 0.05 * total) return true;
        if (gap < 3 * step) return false;
        if (gap >= 3 * (largest - Quantile(others, total, 0.95)) || (count >= 3 && count > 2 * edge)) return true;
        double upper = Quantile(others, total, 0.75), spread = upper - Quantile(others, total, 0.25);
        return spread > 0 && value > upper + 3 * spread;
    }

    private static double Quantile(ValueRuns runs, int total, double probability)
    {
        double below = 0;
        for (int i = 0; i < runs.Values.Length; i++)
            if ((below += runs.Counts[i]) >= probability * total) return runs.Values[i];
        return runs.Values[^1];
    }
}
