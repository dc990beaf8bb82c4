using Imputation.Models.Gaussian;
using Imputation.Models.MarkovChains;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.LatentNormal;

/// <summary>One chain of data augmentation of the latent normal model: latent variables given the parameters, then parameters given
/// these.</summary>
/// <remarks><para>I-step: in each row the latent variables that lie in intervals are drawn in turn, each given the row's points and the
/// others (Geweke 1991), then the missing ones given all of these. P-step, with c the latent variables that have a scale and b those
/// whose scale the data cannot show: Σ_cc is inverse Wishart as in the normal model, and given it the regression of b on c with its
/// residual covariance W, under the ridge of the fit.</para>
/// <para>The scales of b are not fixed in the P-step but drawn before it, and set to 1 afterwards (parameter expansion: Liu and Wu 1999;
/// Talhouk, Doucet and Murphy 2012), without which thresholds and means would hardly move. They are drawn as an inverse Wishart prior of
/// W with c + f degrees of freedom, f = max(2, ξ), and unit scale would have it; that is the prior |W|^−(q+f+1)/2 Π (W⁻¹)_kk^−(f−1)/2 at
/// scale 1. What is drawn under it is accepted or not, so that there is the factor exp(−½ξ Σ (W⁻¹)_kk) as well, which keeps the
/// correlations of b from ±1 as the ridge of EM does.</para></remarks>
internal sealed class LatentChain
{
    /// <summary>Keys of the P-step's and the start's numbers, away from those of rows.</summary>
    private const long PosteriorKey = -2, StartKey = -3;

    private readonly LatentData _data;
    private readonly LatentPrior _prior;
    private readonly int[] _order;          // c, then b
    private readonly int _scaledCount;
    private readonly (LatentGroup Group, int[] Rows, int[] Units)[] _groups;
    private readonly double[] _latent;      // rows × q
    private readonly LatentFactors _factors;
    private readonly double[] _deviation;
    private readonly int _rowCount;

    /// <param name="data">The data.</param>
    /// <param name="rowCount">Number of rows of the table.</param>
    /// <param name="prior">The prior of the fit, for the latent variables that have a scale.</param>
    public LatentChain(LatentData data, int rowCount, LatentPrior prior)
    {
        (_data, _prior) = (data, prior);
        int q = data.LatentCount;
        bool[] free = data.Layout.ScaleFree;
        _order = [.. Enumerable.Range(0, q).Where(k => !free[k]), .. Enumerable.Range(0, q).Where(k => free[k])];
        _scaledCount = free.Count(f => !f);
        _factors = new LatentFactors(q);
        _deviation = new double[q];
        var rows = new List<int>[data.UnitCount];
        for (int row = 0; row < rowCount; row++)
            if (data.UnitOf(row) is >= 0 and var unit) (rows[unit] ??= []).Add(row);
        int at = 0;
        _groups = [.. data.Groups.Select(g =>
        {
            int[] units = [.. Enumerable.Range(g.First, g.Count).SelectMany(u => Enumerable.Repeat(u, rows[u].Count))];
            return (g, units.Select(_ => at++).ToArray(), units);
        })];
        _rowCount = at;
        _latent = new double[(long)at * q];
    }

