using System.Collections.Concurrent;
using Imputation.Em;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Mixture;

/// <summary>EM for a mixture of normal distributions and independent categories, with missing cells, on the standardised scale.</summary>
/// <remarks>Dempster, Laird and Rubin (1977), §4.3; Ghahramani and Jordan (1994); Hunt and Jorgensen (2003) for categories.</remarks>
internal sealed class MixtureEm : IEmModel<MixtureParameters>, IEmCoordinates<MixtureParameters>, IEmManyMaxima<MixtureParameters>
{
    /// <summary>Least cost of a chunk, in multiplications, and most chunks.</summary>
    private const double ChunkCost = 300_000;
    private const int MostChunks = 32;

    /// <summary>Rows of the sample for short runs.</summary>
    private const int SampledRows = 3000;

    /// <summary>Cost of an iteration, in multiplications, times the number of long runs.</summary>
    private const double LongCost = 4e6;

    private readonly MixtureData _data;
    private readonly MixtureShape _shape;
    private readonly CovariancePrior _given;
    private readonly MixturePrior _prior;
    private readonly MixtureCoordinates _coordinates;
    private readonly MixtureEnds _ends;
    private readonly int _k, _threads;
    private readonly int[] _chunks;
    private readonly double _cost;
    private readonly ParallelOptions _parallel;
    private readonly MixtureParameters? _known;
    private readonly Lazy<MixtureEm> _short;
    private readonly ConcurrentBag<MixtureEStep> _workspaces = [];

    /// <param name="data">The data.</param>
    /// <param name="k">Number of components.</param>
    /// <param name="shape">Shape of the covariances.</param>
    /// <param name="prior">Prior of the covariances.</param>
    /// <param name="threads">Most threads; 0 for one per processor.</param>
    /// <param name="known">Where given, the deterministic start.</param>
    public MixtureEm(MixtureData data, int k, MixtureShape shape, CovariancePrior prior, int threads, MixtureParameters? known = null)
    {
        (_data, _k, _shape, _given, _threads, _known) = (data, k, shape, prior, threads, known);
        _prior = new MixturePrior(prior, data, k, shape);
        _coordinates = new MixtureCoordinates(data.Layout, shape, k, _prior.Weight / data.Weight);
        _ends = new MixtureEnds(data, _prior.Bounds);
        _parallel = ParallelWork.Options(threads);
        int p = data.Layout.NumberCount;
        double perRow = k * (0.5 * p * p + 2 * p + 10 + 2 * data.Layout.CategoryCount);
        _cost = data.Rows.Length * perRow + data.Patterns.Length * (double)k * p * p * (p + 10) / 2;
        _chunks = Chunks(data, perRow, k * p * p * (p + 10.0) / 2);
        _short = new Lazy<MixtureEm>(() => data.Sample(SampledRows) is var sample && ReferenceEquals(sample, data) ? this
            : new MixtureEm(sample, k, shape, prior, threads));
    }

    /// <inheritdoc/>
    public IEmModel<MixtureParameters> ShortRuns => _short.Value;

    /// <inheritdoc/>
    public int ShortIterations => 25;

    /// <inheritdoc/>
    public int LongRuns(int starts) => (int)Math.Clamp(LongCost / _cost, Math.Min(3, starts), Math.Max(Math.Min(3, starts), starts / 5));

    /// <inheritdoc/>
    public double EndDistance(MixtureParameters a, MixtureParameters b) => MixtureEnds.Distance(a, b);

    /// <inheritdoc/>
    public string? WhyImproper(MixtureParameters point) => _k == 1 ? null : _ends.WhyImproper(point);

    /// <summary>Whether a prior keeps the objective from being unbounded.</summary>
    public bool IsBounded => _prior.Bounds;

    /// <summary>That a component has hardly any rows; null where none has.</summary>
    public string? FewRows(MixtureParameters point) => _k == 1 ? null : _ends.FewRows(point);

    /// <inheritdoc/>
    public MixtureParameters? Beside(MixtureParameters end) => _ends.Apart(end);

    /// <inheritdoc/>
    public MixtureParameters Initialize(EmStart start)
    {
        if (start.Index == 0 && _known is not null) return _known;
        int[] assigned = MixtureStart.Assign(_data, _k, start);
        MixtureParameters whole = MixtureStart.Whole(_data, _k);
        MixtureSums sums = Expect(whole, default, assigned)!;
        return MixtureStart.FromAssigned(_data, whole, sums, _shape);
    }

