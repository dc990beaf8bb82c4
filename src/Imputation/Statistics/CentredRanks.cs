using Imputation.Numerics.Distributions;

namespace Imputation.Statistics;

/// <summary>Ranks of the observed values of a column, less their mean (N + 1)/2, equal values sharing the mean of theirs; made once for
/// many comparisons.</summary>
/// <remarks>Wilcoxon's rank-sum test by its normal approximation (Hollander, Wolfe and Chicken 2014, §4.1): the sum W of the centred
/// ranks of a group of m out of N has mean 0 and variance m (N − m)/12 · (N + 1 − Σ(t³ − t)/(N(N − 1))), t being the sizes of ties; z
/// = (|W| − ½)/σ, at least 0.</remarks>
internal sealed class CentredRanks
{
    private readonly double[] _byRow;
    private readonly int _count;
    private readonly double _ties;

    private CentredRanks(double[] byRow, int count, double ties) => (_byRow, _count, _ties) = (byRow, count, ties);

    /// <summary>Ranks.</summary>
    /// <param name="column">The values by row; NaN where missing.</param>
    /// <param name="rows">The rows to look at.</param>
    public static CentredRanks Of(ReadOnlySpan<double> column, int[] rows)
    {
        var observed = new List<int>(rows.Length);
        foreach (int row in rows)
            if (!double.IsNaN(column[row])) observed.Add(row);
        int[] order = [.. observed];
        int count = order.Length;
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = column[order[i]];
        Array.Sort(values, order);
        var byRow = new double[column.Length];
        double ties = 0;
        for (int first = 0; first < count;)
        {
            int end = first + 1;
            while (end < count && values[end] == values[first]) end++;
            double size = end - first, rank = (first + 1 + end) / 2.0 - (count + 1) / 2.0;
            for (int i = first; i < end; i++) byRow[order[i]] = rank;
            ties += size * (size * size - 1);
            first = end;
        }
        return new CentredRanks(byRow, count, ties);
    }

    /// <summary>The centred rank of a row's value.</summary>
    public double Of(int row) => _byRow[row];

    /// <summary>log of the two-sided p-value of a group against the others; NaN where one of them is empty or all values are
    /// equal.</summary>
    /// <param name="members">Its size.</param>
    /// <param name="sum">Sum of its centred ranks.</param>
    public double LogP(int members, double sum)
    {
        double n = _count, variance = members * (n - members) / 12 * (n + 1 - _ties / (n * (n - 1)));
        if (!(variance > 0)) return double.NaN;
        double excess = Math.Max(0, Math.Abs(sum) - 0.5);
        return TailProbability.LogChiSquared(excess * excess / variance, 1);
    }
}
