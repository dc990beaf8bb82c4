using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Numerics.Random;

namespace Imputation.Models.StudentT;

/// <summary>The conditional t distribution of a row's missing cells. A workspace for one thread.</summary>
/// <remarks>With LLᵀ = C, missing cells are m + Le. Given e_1 ... e_a−1, e_a is t with ν + o + a − 1 degrees of freedom and the squared
/// scale (ν + δ + Σ e²) / (ν + o + a − 1): so cells are drawn and fixed one after another.</remarks>
/// <param name="parameters">Means 0, and scatters with 1 on the diagonal.</param>
/// <param name="center">Means, in the units of the data.</param>
/// <param name="scale">Roots of the scatter's diagonal, in the units of the data.</param>
/// <param name="keys">Index of each column in the model, which keys its draws.</param>
internal sealed class StudentTRow(StudentTParameters parameters, double[] center, double[] scale, int[] keys) : IRowConditional
{
    private const double MostDeviations = 4;

    private readonly StudentTPattern _pattern = new(parameters);
    private readonly double[] _deviations = new double[parameters.Normal.Count];
    private readonly double[] _noise = new double[parameters.Normal.Count]; // e
    private double[] _root = []; // L
    private int[] _observed = [];
    private int[] _missing = [];

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing, bool draws)
    {
        (_observed, _missing) = (observed.ToArray(), missing.ToArray());
        if (!_pattern.Begin(_observed, _missing)) return false;
        if (!draws) return true;
        _root = _pattern.Covariance.ToArray();
        return Cholesky.Factor(_root, _missing.Length, _missing.Length);
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        Array.Clear(_noise);
        for (int b = 0; b < _observed.Length; b++)
            _deviations[b] = (cells[_observed[b]] - center[_observed[b]]) / scale[_observed[b]];
        _pattern.Given(_deviations.AsSpan(0, _observed.Length));
    }

    /// <inheritdoc/>
    public double Mean(int a) => center[_missing[a]] + scale[_missing[a]] * _pattern.Mean(a);

    /// <inheritdoc/>
    /// <remarks>Infinite with two degrees of freedom or fewer.</remarks>
    public double Deviation(int a) => double.IsInfinity(Degrees) ? Scale(a)
        : Degrees > 2 ? Scale(a) * Math.Sqrt(Degrees / (Degrees - 2)) : double.PositiveInfinity;

    /// <inheritdoc/>
    public PredictiveSpread Prediction(int a) => new(Scale(a), Degrees);

    /// <inheritdoc/>
    public double Quantile(int a, double probability) => Mean(a) + Scale(a) * Quantile(probability, Degrees);

    /// <inheritdoc/>
    /// <remarks>Jordan, Krüger and Lerch (2019), appendix A: σ (z (2F(z) − 1) + 2 f(z) (ν + z²)/(ν − 1) − 2√ν/(ν − 1) · B(½, ν − ½) /
    /// B(½, ν/2)²); infinite with one degree of freedom or fewer.</remarks>
    public double Crps(int a, double value)
    {
        double nu = Degrees, z = Math.Abs(value - Mean(a)) / Scale(a);
        if (double.IsInfinity(nu)) return Statistics.Crps.Normal(Mean(a), Scale(a), value);
        if (!(nu > 1)) return double.PositiveInfinity;
        double logBeta = LogBeta(0.5 * nu);
        double density = Math.Exp(-0.5 * Math.Log(nu) - logBeta - 0.5 * (nu + 1) * Math.Log(1 + z * z / nu));
        return Scale(a) * (z * (1 - TailProbability.TwoSidedT(z, nu)) + 2 * density * (nu + z * z) / (nu - 1)
            - 2 * Math.Sqrt(nu) / (nu - 1) * Math.Exp(LogBeta(nu - 0.5) - 2 * logBeta));
    }

    /// <inheritdoc/>
    public double LogDensity
    {
        get
        {
            double logScale = 0;
            foreach (int j in _observed) logScale += Math.Log(scale[j]);
            return _pattern.LogDensity - logScale;
        }
    }

    /// <inheritdoc/>
    public double Next(int a) => center[_missing[a]] + scale[_missing[a]] * (_pattern.Mean(a) + Before(a));

    /// <inheritdoc/>
    /// <remarks>A value further off than chance would have it says nothing about the other cells: four deviations count.</remarks>
    public void Fix(int a, double value)
    {
        double most = MostDeviations * NoiseScale(a);
        double off = (value - center[_missing[a]]) / scale[_missing[a]] - _pattern.Mean(a) - Before(a);
        _noise[a] = Math.Clamp(off / _root[a * _missing.Length + a], -most, most);
    }

    /// <inheritdoc/>
    public bool Draw(long row, ulong seed, ReadOnlySpan<Bounds> bounds, Span<double> values)
    {
        return JointDraws.Within(bounds, values[.._missing.Length], (a, attempt, within) =>
            DrawCell(a, CounterRandom.Uniform(seed, row, keys[_missing[a]], attempt), within));
    }

    private double DrawCell(int a, double u, Bounds bounds)
    {
        int j = _missing[a];
        double mean = _pattern.Mean(a) + Before(a), degrees = Degrees + a, root = _root[a * _missing.Length + a], spread = NoiseScale(a);
        if (bounds.Any)
        {
            double Below(double bound) => Cumulative(((bound - center[j]) / scale[j] - mean) / (root * spread), degrees);
            double low = Below(bounds.Lower);
            u = Math.Clamp(low + u * (Below(bounds.Upper) - low), 1e-300, 1 - 1e-16);
        }
        _noise[a] = spread * Quantile(u, degrees);
        return Math.Clamp(center[j] + scale[j] * (mean + root * _noise[a]), bounds.Lower, bounds.Upper); // against rounding
    }

    private double Degrees => _pattern.DegreesOfFreedom;

    /// <summary>Scale of the a-th missing cell, in the units of the data.</summary>
    private double Scale(int a) => scale[_missing[a]]
        * Math.Sqrt(Math.Max(0, _pattern.Covariance[a * _missing.Length + a]) / _pattern.Weight);

    /// <summary>Scale of e_a given those before it.</summary>
    private double NoiseScale(int a)
    {
        double nu = parameters.DegreesOfFreedom;
        return double.IsInfinity(nu) ? 1
            : Math.Sqrt((nu + _pattern.Quadratic + Dot.Product(_noise.AsSpan(0, a), _noise.AsSpan(0, a))) / (Degrees + a));
    }

    private double Before(int a) => Dot.Product(_root.AsSpan(a * _missing.Length, a), _noise.AsSpan(0, a));

    private static double Quantile(double probability, double degrees) => probability == 0.5 ? 0
        : double.IsInfinity(degrees) ? TruncatedNormal.Quantile(probability)
        : Math.Sign(probability - 0.5) * StudentQuantile.TwoSided(Math.Abs(2 * probability - 1), degrees);

    private static double Cumulative(double t, double degrees) => double.IsInfinity(degrees) ? TruncatedNormal.Cumulative(t)
        : double.IsInfinity(t) ? (t > 0 ? 1 : 0)
        : 0.5 * TailProbability.TwoSidedT(Math.Abs(t), degrees) is var tail && t < 0 ? tail : 1 - tail;

    /// <summary>log B(½, x).</summary>
    private static double LogBeta(double x) => 0.5 * Math.Log(Math.PI) - Gamma.LogRatio(x, 1);
}
