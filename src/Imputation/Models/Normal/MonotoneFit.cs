using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;

namespace Imputation.Models.Normal;

/// <summary>The maximum-likelihood estimate of a monotone pattern, without iteration.</summary>
/// <remarks>With columns ordered so that each is observed wherever a later one is, the likelihood factors into those of each column given
/// the ones before it, and each factor is a complete-data regression over the rows in which that column is observed
/// (Anderson 1957; Little and Rubin 2019, §7.4). The regressions are read off Cholesky factors of nested cross-products.</remarks>
internal static class MonotoneFit
{
    /// <summary>The estimate, or null where the pattern is not monotone or a regression leaves no residual variance.</summary>
    public static GaussianParameters? Solve(GaussianData data)
    {
        if (data.Patterns.MonotoneOrder() is not { } order) return null;
        int p = order.Count;
        var position = new int[p];
        for (int k = 0; k < p; k++) position[order[k]] = k;
        // of a monotone order there is one pattern for each number missing
        PatternBlock[] rows = [.. data.Blocks.OrderBy(b => b.MissingCount)];

        // Sums over the rows in which the first k + 1 columns are observed, for k from the last column down.
        double n = 0;
        var sum = new double[p];
        var products = new double[p * p];
        var blocks = new Block[p]; // of each column: the rows it is regressed in
        int next = 0;
        for (int k = p - 1; k >= 0; k--)
        {
            bool grown = false;
            for (; next < rows.Length && data.ColumnCount - rows[next].MissingCount > k; next++, grown = true)
            {
                Accumulate(rows[next], position, p, sum, products);
                for (int b = 0; b < rows[next].Count; b++) n += rows[next].WeightOf(b);
            }
            if (!grown)
            {
                if (k == p - 1) return null;
                blocks[k] = blocks[k + 1];
                continue;
            }
            if (Block.From(n, sum, products, p, k + 1) is not { } block) return null;
            blocks[k] = block;
        }

        // Σ = TTᵀ column by column: x_k = m_k + β(x_<k − m_<k) + e gives T's row k as βT_<k with the residual deviation on the diagonal.
        var mean = new double[p];
        var factor = new double[p * p];
        for (int k = 0; k < p; k++)
        {
            Block block = blocks[k];
            double[] beta = block.Factor.AsSpan(k * block.Count, k).ToArray();
            Cholesky.SolveUpper(block.Factor, k, block.Count, beta, 1, 1);
            Span<double> row = factor.AsSpan(k * p, p);
            mean[k] = block.Mean[k];
            for (int j = 0; j < k; j++)
            {
                mean[k] += beta[j] * (mean[j] - block.Mean[j]);
                AddScaled.To(row[..(j + 1)], beta[j], factor.AsSpan(j * p, j + 1));
            }
            row[k] = block.Factor[k * block.Count + k];
        }

        var naturalMean = new double[p];
        var covariance = new double[p * p];
        for (int k = 0; k < p; k++)
        {
            naturalMean[order[k]] = mean[k];
            for (int j = 0; j <= k; j++)
            {
                covariance[order[k] * p + order[j]] = covariance[order[j] * p + order[k]] =
                    Dot.Product(factor.AsSpan(k * p, j + 1), factor.AsSpan(j * p, j + 1));
            }
        }
        return GaussianParameters.Create(naturalMean, covariance);
    }

    private sealed record Block(int Count, double[] Mean, double[] Factor)
    {
        /// <summary>Mean and Cholesky factor of the covariance (divisor n) of the first <paramref name="count"/> columns; null where
        /// singular.</summary>
        public static Block? From(double n, double[] sum, double[] products, int p, int count)
        {
            var mean = new double[count];
            var factor = new double[count * count];
            for (int i = 0; i < count; i++)
            {
                mean[i] = sum[i] / n;
                for (int j = 0; j <= i; j++) factor[i * count + j] = (products[i * p + j] - sum[i] * mean[j]) / n;
            }
            return Cholesky.Factor(factor, count, count, GaussianParameters.DegenerateTolerance) ? new Block(count, mean, factor) : null;
        }
    }

    private static void Accumulate(PatternBlock block, int[] position, int p, double[] sum, double[] products)
    {
        int o = block.ObservedCount;
        var observed = new int[o];
        for (int k = 0; k < block.Count; k++)
        {
            block.Observed(k, observed);
            if (block.AreSums) Add(block.Sum(k), block.Products(k));
            else
            {
                var square = new double[o * o];
                var weighted = new double[o];
                ReadOnlySpan<double> rootWeights = block.RootWeights(k);
                for (int r = 0; r < block.RowCountOf(k); r++)
                {
                    ReadOnlySpan<double> row = block.Rows(k).Slice(r * o, o);
                    double weight = rootWeights.IsEmpty ? 1 : rootWeights[r] * rootWeights[r];
                    for (int a = 0; a < o; a++)
                    {
                        weighted[a] = weight * row[a];
                        for (int b = 0; b < o; b++) square[a * o + b] = weighted[a] * row[b];
                    }
                    Add(weighted, square);
                }
            }
        }

        void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> xx)
        {
            for (int a = 0; a < o; a++)
            {
                int i = position[observed[a]];
                sum[i] += x[a];
                for (int b = 0; b < o; b++)
                    if (position[observed[b]] is var j && j <= i) products[i * p + j] += xx[a * o + b];
            }
        }
    }
}
