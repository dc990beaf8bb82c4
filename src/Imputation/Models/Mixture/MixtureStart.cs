using Imputation.Models.Gaussian;
using Imputation.Numerics.Random;

namespace Imputation.Models.Mixture;

/// <summary>Where EM starts: rows are assigned to components, and these estimated from their rows.</summary>
/// <remarks>Starts must differ in kind: around seeds that lie apart (Arthur and Vassilvitskii 2007), which finds separate clusters; slices
/// across a random direction; and small neighbourhoods against the rest, which find narrow components inside wide ones.</remarks>
internal static class MixtureStart
{
    private const double LevelDistance = 2;

    /// <summary>All rows as one component, k times: what completes rows before there are components.</summary>
    public static MixtureParameters Whole(MixtureData data, int k)
    {
        int p = data.Layout.NumberCount;
        var covariance = new double[p * p];
        for (int j = 0; j < p; j++) covariance[j * p + j] = Math.Pow(data.Deviations[j] / data.Scale[j], 2);
        var levels = new double[data.Layout.SlotCount];
        for (int c = 0; c < data.Layout.CategoryCount; c++)
        {
            int start = data.Layout.Starts[c], missing = data.Layout.Starts[c + 1] - 1;
            for (int i = 0; i < data.Rows.Length; i++) levels[data.Slots[c][i]] += data.RowCounts[i];
            double sum = 0;
            for (int s = start; s < missing; s++) sum += levels[s] += 0.5;
            for (int s = start; s < missing; s++) levels[s] /= sum;
            levels[missing] = 1;
        }
        GaussianParameters? whole = p == 0 ? null : GaussianParameters.Create(new double[p], covariance)!;
        return new MixtureParameters([.. Enumerable.Repeat(1.0 / k, k)], whole is null ? [] : [.. Enumerable.Repeat(whole, k)],
            [.. Enumerable.Repeat(levels, k)]);
    }

    /// <summary>Components from the sums of the rows assigned to them, drawn towards all rows by the weight of p + 1 rows.</summary>
    public static MixtureParameters FromAssigned(MixtureData data, MixtureParameters whole, MixtureSums sums, MixtureShape shape)
    {
        int p = data.Layout.NumberCount, k = whole.Count;
        double pull = 0.5 * (p + 1);
        var drawn = new MixtureSums(k, p, data.Layout.SlotCount);
        drawn.Add(sums);
        for (int c = 0; c < k; c++)
        {
            drawn.Weights[c] += pull;
            for (int j = 0; j < p; j++) drawn.Second[c * p * p + j * p + j] += 0.3 * pull * whole.Normals[0].Covariance[j * p + j];
            for (int s = 0; s < data.Layout.SlotCount; s++)
                if (Array.IndexOf(data.Layout.Starts, s + 1) < 0) drawn.Levels[c * data.Layout.SlotCount + s] += whole.Levels[0][s];
        }
        var none = new MixturePrior(CovariancePrior.None, data, k, shape);
        return MixtureMStep.Maximise(whole, drawn, data.Layout, shape, none) ?? whole;
    }

    /// <summary>The component of each row.</summary>
    public static int[] Assign(MixtureData data, int k, EmStart start)
    {
        int n = data.Rows.Length;
        if (k == 1) return new int[n];
        // The deterministic start is that of one seed.
        ulong seed = start.Index == 0 ? 20190601 : CounterRandom.Derive(start.Seed, start.Index, 1);
        double[][] columns = Columns(data);
        return (start.Index % 4) switch
        {
            3 => Slices(data, columns, k, seed),
            2 => Neighbourhoods(data, columns, k, seed),
            _ => AroundSeeds(data, columns, k, seed),
        };
    }

    /// <summary>Standardised numbers by column, NaN where missing.</summary>
    private static double[][] Columns(MixtureData data)
    {
        double[][] columns = [.. data.Center.Select(_ => new double[data.Rows.Length])];
        foreach (double[] column in columns) Array.Fill(column, double.NaN);
        foreach (MixturePattern pattern in data.Patterns)
            for (int a = 0; a < pattern.Observed.Length; a++)
            {
                int j = pattern.Observed[a];
                double unit = data.Scale[j] / data.Deviations[j];
                for (int r = 0; r < pattern.Count; r++)
                    columns[j][pattern.First + r] = data.Cells[pattern.FirstCell + a * pattern.Count + r] * unit;
            }
        return columns;
    }

    /// <summary>Mean squared distance of rows from one row over what both have observed, a random weight on each column.</summary>
    private static double[] Distances(MixtureData data, double[][] columns, int from, double[] relevance)
    {
        double[] sum = new double[data.Rows.Length], count = new double[sum.Length];
        for (int j = 0; j < columns.Length; j++)
        {
            double own = columns[j][from];
            if (double.IsNaN(own)) continue;
            for (int i = 0; i < sum.Length; i++)
            {
                double difference = columns[j][i] - own;
                if (double.IsNaN(difference)) continue;
                (sum[i], count[i]) = (sum[i] + relevance[j] * difference * difference, count[i] + relevance[j]);
            }
        }
        for (int c = 0; c < data.Slots.Length; c++)
        {
            int own = data.Slots[c][from], missing = data.Layout.Starts[c + 1] - 1;
            double relevant = relevance[columns.Length + c];
            if (own == missing) continue;
            for (int i = 0; i < sum.Length; i++)
            {
                int other = data.Slots[c][i];
                if (other == missing) continue;
                (sum[i], count[i]) = (sum[i] + (other == own ? 0 : LevelDistance * relevant), count[i] + relevant);
            }
        }
        for (int i = 0; i < sum.Length; i++) sum[i] = count[i] > 0 ? sum[i] / count[i] : 1;
        return sum;
    }

