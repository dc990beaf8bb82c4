using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.LatentNormal;

/// <summary>The conditional distribution of a row's missing cells. A workspace for one thread.</summary>
/// <remarks>Given the row, the missing latent variables are N(m, C), LLᵀ = C: z = m + Lε. Draws choose ε one by one; the level of a nominal
/// category is drawn first, and its latent variables then within the intervals that belong to it.</remarks>
internal sealed class LatentRow : IRowConditional
{
    /// <summary>Keys the draw of a nominal level, away from those of its latent variables.</summary>
    private const int LevelDraw = 1 << 21;

    private readonly LatentNormalFit _fit;
    private readonly LatentLayout _layout;
    private readonly int[] _keys;
    private readonly LatentPosterior _posterior;
    private readonly double[] _deviation;
    private readonly double[] _factor; // L
    private readonly double[] _noise;  // ε
    private readonly double[] _fixedMean;
    private readonly double[] _fixedDeviation;
    private int[] _observed = [];
    private int[] _missing = [];
    private int[] _first = []; // the first latent variable of each missing cell, among the missing ones
    private bool _factored;

    /// <param name="fit">The model.</param>
    /// <param name="keys">The model's column of each column of the frame, which keys its draws.</param>
    public LatentRow(LatentNormalFit fit, int[] keys)
    {
        (_fit, _layout, _keys) = (fit, fit.Layout, keys);
        _posterior = new LatentPosterior(fit, keys);
        int q = _layout.Count;
        (_deviation, _noise, _fixedMean, _fixedDeviation) = (new double[q], new double[q], new double[q], new double[q]);
        _factor = new double[q * q];
    }

    /// <inheritdoc/>
    public double LogDensity
    {
        get
        {
            double jacobian = 0;
            foreach (int f in _observed) jacobian += _layout.Margins[_keys[f]].LogJacobian;
            return _posterior.LogEvidence + jacobian;
        }
    }

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
    {
        (_observed, _missing) = (observed.ToArray(), missing.ToArray());
        _first = new int[_missing.Length + 1];
        for (int a = 0; a < _missing.Length; a++) _first[a + 1] = _first[a] + Margin(a).LatentCount;
        _posterior.Begin(missing);
        return true;
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        if (!_posterior.Given(_observed, cells))
            throw new ImputationDataException("The latent covariance of a row's observed cells could not be factored; fit the model with a "
                + "ridge prior.");
        int m = _posterior.Missing.Length;
        for (int k = 0; k < m; k++) _deviation[k] = Math.Sqrt(Math.Max(0, _posterior.Covariance[k * m + k]));
        _factored = false;
    }

    /// <inheritdoc/>
    public double Mean(int a) => Margin(a).Fill(MeanOf(a), DeviationOf(a));

    /// <inheritdoc/>
    public double Deviation(int a) => Margin(a).Deviation(MeanOf(a)[0], DeviationOf(a)[0]);

    /// <inheritdoc/>
    public double Quantile(int a, double probability) =>
        Margin(a).Value(MeanOf(a)[0] + DeviationOf(a)[0] * TruncatedNormal.Quantile(probability));

    /// <inheritdoc/>
    public double Crps(int a, double value) => Margin(a).Crps(MeanOf(a)[0], DeviationOf(a)[0], value);

    /// <inheritdoc/>
    public int LevelCount(int a) => Margin(a).LevelCount;

    /// <inheritdoc/>
    public double LevelValue(int a, int level) => Margin(a).LevelValue(level);

    /// <inheritdoc/>
    public void Probabilities(int a, Span<double> target) => Margin(a).Probabilities(MeanOf(a), DeviationOf(a), target);

