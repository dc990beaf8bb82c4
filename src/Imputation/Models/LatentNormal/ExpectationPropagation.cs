using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;

namespace Imputation.Models.LatentNormal;

/// <summary>Moments and mass of a normal distribution cut to a box, by expectation propagation. A workspace for one thread.</summary>
/// <remarks>Minka (2001); Rasmussen and Williams (2006), §3.6; for boxes Cunningham, Hennig and Lacoste-Julien (2011). Each interval is
/// replaced by a site exp(−½τ̃z² + ν̃z), chosen so that with all other sites it has the moments that the interval itself would give. Exact
/// where there is one interval.</remarks>
internal sealed class ExpectationPropagation(int mostIntervals)
{
    private const int MostSweeps = 200;

    /// <summary>Sites as large as this are not begun with.</summary>
    private const double FarOut = 1e6;

    private readonly double[] _covariance = new double[mostIntervals * RankOne.Stride(mostIntervals)];
    private readonly double[] _mean = new double[mostIntervals];
    private readonly double[] _column = new double[RankOne.Stride(mostIntervals)];
    private readonly double[] _precision = new double[mostIntervals]; // τ̃
    private readonly double[] _shift = new double[mostIntervals];     // ν̃
    private int _count;
    private int _stride;
    private double _logRatio; // log|V| − log|V₀|

    /// <summary>Posterior mean.</summary>
    public ReadOnlySpan<double> Mean => _mean.AsSpan(0, _count);

    /// <summary>Posterior covariance, both triangles; rows are <see cref="Stride"/> apart.</summary>
    public ReadOnlySpan<double> Covariance => _covariance.AsSpan(0, _count * _stride);

    /// <summary>Distance of rows of the covariance.</summary>
    public int Stride => _stride;

    /// <summary>The sites' precisions τ̃.</summary>
    public ReadOnlySpan<double> SitePrecision => _precision.AsSpan(0, _count);

    /// <summary>The sites' shifts ν̃.</summary>
    public ReadOnlySpan<double> SiteShift => _shift.AsSpan(0, _count);

    /// <summary>Moves the sites until they agree.</summary>
    /// <param name="priorMean">Mean before the intervals are known.</param>
    /// <param name="priorCovariance">Covariance, both triangles.</param>
    /// <param name="lower">Lower ends.</param>
    /// <param name="upper">Upper ends.</param>
    /// <param name="sites">Two numbers for each interval: where to begin, and where it ended; empty to begin from nothing.</param>
    /// <param name="tolerance">Largest change of a site in a last sweep, in standard deviations.</param>
    /// <returns>The logarithm of the mass in the box.</returns>
    public double Run(ReadOnlySpan<double> priorMean, ReadOnlySpan<double> priorCovariance, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper, Span<double> sites, double tolerance)
    {
        int k = _count = priorMean.Length;
        _stride = RankOne.Stride(k);
        if (k == 0) return 0;
        Begin(priorMean, priorCovariance);
        if (k == 1) return Single(lower[0], upper[0]);
        double mass = Sweep(priorMean, lower, upper, sites, tolerance);
        if (double.IsFinite(mass) || sites.IsEmpty) return mass;
        // Once more from nothing: the sites came from too far away.
        sites.Clear();
        Begin(priorMean, priorCovariance);
        return Sweep(priorMean, lower, upper, sites, tolerance);
    }

    private void Begin(ReadOnlySpan<double> priorMean, ReadOnlySpan<double> priorCovariance)
    {
        priorMean.CopyTo(_mean);
        for (int i = 0; i < _count; i++)
        {
            Span<double> row = _covariance.AsSpan(i * _stride, _stride);
            priorCovariance.Slice(i * _count, _count).CopyTo(row);
            row[_count..].Clear();
        }
        _column.AsSpan(_count, _stride - _count).Clear();
    }

