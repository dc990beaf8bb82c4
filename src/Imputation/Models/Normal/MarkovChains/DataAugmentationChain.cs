using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Normal.MarkovChains;

/// <summary>One chain of data augmentation: I-step and P-step by turns, on the standardised scale.</summary>
/// <remarks>Tanner and Wong (1987); Schafer (1997), §5.4. P-step: with S the cross-products of the completed rows about their mean x̄,
/// <code>
/// Σ ~ inverse Wishart(n − 1 + ξ, S + Λ)      μ ~ N(x̄, Σ / n)
/// </code>
/// An instance is a workspace for one thread at a time; it may use more inside.</remarks>
internal sealed class DataAugmentationChain
{
    /// <summary>Keys of the P-step's and the start's numbers, away from those of patterns.</summary>
    private const long PosteriorKey = -2, StartKey = -3;

    private readonly DataAugmentationData _data;
    private readonly ParallelOptions _parallel;
    private readonly ImputationStep[] _work;
    private readonly bool[] _done;
    private readonly double[] _scratch;
    private readonly double[] _normal;

    /// <summary>A chain over these data.</summary>
    /// <param name="data">The data.</param>
    /// <param name="threads">Most threads for the I-step.</param>
    public DataAugmentationChain(DataAugmentationData data, int threads)
    {
        int p = data.ColumnCount;
        _data = data;
        _parallel = ParallelWork.Options(threads);
        _work = [.. Enumerable.Range(0, data.Chunks.Length - 1).Select(_ => new ImputationStep(p))];
        _done = new bool[_work.Length];
        _scratch = new double[p * p];
        _normal = new double[p];
    }

    /// <summary>An I-step and a P-step. Null where the covariance, of the completed rows or drawn, is not positive definite.</summary>
    public GaussianParameters? Step(GaussianParameters current, DrawKey key)
    {
        int p = current.Count, chunks = _work.Length;
        double n = _data.RowCount;
        if (chunks == 1 || _parallel.MaxDegreeOfParallelism == 1)
        {
            for (int c = 0; c < chunks; c++) Chunk(c);
        }
        else ParallelWork.For(chunks, _parallel, Chunk);
        void Chunk(int c) => _done[c] = _work[c].Run(current, _data.Blocks, _data.Chunks[c], _data.Chunks[c + 1], key);
        if (_done.Contains(false)) return null;

        // Chunks are fixed by the data and added in their order: the same bits whoever computed them.
        var sum = new double[p];
        var factor = new double[p * p];
        foreach (ImputationStep part in _work)
        {
            AddScaled.To(sum, 1, part.Sum.AsSpan(0, p));
            for (int i = 0; i < p; i++) AddScaled.To(factor.AsSpan(i * p, i + 1), 1, part.Products.AsSpan(i * part.Stride, i + 1));
        }
        var mean = new double[p];
        for (int i = 0; i < p; i++)
        {
            mean[i] = current.Mean[i] + sum[i] / n;
            for (int j = 0; j <= i; j++) factor[i * p + j] += _data.PriorCrossProducts[i * p + j] - sum[i] * sum[j] / n;
        }
        if (!Cholesky.Factor(factor, p, p, GaussianParameters.DegenerateTolerance)) return null;
        var stream = new RandomStream(key.Seed, key.Chain, key.Iteration, PosteriorKey);
        return Draw(ref stream, mean, factor, _data.DegreesOfFreedom, n);
    }

    /// <summary>A start about an estimate, spread as the posterior would be if there were only that many complete rows.</summary>
    public GaussianParameters? Disperse(GaussianParameters estimate, double rows, DrawKey key)
    {
        var factor = new double[estimate.Factor.Length];
        AddScaled.To(factor, Math.Sqrt(rows), estimate.Factor);
        var stream = new RandomStream(key.Seed, key.Chain, key.Iteration, StartKey);
        return Draw(ref stream, (double[])estimate.Mean.Clone(), factor, rows, rows);
    }

    /// <summary>Σ from the factor of its inverse Wishart's cross-products, then μ given Σ. Both arrays are taken over.</summary>
    private GaussianParameters? Draw(ref RandomStream stream, double[] mean, double[] factor, double degreesOfFreedom, double rows)
    {
        int p = mean.Length;
        Bartlett.DrawInverse(ref stream, degreesOfFreedom, p, factor, _scratch);
        stream.Normals(_normal);
        for (int i = 0; i < p; i++) mean[i] += Dot.Product(factor.AsSpan(i * p, i + 1), _normal.AsSpan(0, i + 1)) / Math.Sqrt(rows);
        return GaussianParameters.FromFactor(mean, factor);
    }
}