    /// <inheritdoc/>
    public EmStep<MixtureParameters> Step(MixtureParameters current, CancellationToken cancellation)
    {
        MixtureSums? sums = Expect(current, cancellation);
        if (sums is null || !double.IsFinite(sums.LogLikelihood))
            return new EmStep<MixtureParameters>(current, double.NaN, double.NaN) { Degenerate = true };
        MixtureParameters? next = MixtureMStep.Maximise(current, sums, _data.Layout, _shape, _prior);
        double logLikelihood = sums.LogLikelihood + _data.LogJacobian;
        return new EmStep<MixtureParameters>(next ?? current, logLikelihood + _prior.LogDensity(current), logLikelihood)
        {
            Degenerate = next is null,
            // The condition number multiplies the error of the quadratic forms.
            Rounding = 1e-15 * (sums.Size + Math.Abs(_data.LogJacobian))
                + 2.2e-16 * _data.Weight * current.Normals.Select(normal => normal.Condition).DefaultIfEmpty(1).Max(),
        };
    }

    /// <summary>The shares of the components in each row of the data, k for each.</summary>
    public double[] Shares(MixtureParameters parameters)
    {
        var shares = new double[_data.Rows.Length * _k];
        Expect(parameters, default, shares: shares);
        return shares;
    }

    /// <summary>Log-likelihood of the data; −∞ where it cannot be computed.</summary>
    public double LogLikelihood(MixtureParameters parameters) => Expect(parameters, default) is { } sums
        ? sums.LogLikelihood + _data.LogJacobian : double.NegativeInfinity;

    /// <inheritdoc/>
    public double Distance(MixtureParameters from, MixtureParameters to) => MixtureEnds.DistanceInOrder(from, to);

    /// <inheritdoc/>
    public int CoordinateCount => _coordinates.Count;

    /// <inheritdoc/>
    public void Write(MixtureParameters origin, MixtureParameters point, Span<double> coordinates) =>
        _coordinates.Write(origin, point, coordinates);

    /// <inheritdoc/>
    public MixtureParameters? Read(MixtureParameters origin, ReadOnlySpan<double> coordinates) => _coordinates.Read(origin, coordinates);

    /// <summary>The E-step over all rows; null where a factorisation fails.</summary>
    private MixtureSums? Expect(MixtureParameters current, CancellationToken cancellation, int[]? assigned = null, double[]? shares = null)
    {
        int chunks = _chunks.Length - 1;
        var done = new MixtureEStep?[chunks];
        _ = current.LogLevels;
        void Chunk(int c)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!_workspaces.TryTake(out MixtureEStep? work)) work = new MixtureEStep(_data, _k);
            work.Sums.Clear();
            if (work.Add(current, _shape == MixtureShape.Tied, _chunks[c], _chunks[c + 1], assigned, shares)) done[c] = work;
        }
        if (chunks == 1) Chunk(0);
        else ParallelWork.For(chunks, _parallel, Chunk);
        if (done.Contains(null)) return null;

        // Chunks depend on the data only and are added in their order: the same bits whichever thread computed them.
        var total = new MixtureSums(_k, _data.Layout.NumberCount, _data.Layout.SlotCount);
        foreach (MixtureEStep? work in done)
        {
            total.Add(work!.Sums);
            _workspaces.Add(work);
        }
        return total;
    }

    /// <summary>The first block of each chunk, and the end. Chunks have about equal cost.</summary>
    private static int[] Chunks(MixtureData data, double perRow, double perPattern)
    {
        double total = data.Rows.Length * perRow + data.Patterns.Length * perPattern, done = 0;
        int count = (int)Math.Clamp(total / ChunkCost, 1, MostChunks);
        var starts = new List<int> { 0 };
        for (int b = 0; b < data.Blocks.Length; b++)
        {
            if (done >= total * starts.Count / count && b > starts[^1]) starts.Add(b);
            done += data.Blocks[b].Count * perRow + (data.Blocks[b].First == 0 ? perPattern : 0);
        }
        return [.. starts, data.Blocks.Length];
    }
}
