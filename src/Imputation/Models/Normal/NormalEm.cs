using System.Collections.Concurrent;
using Imputation.Em;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Normal;

/// <summary>EM for the multivariate normal distribution with missing values, on the standardised scale.</summary>
/// <remarks>Orchard and Woodbury (1972); Dempster, Laird and Rubin (1977), §4.1.3; Little and Rubin (2019), §11.2.</remarks>
internal sealed class NormalEm : IEmModel<GaussianParameters>, IEmCoordinates<GaussianParameters>
{
    /// <summary>Least cost of a chunk, in multiplications: a constant, and a part for every element of the covariance, since each chunk has
    /// sums of its own that must be added.</summary>
    private const double ChunkCost = 200_000, ChunkCostPerElement = 150;

    private const int MostChunks = 32;

    private readonly GaussianData _data;
    private readonly ScaledPrior _prior;
    private readonly int[] _chunks;
    private readonly ParallelOptions _parallel;
    private readonly GaussianParameters? _known;
    private readonly Lazy<EmSubsample<GaussianParameters>?> _sample;
    // a bag returns to a thread the workspace it used last, which is still in its cache
    private readonly ConcurrentBag<GaussianEStep> _workspaces = [];
    private readonly ConcurrentQueue<EStepSums[]> _sums = [];

    /// <summary>EM for these data under this prior.</summary>
    /// <param name="data">The data.</param>
    /// <param name="prior">The prior on the standardised scale.</param>
    /// <param name="threads">Maximum number of threads; 0 for one per processor.</param>
    /// <param name="known">The maximum, if a closed form gives it; it is then the deterministic start.</param>
    public NormalEm(GaussianData data, ScaledPrior prior, int threads = 0, GaussianParameters? known = null)
    {
        _data = data;
        _prior = prior;
        _known = known;
        _chunks = Chunks(data);
        _parallel = ParallelWork.Options(threads);
        _sample = new Lazy<EmSubsample<GaussianParameters>?>(() => data.Subsample is { } sample
            ? new EmSubsample<GaussianParameters>(new NormalEm(sample, prior.Times(sample.Weight / data.Weight), threads),
                sample.Cost / data.Cost)
            : null);
    }

    /// <inheritdoc/>
    public EmSubsample<GaussianParameters>? Subsample => _known is null ? _sample.Value : null;

    /// <inheritdoc/>
    public GaussianParameters Initialize(EmStart start) => start.Index == 0 && _known is not null ? _known : NormalStart.Make(_data, start);

    /// <inheritdoc/>
    public EmStep<GaussianParameters> Step(GaussianParameters current, CancellationToken cancellation)
    {
        if (Expect(current, cancellation) is not { } expected)
            return new EmStep<GaussianParameters>(current, double.NaN, double.NaN) { Degenerate = true };
        int p = current.Count;
        double n = _data.Weight;

        // M-step, with a prior to the posterior mode: μ ← μ + E[x − μ], Σ ← (S + Λ) / (n + ξ + p + 1).
        // The E-step's second moments are about the old mean; subtracting s sᵀ / n, s being the first moment, makes S about the new one.
        var mean = new double[p];
        var covariance = new double[p * p];
        for (int i = 0; i < p; i++)
        {
            mean[i] = current.Mean[i] + expected.Sum[i] / n;
            for (int j = 0; j <= i; j++)
            {
                double s = expected.Products[i * p + j] - expected.Sum[i] * expected.Sum[j] / n;
                covariance[i * p + j] = covariance[j * p + i] = (s + _prior.CrossProducts[i * p + j]) / (n + _prior.Weight);
            }
        }
        GaussianParameters? next = GaussianParameters.Create(mean, covariance);
        return new EmStep<GaussianParameters>(next ?? current, expected.LogLikelihood + _prior.LogDensity(current), expected.LogLikelihood)
        {
            Degenerate = next is null,
            Rounding = expected.Rounding + 1e-15 * _prior.Size(current),
        };
    }

