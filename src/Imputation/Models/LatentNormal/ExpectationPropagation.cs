using Imputation.Numerics;
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

    private readonly double[] _covariance = new double[mostIntervals * RankOne.Stride(mostIntervals)];
    private readonly double[] _mean = new double[mostIntervals];
    private readonly double[] _column = new double[RankOne.Stride(mostIntervals)];
    private readonly double[] _precision = new double[mostIntervals]; // τ̃
    private readonly double[] _shift = new double[mostIntervals];     // ν̃
    private SiteCavity? _cavity;
    private int _count;
    private int _stride;
    private LogProduct _ratio; // |V₀|/|V|
    private LogProduct _mass;  // of the sites, as in IntervalSite
    private double _log;

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
        double mass = Sweep(priorMean, priorCovariance, lower, upper, sites, tolerance);
        if (double.IsFinite(mass) || sites.IsEmpty) return mass;
        // Once more from nothing: the sites came from too far away.
        sites.Clear();
        Begin(priorMean, priorCovariance);
        return Sweep(priorMean, priorCovariance, lower, upper, sites, tolerance);
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

    private double Sweep(ReadOnlySpan<double> priorMean, ReadOnlySpan<double> priorCovariance, ReadOnlySpan<double> lower,
        ReadOnlySpan<double> upper, Span<double> sites, double tolerance)
    {
        int k = _count;
        _ratio = LogProduct.One;
        for (int j = 0; j < k; j++)
        {
            (_precision[j], _shift[j]) = sites.IsEmpty ? (0, 0) : (sites[2 * j], sites[2 * j + 1]);
            if (IntervalSite.IsUsable(_precision[j], _shift[j])) Move(j, _precision[j], _shift[j]);
            else (_precision[j], _shift[j]) = (0, 0);
        }
        bool moved = true;
        for (int sweep = 0; moved; sweep++)
        {
            // A last time without moves where they do not come to agree.
            double least = sweep == MostSweeps ? double.PositiveInfinity : tolerance;
            (moved, _mass, _log) = (false, LogProduct.One, 0);
            for (int j = 0; j < k; j++) moved |= Update(j, priorMean, priorCovariance, lower[j], upper[j], least);
        }
        for (int j = 0; j < k && !sites.IsEmpty; j++) (sites[2 * j], sites[2 * j + 1]) = (_precision[j], _shift[j]);
        // The evidence: ½ log|V|/|V₀|, and what the sites contribute.
        return _log + 0.5 * (_mass.Log - _ratio.Log);
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

    /// <summary>Chooses a site anew, the others being as they are; one that would change by no more than the tolerance stays.</summary>
    /// <returns>Whether it moved.</returns>
    private bool Update(int j, ReadOnlySpan<double> priorMean, ReadOnlySpan<double> priorCovariance, double lower, double upper,
        double tolerance)
    {
        double precision = _precision[j], shift = _shift[j];
        double variance = _covariance[j * _stride + j];
        (double cavity, double cavityMean) = SiteCavity.IsNeeded(variance, precision) ? Cavity(j, priorMean, priorCovariance)
            : IntervalSite.Cavity(variance, _mean[j], precision, shift);
        double change = IntervalSite.Choose(variance, _mean[j], cavity, cavityMean, priorMean[j], lower, upper, ref precision,
            ref shift, out double mass, out double log);
        _mass.Multiply(mass);
        _log += log;
        if (!(change > tolerance)) return false;
        Move(j, precision - _precision[j], shift - _shift[j]);
        (_precision[j], _shift[j]) = (precision, shift);
        return true;
    }

    private (double Variance, double Mean) Cavity(int j, ReadOnlySpan<double> priorMean, ReadOnlySpan<double> priorCovariance)
    {
        SiteCavity cavity = _cavity ??= new SiteCavity(mostIntervals);
        for (int i = 0; i < _count; i++)
        {
            priorCovariance.Slice(i * _count, i + 1).CopyTo(cavity.Prior.AsSpan(i * cavity.Stride));
            (cavity.PriorMean[i], cavity.Precision[i], cavity.Shift[i]) = (priorMean[i], _precision[i], _shift[i]);
        }
        return cavity.Of(j, _count);
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
        _ratio.Multiply(ratio);
    }
}
