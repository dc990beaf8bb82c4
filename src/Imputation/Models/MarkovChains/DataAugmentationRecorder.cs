using Imputation.Models.Gaussian;
using Imputation.Numerics.Threading;

namespace Imputation.Models.MarkovChains;

/// <summary>Keeps draws and traces of the chains of any model with means and covariances, in the units of the data.</summary>
internal sealed class DataAugmentationRecorder
{
    /// <summary>Numbers kept in traces: 64 MB. Beyond it the traces of covariances are left out, then those of means and
    /// variances.</summary>
    private const long MostNumbers = 1 << 23;

    private enum Kept { All, Diagonal, Worst }

    private readonly IReadOnlyList<string> _names;
    private readonly double[] _center;
    private readonly double[] _scale;
    private readonly DataAugmentationSchedule _schedule;
    private readonly Func<GaussianParameters, double>? _worst;
    private readonly Kept _kept;
    private readonly int _width;
    private readonly double[][] _series;
    private readonly DataAugmentationDraw[] _draws;

    /// <param name="names">Names of the p variables.</param>
    /// <param name="center">Their centres: a mean in the units of the data is centre + scale times that of a chain.</param>
    /// <param name="scale">Their scales.</param>
    /// <param name="schedule">The iterations.</param>
    /// <param name="worst">The worst linear function of a chain's parameters; null where it is not known.</param>
    public DataAugmentationRecorder(IReadOnlyList<string> names, double[] center, double[] scale, DataAugmentationSchedule schedule,
        Func<GaussianParameters, double>? worst)
    {
        (_names, _center, _scale, _schedule, _worst) = (names, center, scale, schedule, worst);
        long p = names.Count, iterations = (long)schedule.Chains * schedule.IterationCount;
        _kept = (p * (p + 3) / 2 + 1) * iterations <= MostNumbers ? Kept.All : (2 * p + 1) * iterations <= MostNumbers ? Kept.Diagonal
            : Kept.Worst;
        _width = (int)(_kept == Kept.All ? p * (p + 3) / 2 : _kept == Kept.Diagonal ? 2 * p : 0) + (worst is null ? 0 : 1);
        _series = [.. Enumerable.Range(0, schedule.Chains).Select(_ => new double[_width * schedule.IterationCount])];
        _draws = new DataAugmentationDraw[schedule.DrawCount];
    }

    /// <summary>Takes in an iteration of a chain; chains may come side by side.</summary>
    public void Record(int chain, int iteration, GaussianParameters at)
    {
        int p = at.Count;
        Span<double> row = _series[chain].AsSpan((iteration - 1) * _width, _width);
        double[] center = _center, scale = _scale;
        int next = 0;
        if (_kept != Kept.Worst)
        {
            for (int i = 0; i < p; i++) row[next++] = center[i] + scale[i] * at.Mean[i];
            for (int i = 0; i < p; i++)
                for (int j = _kept == Kept.All ? 0 : i; j <= i; j++) row[next++] = at.Covariance[i * p + j] * (scale[i] * scale[j]);
        }
        if (_worst is not null) row[next] = _worst(at);
        int k = _schedule.DrawAt(chain, iteration);
        if (k < 0) return;
        double[] mean = new double[p];
        var covariance = new double[p, p];
        for (int i = 0; i < p; i++)
        {
            mean[i] = center[i] + scale[i] * at.Mean[i];
            for (int j = 0; j < p; j++) covariance[i, j] = at.Covariance[i * p + j] * (scale[i] * scale[j]);
        }
        _draws[k] = new DataAugmentationDraw(k, chain, iteration, Array.AsReadOnly(mean), new SymmetricMatrix(_names, covariance));
    }

    /// <summary>Everything, once all chains are through.</summary>
    public DataAugmentationResult Result(CovariancePrior asked, CovariancePrior prior, double rate, int threads)
    {
        DataAugmentationTrace[] traces = Traces(_names, threads);
        return new DataAugmentationResult
        {
            Columns = _names,
            Prior = prior,
            ChainCount = _schedule.Chains,
            BurnIn = _schedule.BurnIn,
            Thinning = _schedule.Thinning,
            IterationCount = _schedule.IterationCount,
            ConvergenceRate = rate,
            Draws = _draws,
            Traces = traces,
            Findings = [.. DataAugmentationFindings.Of(_names, asked, prior, _schedule, rate, traces, _kept == Kept.All)],
        };
    }

    private DataAugmentationTrace[] Traces(IReadOnlyList<string> names, int threads)
    {
        var places = new List<(DataAugmentationTraceKind Kind, string Name, int First, int Second)>();
        if (_kept != Kept.Worst)
        {
            for (int i = 0; i < names.Count; i++) places.Add((DataAugmentationTraceKind.Mean, $"mean({names[i]})", i, i));
            for (int i = 0; i < names.Count; i++)
                for (int j = _kept == Kept.All ? 0 : i; j <= i; j++)
                    places.Add((DataAugmentationTraceKind.Covariance, i == j ? $"var({names[i]})" : $"cov({names[j]}, {names[i]})", j, i));
        }
        if (_worst is not null) places.Add((DataAugmentationTraceKind.WorstLinearFunction, "worst linear function", -1, -1));
        var traces = new DataAugmentationTrace[places.Count];
        ParallelWork.For(traces.Length, ParallelWork.Options(threads), q =>
        {
            (DataAugmentationTraceKind kind, string name, int first, int second) = places[q];
            traces[q] = new DataAugmentationTrace(kind, name, first, second, _series, q, _width, _schedule.BurnIn);
        });
        return traces;
    }
}
