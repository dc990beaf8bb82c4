using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.Gaussian;

/// <summary>The conditional normal distribution of a row's missing cells. A workspace for one thread.</summary>
/// <remarks>x_M | x_O ~ N(μ_M + B(x_O − μ_O), C), with LLᵀ = C; inside, everything is in standard deviations from the means.</remarks>
/// <param name="parameters">Means 0 and correlations.</param>
/// <param name="center">Means, in the units of the data.</param>
/// <param name="scale">Standard deviations, in the units of the data.</param>
/// <param name="keys">Index of each column in the model, which keys its draws.</param>
/// <param name="errors">The uncertainty of the estimates, computed when first asked for.</param>
internal sealed class GaussianRow(GaussianParameters parameters, double[] center, double[] scale, int[] keys,
    Lazy<IPredictionErrors?>? errors = null) : IRowConditional
{
    private const int MostJointDraws = 50;
    private const int GibbsSweeps = 100;
    private const double MostDeviations = 4;

    private readonly GaussianConditional _conditional = new(parameters.Count);
    private readonly double[] _mean = new double[parameters.Count];
    private readonly double[] _deviation = new double[parameters.Count];
    private readonly double[] _fixed = new double[parameters.Count]; // z of the cells fixed, filled = mean + Lz
    private int[] _observed = [];
    private int[] _missing = [];
    private double[] _covariance = []; // C
    private double[] _factor = [];     // L
    private double[]? _precision;
    private (bool Known, IPatternErrors? Errors) _pattern;
    private double _predicted;

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
    {
        (_observed, _missing, _precision, _pattern) = (observed.ToArray(), missing.ToArray(), null, default);
        int m = _missing.Length;
        if (m > 0 && _observed.Length > 0 && !_conditional.Compute(parameters, _observed, _missing)) return false;
        _covariance = Covariance();
        if (!draws) return true;
        _factor = (double[])_covariance.Clone();
        return Cholesky.Factor(_factor, m, m);
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        int o = _observed.Length, m = _missing.Length;
        Array.Clear(_fixed, 0, m);
        if (o == 0)
        {
            Array.Clear(_mean, 0, m);
            return;
        }
        Span<double> deviation = _deviation.AsSpan(0, o);
        for (int b = 0; b < o; b++) deviation[b] = (cells[_observed[b]] - center[_observed[b]]) / scale[_observed[b]];
        for (int a = 0; a < m; a++) _mean[a] = Dot.Product(_conditional.Coefficients.Slice(a * o, o), deviation);
    }

    /// <inheritdoc/>
    public double Mean(int a) => center[_missing[a]] + scale[_missing[a]] * _mean[a];

    /// <inheritdoc/>
    public double Deviation(int a) => scale[_missing[a]] * Math.Sqrt(Math.Max(0, _covariance[a * _missing.Length + a]));

    /// <inheritdoc/>
    public PredictiveSpread Prediction(int a)
    {
        if (!_pattern.Known)
            _pattern = (true, errors?.Value?.For(Array.ConvertAll(_observed, b => keys[b]), Array.ConvertAll(_missing, b => keys[b])));
        return _pattern.Errors is not { } pattern || Deviation(a) == 0 ? new PredictiveSpread(Deviation(a), double.PositiveInfinity)
            : new PredictiveSpread(Deviation(a) * pattern.Factor(a, _deviation), pattern.DegreesOfFreedom(a));
    }

    /// <inheritdoc/>
    public double Quantile(int a, double probability) =>
        Mean(a) + Deviation(a) * TruncatedNormal.Quantile(probability, double.NegativeInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public double Crps(int a, double value) => Statistics.Crps.Normal(Mean(a), Deviation(a), value);

    /// <inheritdoc/>
    /// <remarks>−½(o log 2π + log|Σ_OO| + d_Oᵀ Σ_OO⁻¹ d_O) − Σ log s over the observed columns, s being their scales.</remarks>
    public double LogDensity
    {
        get
        {
            int o = _observed.Length, p = parameters.Count;
            var factor = new double[o * o];
            for (int a = 0; a < o; a++)
                for (int b = 0; b <= a; b++) factor[a * o + b] = parameters.Covariance[_observed[a] * p + _observed[b]];
            if (!Cholesky.Factor(factor, o, o)) return double.NaN;
            double[] solved = _deviation[..o];
            double quadratic = Cholesky.Mahalanobis(factor, solved), logScale = 0;
            foreach (int j in _observed) logScale += Math.Log(scale[j]);
            return -0.5 * (o * Math.Log(2 * Math.PI) + Cholesky.LogDeterminant(factor, o, o) + quadratic) - logScale;
        }
    }

    /// <inheritdoc/>
    public double Next(int a)
    {
        _predicted = _mean[a] + Dot.Product(_factor.AsSpan(a * _missing.Length, a), _fixed.AsSpan(0, a));
        return center[_missing[a]] + scale[_missing[a]] * _predicted;
    }

    /// <inheritdoc/>
    /// <remarks>A value further off than chance would have it says nothing about the other cells: four standard deviations count.</remarks>
    public void Fix(int a, double value)
    {
        int j = _missing[a];
        _fixed[a] = Math.Clamp(((value - center[j]) / scale[j] - _predicted) / _factor[a * _missing.Length + a], -MostDeviations,
            MostDeviations);
    }

    /// <inheritdoc/>
    /// <remarks>Joint draws until one falls inside; where that is rare, Gibbs sampling. Columns without bounds are drawn given those
    /// with.</remarks>
    public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        int m = _missing.Length, bounded = 0;
        while (bounded < m && bounds[bounded].Any) bounded++;
        Span<double> z = m <= 128 ? stackalloc double[m] : new double[m]; // value = mean + Lz

        bool inside = false;
        int attempt = -1;
        while (!inside && ++attempt < MostJointDraws)
        {
            inside = true;
            for (int a = 0; a < bounded; a++)
            {
                z[a] = CounterRandom.Normal(seed, row, keys[_missing[a]], attempt);
                values[a] = _mean[a] + Dot.Product(_factor.AsSpan(a * m, a + 1), z[..(a + 1)]);
                inside &= values[a] >= Lower(a, bounds) && values[a] <= Upper(a, bounds);
            }
        }
        if (!inside) Gibbs(row, seed, bounded, bounds, values, z);

        for (int a = bounded; a < m; a++)
        {
            z[a] = CounterRandom.Normal(seed, row, keys[_missing[a]], 0);
            values[a] = _mean[a] + Dot.Product(_factor.AsSpan(a * m, a + 1), z[..(a + 1)]);
        }
        for (int a = 0; a < m; a++) values[a] = center[_missing[a]] + scale[_missing[a]] * values[a];
        return attempt > 0;
    }

    /// <summary>Where joint draws rarely fall inside: Gibbs sampling of the bounded columns from their truncated full conditionals,
    /// the others integrated out (Geweke 1991).</summary>
    private void Gibbs(long row, ulong seed, int k, ReadOnlySpan<Bounds> bounds, Span<double> value, Span<double> z)
    {
        int m = _missing.Length;
        if (_precision is null)
        {
            var factor = new double[k * k];
            for (int a = 0; a < k; a++) _factor.AsSpan(a * m, a + 1).CopyTo(factor.AsSpan(a * k));
            Cholesky.Invert(factor, k, k, _precision = new double[k * k]);
        }
        for (int a = 0; a < k; a++) value[a] = Math.Clamp(_mean[a], Lower(a, bounds), Upper(a, bounds));
        for (int sweep = 0; sweep < GibbsSweeps; sweep++)
        {
            for (int a = 0; a < k; a++)
            {
                double q = _precision[a * k + a], pull = 0;
                for (int b = 0; b < k; b++)
                    if (b != a) pull += _precision[a * k + b] * (value[b] - _mean[b]);
                double mean = _mean[a] - pull / q, deviation = 1 / Math.Sqrt(q);
                double u = CounterRandom.Uniform(seed, row, keys[_missing[a]], MostJointDraws + sweep);
                value[a] = mean + deviation * TruncatedNormal.Quantile(u, (Lower(a, bounds) - mean) / deviation,
                    (Upper(a, bounds) - mean) / deviation);
            }
        }
        for (int a = 0; a < k; a++) z[a] = (value[a] - _mean[a] - Dot.Product(_factor.AsSpan(a * m, a), z[..a])) / _factor[a * m + a];
    }

    private double Lower(int a, ReadOnlySpan<Bounds> bounds) => (bounds[a].Lower - center[_missing[a]]) / scale[_missing[a]];

    private double Upper(int a, ReadOnlySpan<Bounds> bounds) => (bounds[a].Upper - center[_missing[a]]) / scale[_missing[a]];

    private double[] Covariance()
    {
        if (_observed.Length > 0) return _conditional.Covariance.ToArray();
        int m = _missing.Length, p = parameters.Count;
        var covariance = new double[m * m];
        for (int a = 0; a < m; a++)
            for (int b = 0; b < m; b++) covariance[a * m + b] = parameters.Covariance[_missing[a] * p + _missing[b]];
        return covariance;
    }
}
