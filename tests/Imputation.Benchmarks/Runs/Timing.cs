using System.Diagnostics;

namespace Imputation.Benchmarks.Runs;

/// <summary>Wall times of work done over and over.</summary>
internal static class Timing
{
    public static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds of warm-up: by then the runtime has compiled in full what is worth it, and a processor has its clock up.</summary>
    public const double WarmUp = 2;

    /// <summary>The first run; and of those after the warm-up the median, and the processor time of one.</summary>
    public static (double First, double Median, double Processor) Repeated(Action work, int runs)
    {
        double first = Seconds(work);
        for (double spent = 0; spent < WarmUp;) spent += Seconds(work);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double median = Median([.. Enumerable.Range(0, runs).Select(_ => Seconds(work))]);
        return (first, median, (Environment.CpuUsage.TotalTime - before).TotalSeconds / runs);
    }

    public static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[values.Length / 2] + values[(values.Length - 1) / 2]) / 2;
    }
}