    /// <inheritdoc/>
    public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        Factor();
        return JointDraws.Within(bounds, values[.._missing.Length], (a, attempt, within) => DrawCell(a, row, seed, attempt, within));
    }

    /// <inheritdoc/>
    public double Next(int a)
    {
        Factor();
        for (int k = _first[a]; k < _first[a + 1]; k++) (_fixedMean[k], _fixedDeviation[k]) = Given(k, _first[a]);
        return Margin(a).Fill(_fixedMean.AsSpan(_first[a]..), _fixedDeviation.AsSpan(_first[a]..));
    }

    /// <inheritdoc/>
    /// <remarks>A value becomes its score, an interval the mean of the latent variable within it; four standard deviations count.</remarks>
    public void Fix(int a, double value)
    {
        Span<LatentCell> cells = new LatentCell[Margin(a).LatentCount];
        Margin(a).Read(value, cells);
        for (int k = _first[a]; k < _first[a + 1]; k++)
        {
            (double mean, double deviation) = Given(k, k);
            LatentCell cell = cells[k - _first[a]];
            double noise = cell.IsMissing ? 0 : cell.IsPoint ? (cell.Lower - mean) / deviation
                : TruncatedMoments.Of((cell.Lower - mean) / deviation, (cell.Upper - mean) / deviation).Mean;
            _noise[k] = Math.Clamp(noise, -4, 4);
        }
    }

    private double DrawCell(int a, long row, ulong seed, int attempt, Bounds bounds)
    {
        int first = _first[a], key = _keys[_missing[a]];
        if (Margin(a) is not NominalMargin nominal)
        {
            (double mean, double deviation) = Given(first, first);
            (double lower, double upper) = bounds.Any ? Margin(a).Limits(bounds) : (double.NegativeInfinity, double.PositiveInfinity);
            double u = CounterRandom.Uniform(seed, row, key, attempt);
            _noise[first] = TruncatedNormal.Quantile(u, (lower - mean) / deviation, (upper - mean) / deviation);
            return Margin(a).Value(mean + deviation * _noise[first]);
        }
        for (int k = first; k < _first[a + 1]; k++) (_fixedMean[k], _fixedDeviation[k]) = Given(k, first);
        double[] p = new double[nominal.LevelCount];
        nominal.Probabilities(_fixedMean.AsSpan(first..), _fixedDeviation.AsSpan(first..), p);
        double chance = CounterRandom.Uniform(seed, row, key, LevelDraw + attempt);
        int level = 0;
        for (double sum = p[0]; sum < chance && level < p.Length - 1; sum += p[level]) level++;

        // Its latent variables, each given those before it: above the threshold for the level drawn, below it for the others.
        for (int k = first; k < _first[a + 1]; k++)
        {
            (double mean, double deviation) = Given(k, k);
            double u = CounterRandom.Uniform(seed, row, _fit.Columns.Count + _layout.First[key] + k - first, attempt);
            double at = (nominal.Threshold(k - first) - mean) / deviation;
            int own = nominal.LatentOf(level);
            _noise[k] = own < 0 ? TruncatedNormal.Quantile(u) : k - first == own
                ? TruncatedNormal.Quantile(u, at, double.PositiveInfinity) : TruncatedNormal.Quantile(u, double.NegativeInfinity, at);
        }
        return level;
    }

    /// <summary>Mean and standard deviation of the k-th missing latent variable given the ε before the one at
    /// <paramref name="known"/>.</summary>
    private (double Mean, double Deviation) Given(int k, int known)
    {
        int m = _posterior.Missing.Length;
        ReadOnlySpan<double> row = _factor.AsSpan(k * m, k + 1);
        double square = Dot.Product(row[known..], row[known..]);
        return (_posterior.Mean[k] + Dot.Product(row[..known], _noise.AsSpan(0, known)), Math.Sqrt(square));
    }

    private void Factor()
    {
        if (_factored) return;
        int m = _posterior.Missing.Length;
        _posterior.Covariance.CopyTo(_factor);
        if (!Cholesky.Factor(_factor.AsSpan(0, m * m), m, m))
            throw new ImputationDataException("The latent covariance of a row's missing cells could not be factored; fit the model with a "
                + "ridge prior.");
        _factored = true;
    }

    private Margin Margin(int a) => _layout.Margins[_keys[_missing[a]]];

    private ReadOnlySpan<double> MeanOf(int a) => _posterior.Mean[_first[a].._first[a + 1]];

    private ReadOnlySpan<double> DeviationOf(int a) => _deviation.AsSpan(_first[a].._first[a + 1]);
}
