using Imputation.Models.Gaussian;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.LatentNormal;

/// <summary>Expected first and second moments of the latent variables over some rows, about the mean, and the evidence. A workspace for one
/// thread.</summary>
internal sealed class LatentEStep(int q)
{
    private readonly LatentFactors _factors = new(q);
    private readonly ExpectationPropagation _propagation = new(q);
    private readonly double[] _deviation = new double[q];
    private readonly double[] _first = new double[q];      // Σ d_O of a group
    private readonly double[] _second = new double[q * q]; // Σ d_O d_Oᵀ of a group, lower triangle
    private readonly double[] _spread = new double[q * RankOne.Stride(q)]; // Σ V of a group
    private readonly double[] _regressed = new double[q * q];

    /// <summary>Σ E[z − μ].</summary>
    public double[] Sum { get; } = new double[q];

    /// <summary>Σ E[(z − μ)(z − μ)ᵀ], both triangles.</summary>
    public double[] Products { get; } = new double[q * q];

    /// <summary>Σ log evidence.</summary>
    public double Evidence { get; private set; }

    /// <summary>Σ |log evidence|: for the size of rounding errors.</summary>
    public double Size { get; private set; }

    /// <summary>Adds units <paramref name="first"/> to <paramref name="end"/> − 1. False where a factorisation fails.</summary>
    public bool Add(GaussianParameters parameters, LatentData data, SiteMemory sites, int first, int end, double tolerance,
        CancellationToken cancellation)
    {
        Array.Clear(Sum);
        Array.Clear(Products);
        Evidence = Size = 0;
        foreach (LatentGroup group in data.Groups)
        {
            int from = Math.Max(first, group.First), to = Math.Min(end, group.First + group.Count);
            if (from >= to) continue;
            cancellation.ThrowIfCancellationRequested();
            if (!_factors.Begin(parameters, group.Points, group.Intervals, group.Missing)) return false;
            int o = _factors.Observed.Length, k = _factors.IntervalCount;
            Array.Clear(_first, 0, o);
            Array.Clear(_second, 0, o * o);
            Array.Clear(_spread, 0, k * RankOne.Stride(k));
            double weight = 0;
            for (int unit = from; unit < to; unit++)
            {
                double count = data.Weights[unit];
                if (count == 0) continue;
                weight += count;
                double evidence = count * _factors.Posterior(parameters, _propagation, data.Lower(unit), data.Upper(unit), sites.Of(unit),
                    tolerance, _deviation);
                Evidence += evidence;
                Size += Math.Abs(evidence);
                AddScaled.To(_first.AsSpan(0, o), count, _deviation.AsSpan(0, o));
                for (int a = 0; a < o; a++)
                    AddScaled.To(_second.AsSpan(a * o, a + 1), count * _deviation[a], _deviation.AsSpan(0, a + 1));
                if (k > 0) AddScaled.To(_spread.AsSpan(0, _propagation.Covariance.Length), count, _propagation.Covariance);
            }
            if (weight > 0) AddGroup(weight);
        }
        return true;
    }

    /// <summary>E[d_O d_Oᵀ] = A = Σ d_O d_Oᵀ + V in the block of intervals; with d_M = B d_O + e, E[d_M d_Oᵀ] = B A and
    /// E[d_M d_Mᵀ] = B A Bᵀ + residual covariance.</summary>
    private void AddGroup(double weight)
    {
        int q = Sum.Length, o = _factors.Observed.Length, m = _factors.Missing.Length, c = _factors.PointCount, k = o - c;
        for (int a = 0; a < k; a++) AddScaled.To(_second.AsSpan((c + a) * o + c, a + 1), 1,
            _spread.AsSpan(a * RankOne.Stride(k), a + 1));
        for (int a = 0; a < o; a++)
            for (int b = 0; b < a; b++) _second[b * o + a] = _second[a * o + b];

        int[] observed = _factors.Observed, missing = _factors.Missing;
        for (int a = 0; a < o; a++)
        {
            Sum[observed[a]] += _first[a];
            for (int b = 0; b < o; b++) Products[observed[a] * q + observed[b]] += _second[a * o + b];
        }
        if (m == 0) return;
        ReadOnlySpan<double> bt = _factors.Coefficients, residual = _factors.Residual;
        Span<double> regressed = _regressed.AsSpan(0, o * m); // A Bᵀ, |O| × |M|
        regressed.Clear();
        for (int a = 0; a < o; a++)
        {
            for (int b = 0; b < o; b++) AddScaled.To(regressed.Slice(a * m, m), _second[a * o + b], bt.Slice(b * m, m));
            for (int b = 0; b < m; b++)
            {
                Sum[missing[b]] += bt[a * m + b] * _first[a];
                Products[observed[a] * q + missing[b]] += regressed[a * m + b];
                Products[missing[b] * q + observed[a]] += regressed[a * m + b];
            }
        }
        for (int a = 0; a < m; a++)
        {
            for (int b = 0; b <= a; b++)
            {
                double product = weight * residual[a * m + b];
                for (int s = 0; s < o; s++) product += bt[s * m + a] * regressed[s * m + b];
                Products[missing[a] * q + missing[b]] += product;
                if (b < a) Products[missing[b] * q + missing[a]] += product;
            }
        }
    }
}
