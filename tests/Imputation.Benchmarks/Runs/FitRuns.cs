using System.Diagnostics;
using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Works;
using Imputation.Files;

namespace Imputation.Benchmarks.Runs;

/// <summary>Whole fits of a file that has been read.</summary>
internal static class FitRuns
{
    private const int Runs = 7;

    private const double ThreadsSeconds = 20;

    /// <summary>The measurements of a row of the table.</summary>
    public static IEnumerable<Measurement> Row(string row, string folder, bool small) => row switch
    {
        "patterns" => ScalingRuns.Patterns(small),
        "rows" => ScalingRuns.Rows(small),
        "mi-da" => [AugmentationRuns.Run(folder)],
        "threads-fit-100k" => Threads(AllWorks.Fit100K, folder),
        "threads-fit-2k" => Threads(AllWorks.Fit2K, folder),
        "threads-file-1m" => Threads(AllWorks.File1M, folder),
        "mi-emb" => [MultipleRuns.Bootstrap(folder)],
        _ when AllWorks.Slow.FirstOrDefault(w => w.Name == row) is { } slow => Slow(slow, folder),
        _ when AllWorks.Wide.FirstOrDefault(w => w.Name == row) is { } wide => [Fit(wide, folder, CovariancePrior.Auto)],
        _ when AllWorks.All.FirstOrDefault(w => w.Name == row) is { } work => [Fit(work, folder)],
        _ => throw new ArgumentException($"No row '{row}'."),
    };

    /// <summary>The default fit.</summary>
    private static Measurement Fit(Work work, string folder, CovariancePrior? prior = null)
    {
        Table table = CsvTable.Read(work.Path(folder));
        NormalFit fit = null!;
        (double first, double median, double processor) = Timing.Repeated(
            () => fit = NormalModel.Fit(table, new NormalOptions { Prior = prior ?? CovariancePrior.None }), Runs);
        double filling = work == AllWorks.Fit1M24 ? Timing.Repeated(() => table.Impute(), 3).Median : 0;
        return Describe(new Measurement(work.Name, Measurement.Ours), fit) with
        {
            Seconds = median,
            ProcessorSeconds = processor,
            FirstSeconds = first,
            PartSeconds = filling > 0 ? filling : null,
            Part = filling > 0 ? "fitting and filling" : null,
        };
    }

    /// <summary>Accelerated, and by plain EM to the same tolerance.</summary>
    private static IEnumerable<Measurement> Slow(Work work, string folder)
    {
        Table table = CsvTable.Read(work.Path(folder));
        foreach (bool accelerate in new[] { true, false })
        {
            NormalFit fit = null!;
            double seconds = Timing.Seconds(() => fit = NormalModel.Fit(table, new NormalOptions
            {
                Accelerate = accelerate,
                MaxIterations = 1_000_000
            }));
            yield return Describe(new Measurement(work.Name, accelerate ? Measurement.Ours : "plain EM"), fit) with { Seconds = seconds };
        }
    }

    /// <summary>Two threads and one, by turns; and two fits at once with a thread each, which says what a second processor is worth at the
    /// moment.</summary>
    /// <remarks>The fastest of the runs: two processors of a virtual machine are at times one and the same core of the machine
    /// underneath.</remarks>
    private static IEnumerable<Measurement> Threads(Work work, string folder)
    {
        Table table = CsvTable.Read(work.Path(folder));
        NormalFit fit = null!;
        double FitWith(int threads) => Timing.Seconds(() => fit = NormalModel.Fit(table, run: new RunOptions { Threads = threads }));
        for (double spent = 0; spent < Timing.WarmUp;) spent += FitWith(2);
        double one = double.PositiveInfinity, two = one, both = one;
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < Runs || Stopwatch.GetElapsedTime(start).TotalSeconds < ThreadsSeconds; run++)
        {
            one = Math.Min(one, FitWith(1));
            two = Math.Min(two, FitWith(2));
            both = Math.Min(both, Timing.Seconds(() => Parallel.Invoke(() => FitWith(1), () => FitWith(1))));
        }
        yield return Describe(new Measurement($"threads-{work.Name}", Measurement.Ours), fit) with { Seconds = two, Threads = 2 };
        yield return Describe(new Measurement($"threads-{work.Name}", "one thread"), fit) with
        {
            Seconds = one,
            Threads = 1,
            PartSeconds = both,
            Part = "two such fits at once"
        };
    }

    private static Measurement Describe(Measurement measurement, NormalFit fit) => measurement with
    {
        Iterations = fit.Report.IterationCount,
        Evaluations = fit.Report.EStepCount,
        LogLikelihood = fit.Report.LogLikelihood,
        MeanSum = fit.Mean.Sum(),
        CovarianceSum = fit.Covariance.ToArray().Cast<double>().Sum(),
        Rate = double.IsNaN(fit.Report.ConvergenceRate) ? null : fit.Report.ConvergenceRate,
        Patterns = fit.Report.PatternCount,
        Threads = Environment.ProcessorCount,
        Trouble = fit.Report.Outcome == EmOutcome.Converged ? null : fit.Report.Outcome.ToString(),
    };
}
