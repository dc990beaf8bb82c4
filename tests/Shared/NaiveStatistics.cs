using Imputation.Patterns;

namespace Imputation.Tests.Shared;

/// <summary>Statistics of rows by pattern as a textbook has them: two passes, plain loops.</summary>
internal static class NaiveStatistics
{
    /// <summary>By pattern (1 where observed, 0 where missing): the number of rows, their means and their co-moments, |O| × |O|.</summary>
    public static Dictionary<string, (int Count, double[] Mean, double[,] CoMoments)> Of(double[,] values)
    {
        int p = values.GetLength(1);
        var result = new Dictionary<string, (int, double[], double[,])>();
        foreach (IGrouping<string, int> pattern in Enumerable.Range(0, values.GetLength(0)).GroupBy(i => string.Concat(
            Enumerable.Range(0, p).Select(j => double.IsNaN(values[i, j]) ? '0' : '1'))))
        {
            int[] rows = [.. pattern], observed = [.. Enumerable.Range(0, p).Where(j => pattern.Key[j] == '1')];
            double[] mean = [.. observed.Select(j => rows.Average(i => values[i, j]))];
            var coMoments = new double[observed.Length, observed.Length];
            for (int a = 0; a < observed.Length; a++)
                for (int b = 0; b < observed.Length; b++)
                    foreach (int i in rows)
                        coMoments[a, b] += (values[i, observed[a]] - mean[a]) * (values[i, observed[b]] - mean[b]);
            result.Add(pattern.Key, (rows.Length, mean, coMoments));
        }
        return result;
    }

    /// <summary>Rows of correlated normals with cells missing at random, some of a few patterns and some of rare ones.</summary>
    public static double[,] Rows(Random random, int n, int p, double missing, double offset = 0)
    {
        var values = new double[n, p];
        for (int i = 0; i < n; i++)
        {
            double common = Normal(random);
            bool few = random.NextDouble() < 0.5;
            for (int j = 0; j < p; j++)
            {
                bool gone = few ? i % 3 == 0 && j == 1 : random.NextDouble() < missing;
                values[i, j] = gone ? double.NaN : offset + j + (j + 1) * (0.7 * common + 0.7 * Normal(random));
            }
        }
        return values;
    }

    /// <summary>Largest difference of two statistics: means in standard deviations of the whole columns, co-moments relative to n and
    /// these; infinite where they have other patterns or counts.</summary>
    public static double Difference(PatternStatistics one, PatternStatistics other, double[] scale)
    {
        IReadOnlyList<PatternMoments> a = one.Ordered(), b = other.Ordered();
        if (!a.Select(one.Key).SequenceEqual(b.Select(other.Key))) return double.PositiveInfinity;
        double largest = 0;
        foreach ((PatternMoments x, PatternMoments y) in a.Zip(b))
        {
            if (x.Weight != y.Weight) return double.PositiveInfinity;
            for (int i = 0; i < x.Observed.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs(x.Mean[i] - y.Mean[i]) / scale[x.Observed[i]]);
                for (int j = 0; j < x.Observed.Length; j++)
                    largest = Math.Max(largest, Math.Abs(x.CoMoment(i, j) - y.CoMoment(i, j))
                        / (x.Weight * scale[x.Observed[i]] * scale[x.Observed[j]]));
            }
        }
        return largest;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
