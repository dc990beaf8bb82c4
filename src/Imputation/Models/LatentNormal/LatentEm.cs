using System.Collections.Concurrent;
using Imputation.Em;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;
using Imputation.Numerics.Threading;

namespace Imputation.Models.LatentNormal;

/// <summary>EM for the mean and covariance of the latent variables, with expectation propagation as its E-step.</summary>
/// <remarks>The objective is the evidence of expectation propagation plus the log prior density. At the fixed point of expectation
/// propagation its derivative by mean and covariance is that of the expected complete-data log-likelihood (Seeger 2005), so that the M-step
/// goes uphill; it may go too far, and then the loop shortens it.</remarks>
internal sealed class LatentEm : IEmModel<LatentParameters>, IEmCoordinates<LatentParameters>
{
    /// <summary>Least cost of a chunk of units, in multiplications, and the most chunks.</summary>
    private const double ChunkCost = 300_000;

    private const int MostChunks = 64;

    /// <summary>Units from which on a run begins over a sample of them, and the size of the sample.</summary>
    private const int ManyUnits = 6_000, SampleSize = 1_500;

    /// <summary>Tolerance of expectation propagation, as a share of the last step of EM; and the largest.</summary>
    private const double SiteShare = 0.1, LargestTolerance = 1e-3;

    /// <summary>A point further off than this, in standard deviations, is not worth a try.</summary>
    private const double MostDeviations = 5;

    private readonly LatentData _data;
    private readonly LatentPrior _prior;
    private readonly GaussianParameters? _start;
    private readonly double _tolerance;
    private readonly int[] _chunks;
    private readonly ParallelOptions _parallel;
    private readonly ConcurrentBag<LatentEStep> _workspaces = [];
    private readonly Lazy<EmSubsample<LatentParameters>?> _sample;

    /// <param name="data">The data.</param>
    /// <param name="prior">The prior.</param>
    /// <param name="tolerance">Tolerance of EM, which that of expectation propagation follows.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="start">Where the deterministic start is known, as for a resample.</param>
    public LatentEm(LatentData data, LatentPrior prior, double tolerance, int threads, GaussianParameters? start = null)
    {
        (_data, _prior, _start) = (data, prior, start);
        _tolerance = Math.Clamp(0.1 * tolerance, 1e-12, 1e-5);
        _parallel = ParallelWork.Options(threads);
        _chunks = Chunks(data);
        _sample = new Lazy<EmSubsample<LatentParameters>?>(() =>
        {
            if (data.UnitCount < ManyUnits || start is not null) return null;
            LatentData some = data.Sample(SampleSize);
            return new EmSubsample<LatentParameters>(new LatentEm(some, prior.Times(some.Weight / data.Weight), tolerance, threads),
                (double)SampleSize / data.UnitCount);
        });
    }

    /// <inheritdoc/>
    public EmSubsample<LatentParameters>? Subsample => _sample.Value;

    /// <inheritdoc/>
    /// <remarks>The deterministic start has no correlations; random ones have those of a few random vectors.</remarks>
    public LatentParameters Initialize(EmStart start)
    {
        int q = _data.LatentCount;
        var sites = new SiteMemory();
        if (start.Index == 0 && _start is not null) return new LatentParameters(_start, sites);
        double[] mean = new double[q], covariance = new double[q * q];
        for (int j = 0; j < q; j++) covariance[j * q + j] = 1;
        for (int v = 0; v < 2 && start.Index > 0; v++)
        {
            double[] x = [.. Enumerable.Range(0, q).Select(j => CounterRandom.Normal(start.Seed, start.Index, j, v))];
            for (int i = 0; i < q; i++) AddScaled.To(covariance.AsSpan(i * q, q), x[i], x);
        }
        for (int j = 0; j < q && start.Index > 0; j++) mean[j] = 0.3 * CounterRandom.Normal(start.Seed, start.Index, j, 2);
        double[] scale = [.. Enumerable.Range(0, q).Select(j => 1 / Math.Sqrt(covariance[j * q + j]))];
        for (int i = 0; i < q; i++)
            for (int j = 0; j < q; j++) covariance[i * q + j] = i == j ? 1 : covariance[i * q + j] * (scale[i] * scale[j]);
        return new LatentParameters(GaussianParameters.Create(mean, covariance)!, sites);
    }

