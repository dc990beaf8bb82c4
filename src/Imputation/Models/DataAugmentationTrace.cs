using System.Diagnostics;
using System.Globalization;
using Imputation.Numerics;
using Imputation.Statistics;

namespace Imputation;

/// <summary>Kind of the value of a trace.</summary>
public enum DataAugmentationTraceKind
{
    /// <summary>A mean.</summary>
    Mean,

    /// <summary>A covariance, or of a column with itself a variance.</summary>
    Covariance,

    /// <summary>The linear function of means and covariances that the data determine worst, along which chains are slowest.</summary>
    WorstLinearFunction,
}

/// <summary>Trace of a parameter: its value in every iteration of every chain, with convergence diagnostics.</summary>
/// <remarks>R̂ is split and rank-normalised, the larger of that of the values and that of their distances from the median; the
/// effective number of draws is that of the ranks, by Geyer's initial monotone sequence (Gelman and Rubin 1992; Geyer 1992; Vehtari,
/// Gelman, Simpson, Carpenter and Bürkner 2021, §3 and §4). Only iterations from the end of the burn-in on count.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DataAugmentationTrace
{
    private readonly double[][] _series;
    private readonly int _index;
    private readonly int _width;
    private readonly int _burnIn;

    internal DataAugmentationTrace(DataAugmentationTraceKind kind, string name, int first, int second, double[][] series, int index,
        int width, int burnIn)
    {
        Kind = kind;
        Name = name;
        First = first;
        Second = second;
        (_series, _index, _width, _burnIn) = (series, index, width, burnIn);
        double[][] kept = [.. Enumerable.Range(0, series.Length).Select(c => Values(c)[(burnIn - 1)..])];
        SampleMoments all = SampleMoments.Of([.. kept.SelectMany(c => c)]);
        (Mean, StandardDeviation) = (all.Mean, all.StandardDeviation);
        (RHat, EffectiveDrawCount) = ChainDiagnostics.RankNormalised(kept);
    }

    /// <summary>Kind of the value.</summary>
    public DataAugmentationTraceKind Kind { get; }

    /// <summary>mean(a), var(a), cov(a, b), or worst linear function.</summary>
    public string Name { get; }

    /// <summary>Index of the column among those modelled; −1 for the worst linear function.</summary>
    public int First { get; }

    /// <summary>Index of the other column of a covariance; otherwise the same as <see cref="First"/>.</summary>
    public int Second { get; }

    /// <summary>Number of chains.</summary>
    public int ChainCount => _series.Length;

    /// <summary>Mean of the values after the burn-in: of the posterior distribution, up to simulation error.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of the values after the burn-in.</summary>
    public double StandardDeviation { get; }

    /// <summary>R̂: 1 where the chains are of one mind, and each with itself; above 1.05 they have not settled. NaN where nothing
    /// moves.</summary>
    public double RHat { get; }

    /// <summary>Effective sample size: number of independent draws with the same precision of the mean as the values after the
    /// burn-in. NaN where nothing moves.</summary>
    public double EffectiveDrawCount { get; }

    /// <summary>The values of a chain, of iteration 1 first, burn-in included; in the units of the data, of the worst linear function in
    /// its own. A copy.</summary>
    /// <param name="chain">From 0.</param>
    public double[] Values(int chain)
    {
        double[] series = _series[chain];
        var values = new double[series.Length / _width];
        for (int t = 0; t < values.Length; t++) values[t] = series[t * _width + _index];
        return values;
    }

    /// <summary>Autocorrelation within the chains after the burn-in at one lag; NaN where it is beyond a chain's length, or nothing
    /// moves.</summary>
    /// <param name="lag">At least 0.</param>
    public double Autocorrelation(int lag)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lag);
        return ChainDiagnostics.Autocorrelation([.. Enumerable.Range(0, _series.Length).Select(c => Values(c)[(_burnIn - 1)..])], lag);
    }

    /// <summary>Autocorrelations within the chains after the burn-in, at lags 0 to <paramref name="mostLag"/>; the chains' autocovariances
    /// averaged.</summary>
    /// <param name="mostLag">At least 0; lags beyond a chain's length are left out.</param>
    public double[] Autocorrelations(int mostLag)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostLag);
        return ChainDiagnostics.Autocorrelations([.. Enumerable.Range(0, _series.Length).Select(c => Values(c)[(_burnIn - 1)..])], mostLag);
    }

    /// <summary>The result in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}: mean {Mean:G6}, sd {StandardDeviation:G4}, R-hat {RHat:F3}, {EffectiveDrawCount:F0} effective draws");
}
