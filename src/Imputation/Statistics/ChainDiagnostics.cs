using Imputation.Numerics;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;

namespace Imputation.Statistics;

/// <summary>Convergence of several chains of a simulation, and the effective sample size of their values.</summary>
internal static class ChainDiagnostics
{
    /// <summary>R̂, of ranks, split, the larger of bulk and tails; and the bulk's effective number of draws (Vehtari et al. 2021).
    /// NaN where fewer than 8 values of a chain are there, or all are the same.</summary>
    public static (double RHat, double EffectiveCount) RankNormalised(double[][] chains)
    {
        int half = chains[0].Length / 2;
        if (half < 4) return (double.NaN, double.NaN);
        double[][] split = [.. chains.SelectMany(c => new[] { c[..half], c[^half..] })];
        double[] all = [.. split.SelectMany(c => c)];
        if (all.Any(x => !double.IsFinite(x))) return (double.NaN, double.NaN);
        double median = Median(all);
        double[][] bulk = Scores(all, half), folded = Scores(Array.ConvertAll(all, x => Math.Abs(x - median)), half);
        return (Math.Max(RHat(bulk), RHat(folded)), EffectiveCount(bulk));
    }

    /// <summary>√((N − 1) / N + B / (N W)), B / N being the variance of the chains' means and W the mean of their variances (Gelman and
    /// Rubin 1992).</summary>
    public static double RHat(double[][] chains)
    {
        double n = chains[0].Length, within = chains.Average(Variance), between = Variance([.. chains.Select(c => c.Average())]);
        return Math.Sqrt((n - 1) / n + between / within);
    }

    /// <summary>Effective sample size: the number of independent values with the same precision of the mean (Geyer 1992; Vehtari et
    /// al. 2021, §3.2).</summary>
    public static double EffectiveCount(double[][] chains)
    {
        int n = chains[0].Length;
        double total = (double)n * chains.Length, within = chains.Average(Variance);
        double all = within * (n - 1) / n + (chains.Length > 1 ? Variance([.. chains.Select(c => c.Average())]) : 0);
        double[][] centred = [.. chains.Select(Centred)];
        double Correlation(int lag) => 1 - (within - centred.Average(c => Autocovariance(c, lag))) / all;

        // Sums of pairs of correlations, as long as they are positive, and never more than the one before.
        double sum = 0, last = double.PositiveInfinity;
        for (int lag = 0; lag + 1 < n; lag += 2)
        {
            double pair = (lag == 0 ? 1 : Correlation(lag)) + Correlation(lag + 1);
            if (!(pair > 0)) break;
            last = Math.Min(last, pair);
            sum += last;
        }
        return total / Math.Max(2 * sum - 1, 1 / Math.Log10(total));
    }

    /// <summary>Autocorrelations at lags from 0, of averaged autocovariances.</summary>
    public static double[] Autocorrelations(double[][] chains, int mostLag)
    {
        double[][] centred = [.. chains.Select(Centred)];
        double variance = centred.Average(c => Autocovariance(c, 0));
        return [.. Enumerable.Range(0, Math.Min(mostLag, chains[0].Length - 1) + 1)
            .Select(lag => centred.Average(c => Autocovariance(c, lag)) / variance)];
    }

    /// <summary>Autocorrelation at one lag, of averaged autocovariances; NaN from the chains' length on.</summary>
    public static double Autocorrelation(double[][] chains, int lag)
    {
        if (lag >= chains[0].Length) return double.NaN;
        double[][] centred = [.. chains.Select(Centred)];
        return centred.Average(c => Autocovariance(c, lag)) / centred.Average(c => Autocovariance(c, 0));
    }

    private static double Autocovariance(double[] centred, int lag) =>
        Dot.Product(centred.AsSpan(lag), centred.AsSpan(0, centred.Length - lag)) / centred.Length;

    private static double[] Centred(double[] x)
    {
        double mean = x.Average();
        return Array.ConvertAll(x, v => v - mean);
    }

    private static double Variance(double[] x) => SampleMoments.Of(x).Variance;

    private static double Median(double[] x)
    {
        double[] sorted = [.. x.Order()];
        return 0.5 * (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]);
    }

    /// <summary>Φ⁻¹((rank − 3/8) / (S + 1/4)), equal values sharing their ranks; in pieces.</summary>
    private static double[][] Scores(double[] values, int length)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        double[] keys = (double[])values.Clone(), scores = new double[values.Length];
        Array.Sort(keys, order);
        for (int i = 0; i < order.Length;)
        {
            int end = i + 1;
            while (end < order.Length && keys[end] == keys[i]) end++;
            double score = TruncatedNormal.Quantile((0.5 * (i + 1 + end) - 0.375) / (values.Length + 0.25));
            for (; i < end; i++) scores[order[i]] = score;
        }
        return [.. scores.Chunk(length)];
    }
}
