using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>Where EM starts, on the standardised scale.</summary>
internal static class NormalStart
{
    private const int BatchRows = 64;

    /// <summary>Start 0: means 0 and the correlations of available pairs, drawn towards 0 as far as makes them positive definite.
    /// Any other: the same from rows resampled with replacement, mixed with a random correlation matrix, so that starts differ in every
    /// direction.</summary>
    public static GaussianParameters Make(GaussianData data, EmStart start)
    {
        int p = data.ColumnCount;
        if (start.Index == 0) return Shrunk(new double[p], Pairwise(data));

        // Rows that are known by their statistics only cannot be resampled; the random matrix alone then makes the starts differ.
        var random = new Random(unchecked((int)(start.Seed * 0x9E3779B97F4A7C15 >> 32) ^ (start.Index * 0x2545F491)));
        (double[] mean, double[] correlation) = data.HasRows ? Resampled(data, random) : (new double[p], Pairwise(data));
        double[] perturbed = RandomCorrelation(p, random);
        double share = random.NextDouble();
        for (int i = 0; i < correlation.Length; i++) correlation[i] = (1 - share) * correlation[i] + share * perturbed[i];
        return Shrunk(mean, correlation);
    }

    /// <summary>(1 − α)R + αD for the smallest α of a short list at which no column is determined by the others to more than 99.9
    /// %.</summary>
    private static GaussianParameters Shrunk(double[] mean, double[] covariance)
    {
        int p = mean.Length;
        foreach (double alpha in (ReadOnlySpan<double>)[0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1])
        {
            var shrunk = (double[])covariance.Clone();
            for (int i = 0; i < p; i++)
                for (int j = 0; j < p; j++)
                    if (i != j) shrunk[i * p + j] *= 1 - alpha;
            var factor = (double[])shrunk.Clone();
            if (Cholesky.Factor(factor, p, p, 1e-3)) return GaussianParameters.Create(mean, shrunk)!;
        }
        throw new InvalidOperationException("A diagonal matrix was not positive definite.");
    }

    /// <summary>Correlations over the rows in which both columns are observed, with the columns' overall means and deviations; 1 on the
    /// diagonal.</summary>
    private static double[] Pairwise(GaussianData data)
    {
        int p = data.ColumnCount, stride = CrossProduct.Stride(p);
        // Rows times the roots of their weights, 0 where missing; and the roots alone, to count.
        double[] batch = new double[BatchRows * stride], total = new double[stride * stride];
        double[] marks = new double[BatchRows * stride], together = new double[stride * stride];
        var products = new double[p * p];
        var counts = new double[p * p];
        var observed = new int[p];
        int batched = 0;
        void Flush()
        {
            CrossProduct.Add(batch, batched, stride, total);
            CrossProduct.Add(marks, batched, stride, together);
            batched = 0;
        }
        double[] cellsOfBlock = [];
        foreach (PatternBlock stored in data.Blocks)
        {
            PatternBlock block = stored.Loaded(ref cellsOfBlock);
            int o = block.ObservedCount;
            for (int k = 0; k < block.Count; k++)
            {
                block.Observed(k, observed);
                if (block.AreSums)
                {
                    ReadOnlySpan<double> sums = block.Products(k);
                    for (int a = 0; a < o; a++)
                    {
                        for (int b = 0; b < a; b++)
                        {
                            products[observed[a] * p + observed[b]] += sums[a * o + b];
                            counts[observed[a] * p + observed[b]] += block.WeightOf(k);
                        }
                    }
                    continue;
                }
                ReadOnlySpan<double> rootWeights = block.RootWeights(k), cells = block.Rows(k);
                for (int r = 0; r * o < cells.Length; r++)
                {
                    double root = rootWeights.IsEmpty ? 1 : rootWeights[r];
                    Span<double> row = batch.AsSpan(batched * stride, p), mark = marks.AsSpan(batched * stride, p);
                    row.Clear();
                    mark.Clear();
                    for (int a = 0; a < o; a++) (row[observed[a]], mark[observed[a]]) = (root * cells[r * o + a], root);
                    if (++batched == BatchRows) Flush();
                }
            }
        }
        Flush();
        for (int i = 0; i < p; i++)
        {
            AddScaled.To(products.AsSpan(i * p, i), 1, total.AsSpan(i * stride, i));
            AddScaled.To(counts.AsSpan(i * p, i), 1, together.AsSpan(i * stride, i));
        }
        return Correlations(products, counts, p);
    }

    /// <summary>Means and pairwise correlations of at most 1,000 + 10p rows drawn with replacement.</summary>
    private static (double[] Mean, double[] Correlation) Resampled(GaussianData data, Random random)
    {
        int p = data.ColumnCount, rows = data.Matrix.RowCount, draws = Math.Min(rows, 1000 + 10 * p);
        var mean = new double[p];
        var observed = new int[p];
        var products = new double[p * p];
        var counts = new double[p * p];
        var x = new double[p];
        for (int k = 0; k < draws; k++)
        {
            int i = random.Next(rows);
            for (int j = 0; j < p; j++)
            {
                x[j] = (data.Matrix[i, j] - data.Center[j]) / data.Scale[j];
                if (double.IsNaN(x[j])) continue;
                mean[j] += x[j];
                observed[j]++;
                for (int l = 0; l < j; l++)
                {
                    if (double.IsNaN(x[l])) continue;
                    products[j * p + l] += x[j] * x[l];
                    counts[j * p + l]++;
                }
            }
        }
        for (int j = 0; j < p; j++) mean[j] /= Math.Max(1, observed[j]);
        return (mean, Correlations(products, counts, p));
    }

    private static double[] Correlations(double[] products, double[] counts, int p)
    {
        var correlation = new double[p * p];
        for (int i = 0; i < p; i++)
        {
            correlation[i * p + i] = 1;
            for (int j = 0; j < i; j++)
            {
                double r = counts[i * p + j] == 0 ? 0 : products[i * p + j] / counts[i * p + j];
                correlation[i * p + j] = correlation[j * p + i] = Math.Clamp(r, -0.999, 0.999);
            }
        }
        return correlation;
    }

    /// <summary>The correlation matrix of p + 2 standard normal vectors.</summary>
    private static double[] RandomCorrelation(int p, Random random)
    {
        var vectors = new double[p][];
        for (int i = 0; i < p; i++)
        {
            vectors[i] = new double[p + 2];
            for (int k = 0; k < p + 2; k++)
                vectors[i][k] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        }
        var correlation = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++)
                correlation[i * p + j] = Dot.Product(vectors[i], vectors[j]) / Math.Sqrt(Dot.Product(vectors[i],
                    vectors[i]) * Dot.Product(vectors[j], vectors[j]));
        return correlation;
    }
}