    /// <inheritdoc/>
    public EmStep<LatentParameters> Step(LatentParameters current, CancellationToken cancellation)
    {
        GaussianParameters at = current.Gaussian;
        SiteMemory sites = current.Sites;
        sites.For(_data);
        int q = at.Count;
        double n = _data.Weight;
        // Far from the maximum sites need not agree to the last digit: their error counts in the evidence by its square.
        double tolerance = Math.Clamp(SiteShare * sites.LastStep, _tolerance, LargestTolerance);
        Expectation expected = Expect(at, sites, tolerance, cancellation);

        var mean = new double[q];
        for (int i = 0; i < q; i++) mean[i] = at.Mean[i] + expected.Sum[i] / n;
        for (int i = 0; i < q; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                expected.Products[i * q + j] -= expected.Sum[i] * expected.Sum[j] / n;
                expected.Products[j * q + i] = expected.Products[i * q + j];
            }
        }
        double[]? covariance = _prior.Maximise(expected.Products, n);
        GaussianParameters? next = covariance is null ? null : LatentParameters.Normalised(mean, covariance, _data.Layout);
        sites.LastStep = next is null ? 1 : GaussianCoordinates.Distance(at, next);
        double evidence = expected.Evidence + _data.LogJacobian, prior = _prior.LogDensity(at);
        return new EmStep<LatentParameters>(next is null ? current : new LatentParameters(next, sites), evidence + prior, evidence)
        {
            Degenerate = next is null || double.IsNaN(evidence + prior),
            // of sums, and of sites that are off by the tolerance, to which the evidence is stationary
            Rounding = 1e-14 * (expected.Size + Math.Abs(prior)) + 1e-15 * n * at.Condition + 10 * n * q * tolerance * tolerance,
        };
    }

    /// <inheritdoc/>
    public double Distance(LatentParameters from, LatentParameters to) =>
        GaussianCoordinates.Distance(from.Gaussian, to.Gaussian);

    /// <summary>q means, then a lower triangle by rows, without the diagonal elements of scale-free latent variables.</summary>
    public int CoordinateCount => _data.LatentCount * (_data.LatentCount + 3) / 2 - _data.Layout.ScaleFree.Count(free => free);

    /// <inheritdoc/>
    public bool IsApproximate => true;

    /// <summary>As for the normal model: L₀⁻¹(μ − μ₀), and L₀⁻¹L with √2 log of its diagonal. A scale-free latent variable is taken on the
    /// scale on which its diagonal element is 1.</summary>
    public void Write(LatentParameters origin, LatentParameters point, Span<double> coordinates)
    {
        GaussianParameters from = origin.Gaussian, to = point.Gaussian;
        LatentLayout layout = _data.Layout;
        int q = to.Count, at = q;
        var mean = new double[q];
        var factor = (double[])to.Factor.Clone();
        for (int i = 0; i < q; i++)
        {
            double scale = layout.ScaleFree[i] ? from.Factor[i * q + i] / to.Factor[i * q + i] : 1;
            for (int j = 0; j <= i; j++) factor[i * q + j] *= scale;
            mean[i] = layout.ScaleFree[i] ? layout.Origin[i] + scale * (to.Mean[i] - layout.Origin[i]) : to.Mean[i];
            mean[i] -= from.Mean[i];
        }
        Cholesky.SolveLower(from.Factor, q, q, mean, 1, 1);
        mean.CopyTo(coordinates);
        double[] t = LowerTriangle.Solve(from.Factor, factor, q);
        for (int i = 0; i < q; i++)
        {
            t.AsSpan(i * q, i).CopyTo(coordinates[at..]);
            at += i;
            if (!layout.ScaleFree[i]) coordinates[at++] = Math.Sqrt(2) * Math.Log(t[i * q + i]);
        }
    }

    /// <inheritdoc/>
    public LatentParameters? Read(LatentParameters origin, ReadOnlySpan<double> coordinates)
    {
        GaussianParameters from = origin.Gaussian;
        int q = from.Count, at = q;
        foreach (double x in coordinates)
            if (!(Math.Abs(x) < MostDeviations)) return null;
        var t = new double[q * q];
        for (int i = 0; i < q; i++)
        {
            coordinates.Slice(at, i).CopyTo(t.AsSpan(i * q));
            at += i;
            t[i * q + i] = _data.Layout.ScaleFree[i] ? 1 : Math.Exp(coordinates[at++] / Math.Sqrt(2));
        }
        var mean = new double[q];
        for (int i = 0; i < q; i++) mean[i] = from.Mean[i] + Dot.Product(from.Factor.AsSpan(i * q, i + 1), coordinates[..(i + 1)]);
        double[] covariance = LowerTriangle.Square(LowerTriangle.Multiply(from.Factor, t, q), q);
        for (int i = 0; i < q; i++)
            if (!double.IsFinite(covariance[i * q + i])) return null;
        return LatentParameters.Normalised(mean, covariance, _data.Layout) is { } point ? new LatentParameters(point, origin.Sites) : null;
    }

    private sealed record Expectation(double[] Sum, double[] Products, double Evidence, double Size);

    /// <summary>The E-step over all units. Chunks depend on the data only and are added in their order: the same bits on any number of
    /// threads.</summary>
    private Expectation Expect(GaussianParameters at, SiteMemory sites, double tolerance, CancellationToken cancellation)
    {
        int q = at.Count, chunks = _chunks.Length - 1;
        var parts = new Expectation[chunks];
        ParallelWork.For(chunks, _parallel, c =>
        {
            if (!_workspaces.TryTake(out LatentEStep? work)) work = new LatentEStep(q);
            work.Run(at, _data, sites, _chunks[c], _chunks[c + 1], tolerance, cancellation);
            parts[c] = new Expectation(work.Sum.ToArray(), (double[])work.Products.Clone(), work.Evidence, work.Size);
            _workspaces.Add(work);
        });
        double[] sum = new double[q], products = new double[q * q];
        double evidence = 0, size = 0;
        foreach (Expectation part in parts)
        {
            AddScaled.To(sum, 1, part.Sum);
            AddScaled.To(products, 1, part.Products);
            evidence += part.Evidence;
            size += part.Size;
        }
        return new Expectation(sum, products, evidence, size);
    }

    /// <summary>The first unit of each chunk, and the end.</summary>
    private static int[] Chunks(LatentData data)
    {
        double total = data.Groups.Sum(g => g.Count * g.UnitCost), done = 0;
        int count = (int)Math.Clamp(total / ChunkCost, 1, MostChunks);
        var starts = new List<int> { 0 };
        foreach (LatentGroup group in data.Groups)
        {
            double unit = group.UnitCost;
            for (int u = group.First; u < group.First + group.Count; u++, done += unit)
                if (done >= total * starts.Count / count && u > starts[^1]) starts.Add(u);
        }
        return [.. starts, data.UnitCount];
    }
}