    private static double[] Relevance(MixtureData data, int columns, ulong seed, bool equal) => [.. Enumerable.Range(0,
        columns + data.Slots.Length).Select(j => equal ? 1 : Math.Pow(CounterRandom.Uniform(seed, j, 3, 0), 2) + 0.01)];

    private static int[] AroundSeeds(MixtureData data, double[][] columns, int k, ulong seed)
    {
        int n = data.Rows.Length;
        double[] relevance = Relevance(data, columns.Length, seed, CounterRandom.Uniform(seed, 0, 4, 0) < 0.5);
        var assigned = new int[n];
        double[] nearest = new double[n];
        Array.Fill(nearest, double.PositiveInfinity);
        for (int c = 0; c < k; c++)
        {
            int chosen = c == 0 ? (int)(CounterRandom.Uniform(seed, 0, 0, 0) * n) : Pick(nearest, data.RowCounts,
                CounterRandom.Uniform(seed, c, 0, 0));
            double[] distances = Distances(data, columns, chosen, relevance);
            for (int i = 0; i < n; i++)
                if (distances[i] < nearest[i] || (c > 0 && distances[i] == nearest[i] && CounterRandom.Uniform(seed, i, 1, c) < 0.5))
                    (nearest[i], assigned[i]) = (distances[i], c);
        }
        return assigned;
    }

    /// <summary>All components but one are the nearest rows of a seed each, of sizes that differ; the last has the rest.</summary>
    private static int[] Neighbourhoods(MixtureData data, double[][] columns, int k, ulong seed)
    {
        int n = data.Rows.Length;
        double[] relevance = Relevance(data, columns.Length, seed, CounterRandom.Uniform(seed, 0, 4, 0) < 0.3);
        var assigned = new int[n];
        Array.Fill(assigned, k - 1);
        for (int c = 0; c < k - 1; c++)
        {
            double[] distances = Distances(data, columns, (int)(CounterRandom.Uniform(seed, c, 0, 0) * n), relevance);
            for (int i = 0; i < n; i++) distances[i] += 1e-9 * CounterRandom.Uniform(seed, i, 1, c);
            double[] sorted = (double[])distances.Clone();
            Array.Sort(sorted);
            double share = 0.05 + 0.9 / k * CounterRandom.Uniform(seed, c, 2, 0), limit = sorted[Math.Min(n - 1, (int)(share * n))];
            for (int i = 0; i < n; i++)
                if (distances[i] < limit && assigned[i] == k - 1) assigned[i] = c;
        }
        return assigned;
    }

    /// <summary>Slices of about equal size, or of random ones, across a random direction.</summary>
    private static int[] Slices(MixtureData data, double[][] columns, int k, ulong seed)
    {
        int n = data.Rows.Length;
        bool single = CounterRandom.Uniform(seed, 0, 4, 0) < 0.4 && columns.Length > 0;
        int only = (int)(CounterRandom.Uniform(seed, 0, 5, 0) * columns.Length);
        var scores = new double[n];
        for (int j = 0; j < columns.Length; j++)
        {
            double weight = single ? (j == only ? 1 : 0) : CounterRandom.Normal(seed, j, 0, 0);
            for (int i = 0; i < n; i++) scores[i] += double.IsNaN(columns[j][i]) ? 0 : weight * columns[j][i];
        }
        for (int c = 0; c < data.Slots.Length && !single; c++)
            for (int i = 0; i < n; i++) scores[i] += CounterRandom.Normal(seed, data.Slots[c][i], 1, 0);
        for (int i = 0; i < n; i++) scores[i] += 1e-9 * CounterRandom.Uniform(seed, i, 2, 0);
        double[] sizes = [.. Enumerable.Range(0, k).Select(c => 0.2 + CounterRandom.Uniform(seed, c, 6, 0))];
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => scores[i])];
        double total = sizes.Sum(), end = sizes[0];
        var assigned = new int[n];
        for (int at = 0, c = 0; at < n; at++)
        {
            while (c < k - 1 && (at + 0.5) / n > end / total) end += sizes[++c];
            assigned[order[at]] = c;
        }
        return assigned;
    }

    /// <summary>An index drawn with probability proportional to the distance times the weight.</summary>
    private static int Pick(double[] distances, double[] weights, double u)
    {
        double total = 0, sum = 0;
        for (int i = 0; i < distances.Length; i++) total += distances[i] * weights[i];
        for (int i = 0; i < distances.Length; i++)
            if ((sum += distances[i] * weights[i]) > u * total) return i;
        return distances.Length - 1;
    }
}
