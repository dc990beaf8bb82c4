namespace Imputation.Statistics;

/// <summary>Adjusts the p-values of many tests so that, of those called significant at a level, no more than that share is expected to be
/// called so by chance.</summary>
/// <remarks>Benjamini and Hochberg (1995), step up: with p sorted, adjusted p₍ᵢ₎ = min over k ≥ i of m p₍ₖ₎ / k. Holds for
/// independent tests and for those with positive dependence (Benjamini and Yekutieli 2001).</remarks>
internal static class FalseDiscovery
{
    /// <summary>Adjusts.</summary>
    /// <param name="logs">Natural logarithms of the p-values; NaN, which is no test, stays NaN and does not count.</param>
    /// <returns>Natural logarithms of the adjusted ones, in the same order.</returns>
    public static double[] Adjust(IReadOnlyList<double> logs)
    {
        int[] order = [.. Enumerable.Range(0, logs.Count).Where(i => !double.IsNaN(logs[i])).OrderByDescending(i => logs[i])];
        double[] adjusted = [.. Enumerable.Repeat(double.NaN, logs.Count)];
        double least = 0;
        for (int rank = order.Length; rank > 0; rank--)
        {
            int i = order[^rank];
            least = Math.Min(least, logs[i] + Math.Log((double)order.Length / rank));
            adjusted[i] = least;
        }
        return adjusted;
    }
}
