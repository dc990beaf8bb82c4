using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.Factor;

/// <summary>The conditional distribution of a row's missing cells. A workspace for one thread.</summary>
/// <remarks>Given the row, the factors are N(z, V), and a missing cell is λ_jᵀz + e_j with a variance of λ_jᵀVλ_j + ψ_j: cells depend on
/// one another through the factors alone, so that nothing here is larger than q × q. Inside, everything is in standard deviations from the
/// means.</remarks>
/// <param name="parameters">Means 0 and variances 1.</param>
/// <param name="center">Means, in the units of the data.</param>
/// <param name="scale">Standard deviations, in the units of the data.</param>
/// <param name="keys">Index of each column in the model, which keys its draws.</param>
/// <param name="columnCount">The model's number of columns; numbers from there on key the draws of factors.</param>
/// <param name="errors">The uncertainty of the estimates; null where there is none.</param>
internal sealed class FactorRow(FactorParameters parameters, double[] center, double[] scale, int[] keys, int columnCount,
    IPredictionErrors? errors) : IRowConditional
{
    private const int MostJointDraws = 50;
    private const int GibbsSweeps = 100;
    private const double MostDeviations = 4;

    private readonly int _q = parameters.FactorCount;
    private readonly FactorPosterior _posterior = new(parameters);
    private readonly double[] _deviations = new double[parameters.ColumnCount];
    private readonly double[] _drawn = new double[parameters.FactorCount];
    private readonly double[] _fixedMean = new double[parameters.FactorCount]; // z and V given the cells fixed too
    private readonly double[] _fixedCovariance = new double[parameters.FactorCount * parameters.FactorCount];
    private bool _fixing;
    private int[] _observed = [];
    private int[] _missing = [];
    private double[] _variance = [];
    private double[] _root = []; // of V
    private IPatternErrors? _errors;

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
    {
        (_observed, _missing, _fixing) = (observed.ToArray(), missing.ToArray(), false);
        if (!_posterior.Begin(_observed)) return false;
        _variance = new double[_missing.Length];
        for (int a = 0; a < _variance.Length; a++)
            _variance[a] = Spread(_missing[a], _posterior.Covariance) + parameters.Uniquenesses[_missing[a]];
        _errors = errors?.For(Array.ConvertAll(_observed, b => keys[b]), Array.ConvertAll(_missing, b => keys[b]));
        if (!draws) return true;
        _root = (double[])_posterior.Covariance.Clone();
        return Cholesky.Factor(_root, _q, _q);
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        for (int b = 0; b < _observed.Length; b++)
            _deviations[b] = (cells[_observed[b]] - center[_observed[b]]) / scale[_observed[b]];
        _posterior.Given(_deviations.AsSpan(0, _observed.Length));
        _fixing = false;
    }

    /// <inheritdoc/>
    public double Mean(int a) => InUnits(a, Dot.Product(parameters.Loading(_missing[a]), _posterior.Mean));

    /// <inheritdoc/>
    public double Deviation(int a) => scale[_missing[a]] * Math.Sqrt(_variance[a]);

    /// <inheritdoc/>
    public PredictiveSpread Prediction(int a) => _errors is null ? new PredictiveSpread(Deviation(a), double.PositiveInfinity)
        : new PredictiveSpread(Deviation(a) * _errors.Factor(a, []), _errors.DegreesOfFreedom(a));

    /// <inheritdoc/>
    public double Quantile(int a, double probability) => Mean(a) + Deviation(a) * TruncatedNormal.Quantile(probability);

    /// <inheritdoc/>
    public double Crps(int a, double value) => Statistics.Crps.Normal(Mean(a), Deviation(a), value);

    /// <inheritdoc/>
    public double LogDensity
    {
        get
        {
            double logScale = 0;
            foreach (int j in _observed) logScale += Math.Log(scale[j]);
            return -0.5 * (_observed.Length * Math.Log(2 * Math.PI) + _posterior.LogDeterminant + _posterior.Quadratic) - logScale;
        }
    }

    /// <inheritdoc/>
    public double Next(int a)
    {
        if (!_fixing)
        {
            _posterior.Mean.CopyTo(_fixedMean, 0);
            _posterior.Covariance.CopyTo(_fixedCovariance, 0);
            _fixing = true;
        }
        return InUnits(a, Dot.Product(parameters.Loading(_missing[a]), _fixedMean));
    }

    /// <inheritdoc/>
    /// <remarks>The cell becomes an observed one: z ← z + g (x − λᵀz), V ← V − g (Vλ)ᵀ, g = Vλ / (λᵀVλ + ψ). A value further off than
    /// chance would have it says nothing about the other cells: four standard deviations count.</remarks>
    public void Fix(int a, double value)
    {
        int j = _missing[a], q = _q;
        ReadOnlySpan<double> loading = parameters.Loading(j);
        double variance = Spread(j, _fixedCovariance) + parameters.Uniquenesses[j], most = MostDeviations * Math.Sqrt(variance);
        double off = Math.Clamp((value - center[j]) / scale[j] - Dot.Product(loading, _fixedMean), -most, most);
        Span<double> gain = q <= 64 ? stackalloc double[q] : new double[q];
        for (int k = 0; k < q; k++) gain[k] = Dot.Product(_fixedCovariance.AsSpan(k * q, q), loading);
        for (int k = 0; k < q; k++)
        {
            _fixedMean[k] += gain[k] / variance * off;
            for (int l = 0; l < q; l++) _fixedCovariance[k * q + l] -= gain[k] * gain[l] / variance;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Factors are drawn, then cells given them, until all are inside their bounds; where that is rare, Gibbs sampling.</remarks>
    public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        int m = _missing.Length, bounded = 0;
        while (bounded < m && bounds[bounded].Any) bounded++;
        bool inside = false;
        int attempt = -1;
        while (!inside && ++attempt < MostJointDraws)
        {
            inside = true;
            DrawFactors(row, seed, attempt, _root, _posterior.Mean);
            for (int a = 0; a < bounded && inside; a++)
            {
                values[a] = DrawCell(a, CounterRandom.Uniform(seed, row, keys[_missing[a]], attempt), Bounds.None);
                inside = values[a] >= Limit(a, bounds[a].Lower) && values[a] <= Limit(a, bounds[a].Upper);
            }
        }
        if (!inside) Gibbs(row, seed, bounds[..bounded], values);
        for (int a = bounded; a < m; a++) values[a] = DrawCell(a, CounterRandom.Uniform(seed, row, keys[_missing[a]], 0), Bounds.None);
        for (int a = 0; a < m; a++) values[a] = InUnits(a, values[a]);
        return attempt > 0;
    }

    /// <summary>Where joint draws rarely fall inside: cells from their truncated normal distributions given the factors, and factors given
    /// these cells, in turn.</summary>
    private void Gibbs(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        int q = _q;
        // The bounded cells as observed ones: their posterior is that of a row with more observed.
        int[] known = [.. _observed, .. _missing.AsSpan(0, bounds.Length)];
        var posterior = new FactorPosterior(parameters);
        if (!posterior.Begin(known)) return;
        var root = (double[])posterior.Covariance.Clone();
        if (!Cholesky.Factor(root, q, q)) return;
        var deviations = new double[known.Length];
        _deviations.AsSpan(0, _observed.Length).CopyTo(deviations);
        _posterior.Mean.CopyTo(_drawn, 0);
        for (int sweep = 0; sweep < GibbsSweeps; sweep++)
        {
            int draw = MostJointDraws + sweep;
            for (int a = 0; a < bounds.Length; a++)
                deviations[_observed.Length + a] = values[a] =
                    DrawCell(a, CounterRandom.Uniform(seed, row, keys[_missing[a]], draw), bounds[a]);
            posterior.Given(deviations);
            DrawFactors(row, seed, draw, root, posterior.Mean);
        }
    }

    private void DrawFactors(long row, ulong seed, int draw, double[] root, double[] mean)
    {
        for (int k = _q - 1; k >= 0; k--) _drawn[k] = CounterRandom.Normal(seed, row, columnCount + k, draw);
        for (int k = _q - 1; k >= 0; k--) _drawn[k] = mean[k] + Dot.Product(root.AsSpan(k * _q, k + 1), _drawn.AsSpan(0, k + 1));
    }

    /// <summary>A cell given the factors drawn, within bounds.</summary>
    private double DrawCell(int a, double uniform, Bounds bounds)
    {
        double mean = Dot.Product(parameters.Loading(_missing[a]), _drawn), deviation = Math.Sqrt(parameters.Uniquenesses[_missing[a]]);
        return mean + deviation * (bounds.Any ? TruncatedNormal.Quantile(uniform, (Limit(a, bounds.Lower) - mean) / deviation,
            (Limit(a, bounds.Upper) - mean) / deviation) : TruncatedNormal.Quantile(uniform));
    }

    private double Spread(int j, double[] covariance)
    {
        ReadOnlySpan<double> loading = parameters.Loading(j);
        double sum = 0;
        for (int k = 0; k < _q; k++) sum += loading[k] * Dot.Product(covariance.AsSpan(k * _q, _q), loading);
        return Math.Max(sum, 0);
    }

    private double InUnits(int a, double x) => center[_missing[a]] + scale[_missing[a]] * x;

    private double Limit(int a, double bound) => (bound - center[_missing[a]]) / scale[_missing[a]];
}
