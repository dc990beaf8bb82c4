using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.Mixture;

/// <summary>The conditional distribution of a row's missing cells: of each component a normal distribution of the numbers and its
/// probabilities of levels, weighted by the component's share given the observed cells. A workspace for one thread.</summary>
internal sealed class MixtureRow : IRowConditional
{
    private const double MostDeviations = 4;

    /// <summary>Share from which on a row's component is decided, and how far the density at the mean may be below that at the highest
    /// hump.</summary>
    private const double Decided = 0.9, WellBelow = 0.5;

    private readonly NormalMixtureFit _fit;
    private readonly MixtureLayout _layout;
    private readonly MixtureParameters _parameters;
    private readonly double[] _center, _scale;
    private readonly int[] _keys;
    private readonly int _k;
    private readonly GaussianConditional[] _conditionals;
    private readonly double[] _shares;      // of the components, given the observed cells
    private readonly double[] _drawnShares; // given fixed ones too
    private readonly double[] _constants, _deviation;
    private int[] _missing = [], _observedNumbers = [], _observedLevels = [], _numbers = []; // _numbers: place of each missing cell
    private int[] _missingNumbers = [];
    private double[][] _means = [], _deviations = []; // of each missing cell, for each component
    private double[][] _factors = [];                 // L of each component, LLᵀ = C
    private double[][] _fixed = [];                   // z of each component

    public MixtureRow(NormalMixtureFit fit, int[] keys)
    {
        (_fit, _layout, _keys, _k) = (fit, fit.Layout, keys, fit.Weights.Count);
        (_center, _scale, _parameters) = (fit.Parts.Center, fit.Parts.Scale, fit.Parts.Parameters);
        _conditionals = [.. _parameters.Normals.Select(_ => new GaussianConditional(_layout.NumberCount))];
        (_shares, _drawnShares, _constants) = (new double[_k], new double[_k], new double[_k]);
        _deviation = new double[_layout.NumberCount];
    }

    /// <summary>Shares of the components given the row's observed cells.</summary>
    public ReadOnlySpan<double> Shares => _shares;

