using Imputation.Models.Gaussian;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Normal.MarkovChains;

/// <summary>The data of an augmentation, arranged for the I-step, and the constants of the P-step. Shared by the chains.</summary>
internal sealed class DataAugmentationData
{
    /// <summary>Least cost of a chunk of the I-step: a constant, and a part for every element of a covariance, since each chunk has
    /// sums of its own.</summary>
    private const double ChunkCost = 100_000, ChunkCostPerElement = 150;

    private const int MostChunks = 32;

    private DataAugmentationData(int columnCount, int rowCount, double degreesOfFreedom, double[] priorCrossProducts,
        DataAugmentationBlock[] blocks)
    {
        ColumnCount = columnCount;
        RowCount = rowCount;
        DegreesOfFreedom = degreesOfFreedom;
        PriorCrossProducts = priorCrossProducts;
        Blocks = blocks;
        Chunks = Divide(blocks, columnCount);
    }

    /// <summary>Lays out data under a prior.</summary>
    /// <param name="data">The data; whether patterns are kept as rows or as sums makes no difference but in rounding.</param>
    /// <param name="prior">The prior, see <see cref="PriorFor"/>.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="rotate">Whether rows may be rotated; not in a test that compares.</param>
    public static DataAugmentationData From(GaussianData data, CovariancePrior prior, int threads, bool rotate = true)
    {
        ScaledPrior scaled = ScaledPrior.From(PriorFor(prior), data);
        var blocks = new DataAugmentationBlock[data.Blocks.Length];
        ParallelWork.For(blocks.Length, ParallelWork.Options(threads),
            b => blocks[b] = DataAugmentationBlock.From(data.Blocks[b], data, rotate));
        return new DataAugmentationData(data.ColumnCount, data.RowCount, DegreesOfFreedomOf(scaled, data), scaled.CrossProducts, blocks);
    }

    /// <summary>The prior under which is drawn: that of the fit, and where that has none |Σ|^(−(p+1)/2).</summary>
    public static CovariancePrior PriorFor(CovariancePrior fitted) => fitted.Kind == CovariancePriorKind.None ? CovariancePrior.Jeffreys
        : fitted;

    /// <summary>n − 1 + ξ.</summary>
    public static double DegreesOfFreedomOf(ScaledPrior prior, GaussianData data) => data.RowCount - 1 + prior.Weight
        - (data.ColumnCount + 1);

    /// <summary>p.</summary>
    public int ColumnCount { get; }

    /// <summary>n: rows with something observed.</summary>
    public int RowCount { get; }

    /// <summary>n − 1 + ξ, of the inverse Wishart that the P-step draws from.</summary>
    public double DegreesOfFreedom { get; }

    /// <summary>Λ.</summary>
    public double[] PriorCrossProducts { get; }

    /// <summary>The rows.</summary>
    public DataAugmentationBlock[] Blocks { get; }

    /// <summary>First block of each chunk, and the end.</summary>
    public int[] Chunks { get; }

    private static int[] Divide(DataAugmentationBlock[] blocks, int p)
    {
        double total = blocks.Sum(b => b.Rows.Cost), done = 0;
        int count = (int)Math.Clamp(total / Math.Max(ChunkCost, ChunkCostPerElement * p * p), 1, MostChunks);
        var starts = new List<int> { 0 };
        for (int k = 0; k < blocks.Length; k++)
        {
            if (done >= total * starts.Count / count && k > starts[^1]) starts.Add(k);
            done += blocks[k].Rows.Cost;
        }
        return [.. starts, blocks.Length];
    }
}