    private double Sweep(ReadOnlySpan<double> priorMean, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, Span<double> sites,
        double tolerance)
    {
        int k = _count;
        _logRatio = 0;
        for (int j = 0; j < k; j++)
        {
            (_precision[j], _shift[j]) = sites.IsEmpty ? (0, 0) : (sites[2 * j], sites[2 * j + 1]);
            // A point far out, tried and rejected, can leave sites that are no use anywhere else.
            if (_precision[j] > 0 && _precision[j] < FarOut && Math.Abs(_shift[j]) < FarOut) Move(j, _precision[j], _shift[j]);
            else (_precision[j], _shift[j]) = (0, 0);
        }
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double largest = 0;
            for (int j = 0; j < k; j++) largest = Math.Max(largest, Update(j, lower[j], upper[j], tolerance));
            if (largest <= tolerance) break;
        }
        for (int j = 0; j < k && !sites.IsEmpty; j++) (sites[2 * j], sites[2 * j + 1]) = (_precision[j], _shift[j]);
        return LogMass(priorMean, lower, upper);
    }

    /// <summary>One interval: the moments of the cut distribution themselves.</summary>
    private double Single(double lower, double upper)
    {
        double variance = _covariance[0], deviation = Math.Sqrt(variance);
        (double mass, double mean, double cut) = TruncatedMoments.Of((lower - _mean[0]) / deviation, (upper - _mean[0]) / deviation);
        double posterior = _mean[0] + deviation * mean;
        _precision[0] = Math.Max(0, 1 / (cut * variance) - 1 / variance);
        _shift[0] = posterior / (cut * variance) - _mean[0] / variance;
        (_mean[0], _covariance[0]) = (posterior, cut * variance);
        return mass;
    }

    /// <summary>Chooses a site anew, the others being as they are; one that would change by less than the tolerance stays.</summary>
    /// <returns>By how much it would change.</returns>
    private double Update(int j, double lower, double upper, double tolerance)
    {
        // The cavity: the distribution without the site. V_jj τ̃ < 1 as the site is part of V.
        double v = _covariance[j * _stride + j], m = _mean[j], without = Math.Max(1 - v * _precision[j], 1e-10);
        double variance = v / without, mean = (m - v * _shift[j]) / without, deviation = Math.Sqrt(variance);
        (double cutMean, double cutVariance) = TruncatedMoments.Moments((lower - mean) / deviation, (upper - mean) / deviation);

        // τ̃ = 1/v̂ − 1/s² with v̂ = c s²; by rounding it could be below 0.
        double precision = Math.Max(0, (1 - cutVariance) / (cutVariance * variance));
        double shift = cutMean / (cutVariance * deviation) + mean * precision;
        double byPrecision = precision - _precision[j], byShift = shift - _shift[j];
        double change = Math.Max(Math.Abs(byPrecision) * v, Math.Abs(byShift - byPrecision * m) * Math.Sqrt(v));
        if (change <= tolerance) return change;
        (_precision[j], _shift[j]) = (precision, shift);
        Move(j, byPrecision, byShift);
        return change;
    }

    /// <summary>V ← V − Δτ/(1 + Δτ V_jj) V_·j V_j·, m ← m + (Δν − Δτ m_j)/(1 + Δτ V_jj) V_·j.</summary>
    private void Move(int j, double byPrecision, double byShift)
    {
        int k = _count;
        double v = _covariance[j * _stride + j], ratio = 1 + byPrecision * v;
        Span<double> column = _column.AsSpan(0, _stride);
        _covariance.AsSpan(j * _stride, k).CopyTo(column);
        AddScaled.To(_mean.AsSpan(0, k), (byShift - byPrecision * _mean[j]) / ratio, column[..k]);
        RankOne.To(_covariance, k, -byPrecision / ratio, column);
        _logRatio -= Math.Log(ratio);
    }

    /// <summary>The evidence: the integral of the prior times the sites, and for each site the mass of its interval over that of the site,
    /// under the cavity. About the cavity's or the prior's mean, so that large parts do not cancel.</summary>
    private double LogMass(ReadOnlySpan<double> priorMean, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        int k = _count;
        double sum = 0.5 * _logRatio;
        for (int j = 0; j < k; j++)
        {
            // log ∫ N(z; m₀, V₀) Π sites = Σ(−½τ̃m₀² + ν̃m₀) + ½ bᵀ(m − m₀) + ½ log|V|/|V₀|, b = ν̃ − τ̃m₀
            double m0 = priorMean[j], pull = _shift[j] - _precision[j] * m0;
            sum += m0 * (_shift[j] - 0.5 * _precision[j] * m0) + 0.5 * pull * (_mean[j] - m0);

            double v = _covariance[j * _stride + j], without = Math.Max(1 - v * _precision[j], 1e-10), variance = v / without;
            double mean = (_mean[j] - v * _shift[j]) / without, deviation = Math.Sqrt(variance);
            double cavityPull = _shift[j] - _precision[j] * mean;
            double site = mean * (_shift[j] - 0.5 * _precision[j] * mean) + 0.5 * cavityPull * cavityPull * v
                - 0.5 * Math.Log(1 + _precision[j] * variance);
            sum += TruncatedMoments.LogMass((lower[j] - mean) / deviation, (upper[j] - mean) / deviation) - site;
        }
        return sum;
    }
}