    /// <summary><see cref="GaussianCoordinates.Distance"/>, the change of each column given those before it, and the largest change of
    /// the columns' own moments: means in standard deviations, standard deviations relatively, correlations.</summary>
    /// <remarks>So it bounds the change of what is reported, and of regressions, does not depend on the columns' scales, and does not count
    /// a covariance that is still approaching singularity as converged. The elements alone do not bound a column's moments, which many
    /// of them may add up to.</remarks>
    public double Distance(GaussianParameters from, GaussianParameters to) =>
        Math.Max(GaussianCoordinates.Distance(from, to), ColumnDistance(from, to));

    /// <summary>The largest change of the columns' own moments.</summary>
    private static double ColumnDistance(GaussianParameters from, GaussianParameters to)
    {
        int p = from.Count;
        double largest = 0;
        Span<double> before = p <= 128 ? stackalloc double[p] : new double[p], after = p <= 128 ? stackalloc double[p] : new double[p];
        for (int i = 0; i < p; i++)
        {
            before[i] = Math.Sqrt(from.Covariance[i * p + i]);
            after[i] = Math.Sqrt(to.Covariance[i * p + i]);
            largest = Math.Max(largest, Math.Abs(to.Mean[i] - from.Mean[i]) / before[i]);
            largest = Math.Max(largest, Math.Abs(after[i] - before[i]) / before[i]);
            for (int j = 0; j < i; j++)
                largest = Math.Max(largest, Math.Abs(to.Covariance[i * p + j] / (after[i] * after[j])
                    - from.Covariance[i * p + j] / (before[i] * before[j])));
        }
        return largest;
    }

