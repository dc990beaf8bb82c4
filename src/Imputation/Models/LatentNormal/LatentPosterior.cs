using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.LatentNormal;

/// <summary>The distribution of a row's missing latent variables given its cells. A workspace for one thread.</summary>
internal sealed class LatentPosterior
{
    private const double Tolerance = 1e-8;

    private readonly GaussianParameters _parameters;
    private readonly LatentLayout _layout;
    private readonly int[] _keys;
    private readonly LatentFactors _factors;
    private readonly ExpectationPropagation _propagation;
    private readonly LatentCell[] _cells;
    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly double[] _deviation;
    private readonly double[] _mean;
    private readonly double[] _covariance;
    private readonly double[] _spread;
    private readonly List<int> _points = [];
    private readonly List<int> _intervals = [];
    private int[] _missing = [];
    private bool _begun;

    /// <param name="fit">The model.</param>
    /// <param name="keys">The model's column of each column of the frame.</param>
    public LatentPosterior(LatentNormalFit fit, int[] keys)
    {
        (_parameters, _layout, _keys) = (fit.Latent, fit.Layout, keys);
        int q = _layout.Count;
        _factors = new LatentFactors(q);
        _propagation = new ExpectationPropagation(q);
        _cells = new LatentCell[q];
        (_lower, _upper, _deviation, _mean) = (new double[q], new double[q], new double[q], new double[q]);
        (_covariance, _spread) = (new double[q * q], new double[q * q]);
    }

    /// <summary>The missing latent variables.</summary>
    public ReadOnlySpan<int> Missing => _missing;

    /// <summary>Their mean.</summary>
    public ReadOnlySpan<double> Mean => _mean.AsSpan(0, _missing.Length);

    /// <summary>Their covariance, both triangles.</summary>
    public ReadOnlySpan<double> Covariance => _covariance.AsSpan(0, _missing.Length * _missing.Length);

    /// <summary>Log evidence of the row's observed cells.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>What expectation propagation ended with.</summary>
    public ExpectationPropagation Propagation => _propagation;

    /// <summary>The observed latent variables, points first.</summary>
    public LatentFactors Factors => _factors;

    /// <summary>E z − μ of them.</summary>
    public ReadOnlySpan<double> Deviations => _deviation.AsSpan(0, _factors.Observed.Length);

    /// <summary>The missing columns, in the order in which their latent variables are wanted.</summary>
    public void Begin(ReadOnlySpan<int> missing)
    {
        var latents = new List<int>();
        foreach (int f in missing)
            for (int k = _layout.First[_keys[f]]; k < _layout.First[_keys[f] + 1]; k++) latents.Add(k);
        _missing = [.. latents];
        _begun = false;
    }

    /// <summary>Takes a row. False where a factorisation fails.</summary>
    public bool Given(ReadOnlySpan<int> observed, ReadOnlySpan<double> cells)
    {
        _points.Clear();
        _intervals.Clear();
        foreach (int f in observed)
        {
            int j = _keys[f], first = _layout.First[j];
            Span<LatentCell> own = _cells.AsSpan(first, _layout.Margins[j].LatentCount);
            if (double.IsNaN(cells[f])) continue;
            _layout.Margins[j].Read(cells[f], own);
            for (int k = 0; k < own.Length; k++)
            {
                (_lower[first + k], _upper[first + k]) = own[k];
                if (own[k].IsMissing) continue; // a level that the model does not know
                (own[k].IsPoint ? _points : _intervals).Add(first + k);
            }
        }
        if (!_begun || !IsSame())
        {
            _begun = _factors.Begin(_parameters, [.. _points], [.. _intervals], _missing);
            if (!_begun) return false;
        }
        LogEvidence = _factors.Posterior(_parameters, _propagation, _lower, _upper, [], Tolerance, _deviation);

        int o = _factors.Observed.Length, c = _factors.PointCount, i = o - c, m = _missing.Length;
        ReadOnlySpan<double> bt = _factors.Coefficients;
        for (int a = 0; a < m; a++) _mean[a] = _parameters.Mean[_missing[a]];
        for (int b = 0; b < o; b++) AddScaled.To(_mean.AsSpan(0, m), _deviation[b], bt.Slice(b * m, m));
        _factors.Residual.CopyTo(_covariance);
        if (i == 0) return true;
        // + B_I V B_Iᵀ
        Span<double> spread = _spread.AsSpan(0, i * m);
        spread.Clear();
        ReadOnlySpan<double> v = _propagation.Covariance, intervals = bt[(c * m)..];
        for (int a = 0; a < i; a++)
            for (int b = 0; b < i; b++) AddScaled.To(spread.Slice(a * m, m), v[a * _propagation.Stride + b], intervals.Slice(b * m, m));
        for (int a = 0; a < i; a++)
            for (int b = 0; b < m; b++) AddScaled.To(_covariance.AsSpan(b * m, m), intervals[a * m + b], spread.Slice(a * m, m));
        return true;
    }

    private bool IsSame() => _factors.PointCount == _points.Count && _factors.IntervalCount == _intervals.Count
        && _factors.Observed.AsSpan(0, _points.Count).SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_points))
        && _factors.Observed.AsSpan(_points.Count).SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_intervals));
}