    /// <summary>The means of the latent variables within their intervals, to begin with.</summary>
    public void Begin(GaussianParameters parameters)
    {
        int q = parameters.Count;
        foreach ((LatentGroup group, int[] rows, int[] units) in _groups)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                Span<double> z = _latent.AsSpan(rows[i] * q, q);
                foreach (int k in group.Intervals)
                {
                    double mean = parameters.Mean[k], sd = Math.Sqrt(parameters.Covariance[k * q + k]);
                    z[k] = mean + sd * TruncatedMoments.Of((_data.Lower(units[i])[k] - mean) / sd,
                        (_data.Upper(units[i])[k] - mean) / sd).Mean;
                }
            }
        }
    }

    /// <summary>An I-step and a P-step. Null where a covariance is not positive definite.</summary>
    public GaussianParameters? Step(GaussianParameters current, DrawKey key)
    {
        int q = current.Count;
        double[] sum = new double[q], products = new double[q * q];
        foreach ((LatentGroup group, int[] rows, int[] units) in _groups)
        {
            if (rows.Length == 0) continue;
            if (!Impute(current, group, rows, units, key)) return null;
            foreach (int row in rows)
            {
                ReadOnlySpan<double> z = _latent.AsSpan(row * q, q);
                for (int k = 0; k < q; k++) _deviation[k] = z[k] - current.Mean[k];
                AddScaled.To(sum, 1, _deviation);
                for (int k = 0; k < q; k++) AddScaled.To(products.AsSpan(k * q, k + 1), _deviation[k], _deviation.AsSpan(0, k + 1));
            }
        }
        for (int i = 0; i < q; i++)
            for (int j = 0; j <= i; j++)
                products[i * q + j] = products[j * q + i] = products[i * q + j] - sum[i] * sum[j] / _rowCount;
        var mean = new double[q];
        for (int i = 0; i < q; i++) mean[i] = current.Mean[i] + sum[i] / _rowCount;
        var stream = new RandomStream(key.Seed, key.Chain, key.Iteration, PosteriorKey);
        double[] scales = Expand(ref stream, current, mean, products);
        if (Draw(ref stream, mean, products, _rowCount) is not var (drawn, unscaled)) return null;
        if (_prior.DegreesOfFreedom > 0 && !(Math.Log(stream.Uniform()) < Barrier(drawn) - Barrier(current))) return current;

        // The latent variables are as they were on the expanded scale.
        double[] origin = _data.Layout.Origin;
        for (int row = 0; row < _rowCount; row++)
        {
            Span<double> z = _latent.AsSpan(row * q, q);
            for (int s = _scaledCount; s < q; s++)
            {
                int k = _order[s];
                z[k] = origin[k] + (z[k] - origin[k]) * (scales[k] / unscaled[k]);
            }
        }
        return drawn;
    }

    /// <summary>The logarithm of the factor of the prior that the P-step does not draw under.</summary>
    private double Barrier(GaussianParameters at)
    {
        double sum = 0;
        for (int s = _scaledCount; s < at.Count; s++) sum += at.Precision[_order[s] * at.Count + _order[s]];
        return -0.5 * _prior.DegreesOfFreedom * sum;
    }

    /// <summary>f.</summary>
    private double Freedom => Math.Max(2, _prior.DegreesOfFreedom);

    /// <summary>A start about an estimate, spread as the posterior would be if there were only that many complete rows.</summary>
    public GaussianParameters? Disperse(GaussianParameters estimate, double rows, DrawKey key)
    {
        var stream = new RandomStream(key.Seed, key.Chain, key.Iteration, StartKey);
        double[] products = Array.ConvertAll(estimate.Covariance, x => x * rows);
        return Draw(ref stream, (double[])estimate.Mean.Clone(), products, rows)?.At;
    }

    /// <summary>Draws the latent variables of a group's rows.</summary>
    private bool Impute(GaussianParameters current, LatentGroup group, int[] rows, int[] units, DrawKey key)
    {
        if (!_factors.Begin(current, group.Points, group.Intervals, group.Missing)) return false;
        int q = current.Count, k = group.Intervals.Length, m = group.Missing.Length, o = _factors.Observed.Length;
        double[] precision = new double[k * k], residual = _factors.Residual.ToArray(), mean = new double[k], noise = new double[m];
        double[] factor = _factors.IntervalCovariance.ToArray();
        if (k > 0)
        {
            if (!Cholesky.Factor(factor, k, k)) return false;
            Cholesky.Invert(factor, k, k, precision);
        }
        if (m > 0 && !Cholesky.Factor(residual, m, m)) return false;
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<double> lower = _data.Lower(units[i]), upper = _data.Upper(units[i]);
            Span<double> z = _latent.AsSpan(rows[i] * q, q);
            foreach (int j in group.Points) z[j] = lower[j];
            var stream = new RandomStream(key.Seed, key.Chain, key.Iteration, rows[i]);
            _factors.IntervalMean(current, lower, mean);
            for (int a = 0; a < k; a++)
            {
                int j = group.Intervals[a];
                double pull = 0;
                for (int b = 0; b < k; b++)
                    if (b != a) pull += precision[a * k + b] * (z[group.Intervals[b]] - mean[b]);
                double sd = 1 / Math.Sqrt(precision[a * k + a]), at = mean[a] - pull * sd * sd;
                z[j] = at + sd * TruncatedNormal.Quantile(stream.Uniform(), (lower[j] - at) / sd, (upper[j] - at) / sd);
            }
            if (m == 0) continue;
            stream.Normals(noise);
            ReadOnlySpan<double> bt = _factors.Coefficients;
            for (int a = 0; a < m; a++)
            {
                double value = current.Mean[group.Missing[a]] + Dot.Product(residual.AsSpan(a * m, a + 1), noise.AsSpan(0, a + 1));
                for (int b = 0; b < o; b++) value += bt[b * m + a] * (z[_factors.Observed[b]] - current.Mean[_factors.Observed[b]]);
                z[group.Missing[a]] = value;
            }
        }
        return true;
    }

    /// <summary>Draws the scales of b, (W⁻¹)_kk over scale² being χ² with f − 1 degrees of freedom, and takes the moments to
    /// them.</summary>
    private double[] Expand(ref RandomStream stream, GaussianParameters current, double[] mean, double[] products)
    {
        int q = mean.Length;
        var scales = new double[q];
        for (int s = _scaledCount; s < q; s++)
        {
            int k = _order[s];
            double scale = scales[k] = Math.Sqrt(current.Precision[k * q + k] / stream.ChiSquared(Freedom - 1));
            mean[k] = _data.Layout.Origin[k] + scale * (mean[k] - _data.Layout.Origin[k]);
            for (int j = 0; j < q; j++)
            {
                products[k * q + j] *= scale;
                products[j * q + k] *= scale;
            }
        }
        return scales;
    }

    /// <summary>Σ and μ from the cross-products of completed rows about their mean, with the scales of b set to 1; and these scales. Both
    /// arrays are taken over.</summary>
    private (GaussianParameters At, double[] Scales)? Draw(ref RandomStream stream, double[] mean, double[] products, double rows)
    {
        int q = mean.Length, c = _scaledCount, b = q - c;
        for (int k = 0; k < q; k++) products[k * q + k] += _data.Layout.ScaleFree[k] ? 1 : _prior.Guess(k);
        var a = new double[q * q];
        Cholesky.Pick(products, q, _order, a);
        if (!Cholesky.Factor(a, q, q, GaussianParameters.DegenerateTolerance)) return null;
        double[] cc = Block(a, q, 0, c), bb = Block(a, q, c, b), scratch = new double[q * q];
        double[] right = new double[b * c], drawn = Block(a, q, 0, c);
        if (c > 0) Bartlett.DrawInverse(ref stream, Math.Max(rows - 1 + _prior.DegreesOfFreedom, c), c, drawn, scratch);
        if (b > 0) Bartlett.DrawInverse(ref stream, rows - 1 + Freedom, b, bb, scratch);

        // B = (A_bc F_cc⁻ᵀ + G_bb Z) F_cc⁻¹, a row at a time from its last element on.
        var z = new double[b];
        for (int j = 0; j < c; j++)
        {
            stream.Normals(z);
            for (int i = 0; i < b; i++)
                right[i * c + j] = a[(c + i) * q + j] + Dot.Product(bb.AsSpan(i * b, i + 1), z.AsSpan(0, i + 1));
        }
        for (int i = 0; i < b; i++)
        {
            Span<double> row = right.AsSpan(i * c, c);
            for (int j = c - 1; j >= 0; j--)
            {
                row[j] /= cc[j * c + j];
                AddScaled.To(row[..j], -row[j], cc.AsSpan(j * c, j));
            }
        }

        // The factor of Σ in that order: [G_cc 0; B G_cc  G_bb].
        var factor = new double[q * q];
        for (int i = 0; i < c; i++) drawn.AsSpan(i * c, i + 1).CopyTo(factor.AsSpan(i * q));
        for (int i = 0; i < b; i++)
        {
            for (int j = 0; j < c; j++) AddScaled.To(factor.AsSpan((c + i) * q, j + 1), right[i * c + j], drawn.AsSpan(j * c, j + 1));
            bb.AsSpan(i * b, i + 1).CopyTo(factor.AsSpan((c + i) * q + c));
        }
        var normal = new double[q];
        stream.Normals(normal);
        var covariance = new double[q * q];
        for (int i = 0; i < q; i++)
        {
            mean[_order[i]] += Dot.Product(factor.AsSpan(i * q, i + 1), normal.AsSpan(0, i + 1)) / Math.Sqrt(rows);
            for (int j = 0; j <= i; j++)
                covariance[_order[i] * q + _order[j]] = covariance[_order[j] * q + _order[i]]
                    = Dot.Product(factor.AsSpan(i * q, j + 1), factor.AsSpan(j * q, j + 1));
        }
        double[] scales = [.. Enumerable.Range(0, q).Select(k => Math.Sqrt(covariance[k * q + k]))];
        return LatentParameters.Normalised(mean, covariance, _data.Layout) is { } at ? (at, scales) : null;
    }

    private static double[] Block(double[] a, int q, int from, int count)
    {
        var block = new double[count * count];
        for (int i = 0; i < count; i++) a.AsSpan((from + i) * q + from, i + 1).CopyTo(block.AsSpan(i * count));
        return block;
    }
}
