using Imputation.Models.Gaussian;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Normal.MarkovChains;

/// <summary>Keeps draws and traces of the chains, in the units of the data.</summary>
internal sealed class DataAugmentationRecorder
{
    /// <summary>Numbers kept in traces: 64 MB. Beyond it the traces of covariances are left out, then those of means and
    /// variances.</summary>
    private const long MostNumbers = 1 << 23;

    private enum Kept { All, Diagonal, Worst }

    private readonly GaussianData _data;
    private readonly DataAugmentationSchedule _schedule;
    private readonly SlowestDirection? _worst;
    private readonly Kept _kept;
    private readonly int _width;
    private readonly double[][] _series;
    private readonly DataAugmentationDraw[] _draws;

    public DataAugmentationRecorder(GaussianData data, DataAugmentationSchedule schedule, SlowestDirection? worst)
    {
        _data = data;
        _schedule = schedule;
        _worst = worst;
        long p = data.ColumnCount, iterations = (long)schedule.Chains * schedule.IterationCount;
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
        double[] center = _data.Center, scale = _data.Scale;
        int next = 0;
        if (_kept != Kept.Worst)
        {
            for (int i = 0; i < p; i++) row[next++] = center[i] + scale[i] * at.Mean[i];
            for (int i = 0; i < p; i++)
                for (int j = _kept == Kept.All ? 0 : i; j <= i; j++) row[next++] = at.Covariance[i * p + j] * (scale[i] * scale[j]);
        }
        if (_worst is not null) row[next] = _worst.Of(at);
        int k = _schedule.DrawAt(chain, iteration);
        if (k < 0) return;
        _draws[k] = new DataAugmentationDraw(k, chain, iteration, Array.AsReadOnly(_data.MeanOf(at)),
            new SymmetricMatrix(_data.Matrix.ColumnNames, _data.CovarianceOf(at)));
    }

    /// <summary>Everything, once all chains are through.</summary>
    public DataAugmentationResult Result(FittedModel fit, CovariancePrior prior, double rate, int threads)
    {
        DataAugmentationTrace[] traces = Traces(fit.Columns, threads);
        return new DataAugmentationResult
        {
            Columns = fit.Columns,
            Prior = prior,
            ChainCount = _schedule.Chains,
            BurnIn = _schedule.BurnIn,
            Thinning = _schedule.Thinning,
            IterationCount = _schedule.IterationCount,
            ConvergenceRate = rate,
            Draws = _draws,
            Traces = traces,
            Findings = [.. DataAugmentationFindings.Of(fit, prior, _schedule, rate, traces, _kept == Kept.All)],
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