    /// <inheritdoc/>
    public double LogDensity { get; private set; }

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
    {
        _missing = missing.ToArray();
        int[] seen = observed.ToArray();
        (_observedNumbers, _observedLevels) = ([.. seen.Where(j => !IsLevel(j))], [.. seen.Where(IsLevel)]);
        _missingNumbers = [.. _missing.Where(j => !IsLevel(j))];
        _numbers = [.. _missing.Select(j => Array.IndexOf(_missingNumbers, j))];
        int m = _missingNumbers.Length;
        int[] o = [.. _observedNumbers.Select(Place)], lacking = [.. _missingNumbers.Select(Place)];
        (_means, _deviations) = ([.. lacking.Select(_ => new double[_k])], [.. lacking.Select(_ => new double[_k])]);
        (_factors, _fixed) = (new double[_k][], [.. Enumerable.Range(0, _k).Select(_ => new double[m])]);
        for (int c = 0; c < _k; c++)
        {
            _constants[c] = MixtureParameters.LogOf(_parameters.Weights[c]);
            if (_conditionals.Length == 0) continue;
            GaussianConditional conditional = _conditionals[c];
            if (!conditional.FromCovariance(_parameters.Normals[c], o, lacking)) return false;
            _constants[c] -= 0.5 * (conditional.LogDeterminantObserved + o.Length * Math.Log(2 * Math.PI));
            foreach (int j in o) _constants[c] -= Math.Log(_scale[j]);
            for (int a = 0; a < m; a++)
                _deviations[a][c] = _scale[lacking[a]] * Math.Sqrt(Math.Max(0, conditional.Covariance[a * m + a]));
            if (!draws) continue;
            _factors[c] = conditional.Covariance.ToArray();
            if (!Cholesky.Factor(_factors[c], m, m)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        int o = _observedNumbers.Length;
        Span<double> deviation = _deviation.AsSpan(0, o);
        double most = double.NegativeInfinity, sum = 0;
        for (int c = 0; c < _k; c++)
        {
            double log = _constants[c];
            double[] logs = _parameters.LogLevels[c];
            foreach (int j in _observedLevels)
            {
                int category = Place(j), level = (int)cells[j];
                // A level that the model does not know says nothing.
                if (level >= 0 && level < _layout.LevelCount(category)) log += logs[_layout.Starts[category] + level];
            }
            if (_conditionals.Length > 0)
            {
                double[] mean = _parameters.Normals[c].Mean;
                for (int b = 0; b < o; b++)
                {
                    int j = Place(_observedNumbers[b]);
                    deviation[b] = (cells[_observedNumbers[b]] - _center[j]) / _scale[j] - mean[j];
                }
                for (int a = 0; a < _missingNumbers.Length; a++)
                {
                    int j = Place(_missingNumbers[a]);
                    double along = Dot.Product(_conditionals[c].Coefficients.Slice(a * o, o), deviation);
                    _means[a][c] = _center[j] + _scale[j] * (mean[j] + along);
                }
                log -= 0.5 * Cholesky.Mahalanobis(_conditionals[c].ObservedFactor, deviation);
            }
            _shares[c] = log;
            most = Math.Max(most, log);
            Array.Clear(_fixed[c]);
        }
        foreach (ref double share in _shares.AsSpan()) sum += share = Math.Exp(share - most);
        foreach (ref double share in _shares.AsSpan()) share /= sum;
        LogDensity = most + Math.Log(sum);
        _shares.CopyTo(_drawnShares, 0);
    }

    /// <inheritdoc/>
    public double Mean(int a) => _numbers[a] < 0 ? Best(a, _shares) : Dot.Product(_shares, _means[_numbers[a]]);

    /// <inheritdoc/>
    public double Deviation(int a)
    {
        if (_numbers[a] < 0) return double.NaN;
        double mean = Mean(a), square = 0;
        double[] means = _means[_numbers[a]], deviations = _deviations[_numbers[a]];
        for (int c = 0; c < _k; c++)
            square += _shares[c] * (deviations[c] * deviations[c] + (means[c] - mean) * (means[c] - mean));
        return Math.Sqrt(square);
    }

    /// <inheritdoc/>
    public double Quantile(int a, double probability) => _numbers[a] < 0 ? double.NaN
        : MixtureDistribution.Quantile(_shares, _means[_numbers[a]], _deviations[_numbers[a]], probability);

    /// <inheritdoc/>
    public double Crps(int a, double value) => _numbers[a] < 0 ? double.NaN
        : MixtureDistribution.Crps(_shares, _means[_numbers[a]], _deviations[_numbers[a]], value);

    /// <inheritdoc/>
    public bool IsUndecided(int a)
    {
        if (_numbers[a] < 0 || _shares.Max() >= Decided) return false;
        double[] means = _means[_numbers[a]], deviations = _deviations[_numbers[a]];
        double highest = means.Max(m => MixtureDistribution.Density(_shares, means, deviations, m));
        return MixtureDistribution.Density(_shares, means, deviations, Mean(a)) < WellBelow * highest;
    }

    /// <inheritdoc/>
    public int LevelCount(int a) => _numbers[a] < 0 ? _layout.LevelCount(Place(_missing[a])) : 0;

    /// <inheritdoc/>
    public void Probabilities(int a, Span<double> target) => Probabilities(a, _shares, target);

    /// <inheritdoc/>
    public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        int component = 0;
        return JointDraws.Within(bounds, values[.._missing.Length],
            (a, attempt, within) => DrawCell(a, component, row, seed, attempt, within),
            attempt => component = Pick(_shares, CounterRandom.Uniform(seed, row, _fit.Columns.Count, attempt)));
    }

    /// <inheritdoc/>
    public double Next(int a)
    {
        if (_numbers[a] < 0) return Best(a, _drawnShares);
        double sum = 0;
        for (int c = 0; c < _k; c++) sum += _drawnShares[c] * Given(_numbers[a], c).Mean;
        return sum;
    }

    /// <inheritdoc/>
    /// <remarks>The cell tells about the component as well; four standard deviations count.</remarks>
    public void Fix(int a, double value)
    {
        double sum = 0;
        for (int c = 0; c < _k; c++)
        {
            if (_numbers[a] is >= 0 and var b)
            {
                (double mean, double deviation) = Given(b, c);
                double z = _fixed[c][b] = Math.Clamp((value - mean) / deviation, -MostDeviations, MostDeviations);
                sum += _drawnShares[c] *= Math.Exp(-0.5 * z * z) / deviation;
            }
            else sum += _drawnShares[c] *= _parameters.Levels[c][_layout.Starts[Place(_missing[a])] + (int)value];
        }
        if (!(sum > 0))
        {
            _shares.CopyTo(_drawnShares, 0);
            return;
        }
        foreach (ref double share in _drawnShares.AsSpan()) share /= sum;
    }

    private double DrawCell(int a, int c, long row, ulong seed, int attempt, Bounds bounds)
    {
        double u = CounterRandom.Uniform(seed, row, _keys[_missing[a]], attempt);
        if (_numbers[a] is not (>= 0 and var b))
        {
            int category = Place(_missing[a]), start = _layout.Starts[category];
            return Pick(_parameters.Levels[c].AsSpan(start, _layout.LevelCount(category)), u);
        }
        (double mean, double deviation) = Given(b, c);
        double z = bounds.Any ? TruncatedNormal.Quantile(u, (bounds.Lower - mean) / deviation, (bounds.Upper - mean) / deviation)
            : TruncatedNormal.Quantile(u);
        _fixed[c][b] = z;
        return mean + deviation * z;
    }

    /// <summary>Mean and standard deviation of the b-th missing number in a component, given those before it.</summary>
    private (double Mean, double Deviation) Given(int b, int c)
    {
        int m = _missingNumbers.Length;
        ReadOnlySpan<double> row = _factors[c].AsSpan(b * m, b + 1);
        double scale = _scale[Place(_missingNumbers[b])];
        return (_means[b][c] + scale * Dot.Product(row[..b], _fixed[c].AsSpan(0, b)), scale * row[b]);
    }

    private void Probabilities(int a, double[] shares, Span<double> target)
    {
        int start = _layout.Starts[Place(_missing[a])];
        for (int l = 0; l < target.Length; l++)
        {
            target[l] = 0;
            for (int c = 0; c < _k; c++) target[l] += shares[c] * _parameters.Levels[c][start + l];
        }
    }

    private double Best(int a, double[] shares)
    {
        var p = new double[LevelCount(a)];
        Probabilities(a, shares, p);
        return Array.IndexOf(p, p.Max());
    }

    private static int Pick(ReadOnlySpan<double> shares, double u)
    {
        int k = 0;
        for (double sum = shares[0]; sum < u && k < shares.Length - 1; sum += shares[k]) k++;
        return k;
    }

    private bool IsLevel(int j) => _layout.IsCategory(_keys[j]);

    private int Place(int j) => _layout.Place[_keys[j]];
}