    /// <summary>√(sᵀ I⁻¹ s): the norm of the score in the metric of the complete-data information, computed from a point and the EM step
    /// from it.</summary>
    /// <remarks>The score is g_μ = K t, with t = n Δμ the first moment about μ, and g_Σ = ½ K G K, with G = S + Λ − (n + ξ + p + 1)Σ and S
    /// about the current mean. The squared norm is tᵀKt / n + ½ tr(KGKG) / (n + ξ + p + 1). Both t and G follow from the EM step:
    /// G = (n + ξ + p + 1)ΔΣ + n Δμ Δμᵀ.</remarks>
    public double ScoreNorm(GaussianParameters current, GaussianParameters next)
    {
        int p = current.Count;
        double n = _data.Weight, weight = n + _prior.Weight;
        var step = new double[p];
        for (int i = 0; i < p; i++) step[i] = next.Mean[i] - current.Mean[i];

        // With Σ = LLᵀ, tr(KGKG) is the squared Frobenius norm of L⁻¹GL⁻ᵀ, and tᵀKt the squared norm of L⁻¹t.
        var g = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j <= i; j++)
                g[i * p + j] = g[j * p + i] = weight * (next.Covariance[i * p + j] - current.Covariance[i * p + j]) + n * step[i] * step[j];
        Cholesky.SolveLower(current.Factor, p, p, step, 1, 1);
        // L⁻¹ from the left, transpose, and L⁻¹ from the left again: L⁻¹(L⁻¹G)ᵀ = L⁻¹GL⁻ᵀ, as G is symmetric.
        Cholesky.SolveLower(current.Factor, p, p, g, p, p);
        for (int i = 0; i < p; i++)
            for (int j = 0; j < i; j++) (g[i * p + j], g[j * p + i]) = (g[j * p + i], g[i * p + j]);
        Cholesky.SolveLower(current.Factor, p, p, g, p, p);
        return Math.Sqrt(n * Dot.Product(step, step) + 0.5 * Dot.Product(g, g) / weight);
    }

    /// <inheritdoc/>
    public int CoordinateCount => GaussianCoordinates.Count(_data.ColumnCount);

    /// <summary><see cref="GaussianCoordinates"/>: the complete-data information at the origin is the unit matrix times
    /// n + ξ + p + 1.</summary>
    public void Write(GaussianParameters origin, GaussianParameters point, Span<double> coordinates) =>
        GaussianCoordinates.Write(origin, point, MeanWeight, coordinates);

    /// <inheritdoc/>
    public GaussianParameters? Read(GaussianParameters origin, ReadOnlySpan<double> coordinates) =>
        GaussianCoordinates.Read(origin, MeanWeight, coordinates);

    /// <summary>The scale of the means' coordinates: the complete-data information is n for them and n + ξ + p + 1 for the
    /// covariance.</summary>
    private double MeanWeight => Math.Sqrt(_data.Weight / (_data.Weight + _prior.Weight));

    private sealed record Expectation(double[] Sum, double[] Products, double LogLikelihood, double Rounding);

    /// <summary>The E-step over all patterns, and the exact observed-data log-likelihood on the original scale. Null where a factorisation
    /// fails.</summary>
    private Expectation? Expect(GaussianParameters current, CancellationToken cancellation)
    {
        int p = current.Count, chunks = _chunks.Length - 1;
        if (!_sums.TryDequeue(out EStepSums[]? sums))
        {
            sums = new EStepSums[chunks];
            for (int c = 0; c < chunks; c++) sums[c] = new EStepSums(p);
        }
        var done = new bool[chunks];

        void Chunk(int c)
        {
            if (!_workspaces.TryTake(out GaussianEStep? work)) work = new GaussianEStep(p);
            work.Clear();
            if (done[c] = work.Add(current, _data.Blocks, _chunks[c], _chunks[c + 1], cancellation)) work.CopyTo(sums[c]);
            _workspaces.Add(work);
        }
        if (chunks == 1) Chunk(0);
        else ParallelWork.For(chunks, _parallel, Chunk);
        if (done.Contains(false)) return null;

        // Chunks depend on the data only and are added in their order: the same bits whichever thread computed them.
        double[] sum = new double[p], triangle = new double[p * (p + 1) / 2], products = new double[p * p];
        double logDeterminants = 0, quadratics = 0;
        foreach (EStepSums part in sums)
        {
            AddScaled.To(sum, 1, part.Sum);
            AddScaled.To(triangle, 1, part.Products);
            logDeterminants += part.LogDeterminants;
            quadratics += part.Quadratics;
        }
        for (int i = 0; i < p; i++) triangle.AsSpan(i * (i + 1) / 2, i + 1).CopyTo(products.AsSpan(i * p));
        _sums.Enqueue(sums);

        if (current.PrecisionIsAccurate)
        {
            // Σ d_OᵀΣ_OO⁻¹d_O = tr(K Σ ddᵀ) for completed d, so that no row needs a solve of its own. The products also contain C for
            // each row, which adds tr(K_MM C) = |M|; these, the missing cells, are subtracted.
            for (int i = 0; i < p; i++)
                quadratics += 2 * Dot.Product(current.Precision.AsSpan(i * p, i), products.AsSpan(i * p, i))
                    + current.Precision[i * p + i] * products[i * p + i];
            quadratics -= _data.MissingCellWeight;
        }
        double constant = _data.ObservedCellWeight * Math.Log(2 * Math.PI);
        double logLikelihood = -0.5 * (constant + logDeterminants + quadratics) + _data.LogJacobian;

        // Rounding error: the parts may cancel, and the condition number multiplies the error of the quadratic forms.
        double parts = constant + Math.Abs(logDeterminants) + Math.Abs(quadratics) + _data.LogJacobianSize;
        return new Expectation(sum, products, logLikelihood, 1e-15 * parts + 2.2e-16 * _data.Weight * current.Condition);
    }

    /// <summary>The first block of each chunk, and the end. Chunks have about equal cost; a table with little work is one chunk.</summary>
    private static int[] Chunks(GaussianData data)
    {
        double total = data.Cost, done = 0;
        int count = (int)Math.Clamp(total / Math.Max(ChunkCost, ChunkCostPerElement * data.ColumnCount * data.ColumnCount), 1, MostChunks);
        var starts = new List<int> { 0 };
        for (int k = 0; k < data.Blocks.Length; k++)
        {
            if (done >= total * starts.Count / count && k > starts[^1]) starts.Add(k);
            done += data.Blocks[k].Cost;
        }
        return [.. starts, data.Blocks.Length];
    }
}
