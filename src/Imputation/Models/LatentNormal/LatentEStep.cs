using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.LatentNormal;

/// <summary>Expected first and second moments of the latent variables over some rows, about the mean, and the evidence. A workspace for one
/// thread.</summary>
/// <remarks>Rows with as many points and as many intervals are taken eight at a time (<see cref="LatentBlock"/>). A row adds d = E[z − μ]
/// to the first moment and ddᵀ to the second, by <see cref="CrossProduct"/> for many rows, and the posterior covariance of the variables
/// that are not points.</remarks>
internal sealed class LatentEStep
{
    private const int BatchRows = 64;

    private readonly int _q;
    private readonly int _stride;
    private readonly LatentBlock _block;
    private readonly int[] _units = new int[LatentBlock.Lanes];
    private readonly LatentGroup[] _groups = new LatentGroup[LatentBlock.Lanes];
    private readonly double[] _batch;  // √w d
    private readonly double[] _roots = new double[BatchRows];
    private readonly double[] _squares; // Σ w ddᵀ, lower triangle
    private readonly double[] _spread;  // Σ w V; an element may be on either side of the diagonal, the total is the sum of both
    private readonly double[] _sum;
    private int _count;
    private int _batched;

    public LatentEStep(int q)
    {
        (_q, _stride, _block) = (q, CrossProduct.Stride(q), new LatentBlock(q));
        _batch = new double[BatchRows * _stride];
        _squares = new double[_stride * _stride];
        (_sum, _spread, Products) = (new double[_stride], new double[q * q], new double[q * q]);
    }

    /// <summary>Σ E[z − μ].</summary>
    public ReadOnlySpan<double> Sum => _sum.AsSpan(0, _q);

    /// <summary>Σ E[(z − μ)(z − μ)ᵀ], lower triangle.</summary>
    public double[] Products { get; }

    /// <summary>Σ log evidence.</summary>
    public double Evidence { get; private set; }

    /// <summary>Σ |log evidence|: for the size of rounding errors.</summary>
    public double Size { get; private set; }

    /// <summary>Replaces the sums by those of units <paramref name="first"/> to <paramref name="end"/> − 1.</summary>
    public void Run(GaussianParameters parameters, LatentData data, SiteMemory sites, int first, int end, double tolerance,
        CancellationToken cancellation)
    {
        Array.Clear(_sum);
        Array.Clear(_squares);
        Array.Clear(_spread);
        Evidence = Size = 0;
        foreach (LatentGroup group in data.Groups)
        {
            int to = Math.Min(end, group.First + group.Count);
            for (int unit = Math.Max(first, group.First); unit < to; unit++)
            {
                if (data.Weights[unit] == 0) continue;
                if (_count == LatentBlock.Lanes || (_count > 0 && !group.IsLike(_groups[0])))
                {
                    cancellation.ThrowIfCancellationRequested();
                    AddBlock(parameters, data, sites, tolerance);
                }
                (_units[_count], _groups[_count++]) = (unit, group);
            }
        }
        if (_count > 0) AddBlock(parameters, data, sites, tolerance);
        AddBatch();
        for (int i = 0; i < _q; i++)
        {
            for (int j = 0; j < i; j++) Products[i * _q + j] = _squares[i * _stride + j] + (_spread[i * _q + j] + _spread[j * _q + i]);
            Products[i * _q + i] = _squares[i * _stride + i] + _spread[i * _q + i];
        }
    }

    private void AddBlock(GaussianParameters parameters, LatentData data, SiteMemory sites, double tolerance)
    {
        int count = _count;
        _count = 0;
        _block.Run(parameters, data, _groups, _units, count, sites, tolerance);
        int failed = 0;
        for (int lane = 0; lane < count; lane++)
        {
            if (double.IsFinite(_block.Evidence[lane])) AddRow(lane, data.Weights[_units[lane]]);
            else (_units[failed], _groups[failed++]) = (_units[lane], _groups[lane]);
        }
        if (failed == 0) return;
        // Once more from nothing: the sites came from too far away.
        for (int lane = 0; lane < failed; lane++) sites.Of(_units[lane]).Clear();
        _block.Run(parameters, data, _groups, _units, failed, sites, tolerance);
        for (int lane = 0; lane < failed; lane++) AddRow(lane, data.Weights[_units[lane]]);
    }

    private void AddRow(int lane, double weight)
    {
        double evidence = weight * _block.Evidence[lane], root = Math.Sqrt(weight);
        Evidence += evidence;
        Size += Math.Abs(evidence);
        Span<double> row = _batch.AsSpan(_batched * _stride, _stride);
        _block.Deviations(lane, row);
        if (root != 1)
            foreach (ref double x in row[.._q]) x *= root;
        _roots[_batched++] = root;
        if (_batched == BatchRows) AddBatch();

        int free = _block.FreeCount;
        LaneMatrices.Scatter(_block.Covariance, free, lane, _block.Order[((_q - free) * LatentBlock.Lanes)..], weight, _spread, _q);
    }

    private void AddBatch()
    {
        CrossProduct.Add(_batch, _batched, _stride, _squares);
        for (int r = 0; r < _batched; r++) AddScaled.To(_sum, _roots[r], _batch.AsSpan(r * _stride, _stride));
        _batched = 0;
    }
}
