using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Works;
using Imputation.Files;

namespace Imputation.Benchmarks.Runs;

/// <summary>Data augmentation about a fit.</summary>
internal static class AugmentationRuns
{
    private const int Runs = 7;

    /// <summary>1,000 iterations of one chain.</summary>
    public static Measurement Run(string folder)
    {
        Table table = CsvTable.Read(AllWorks.Multiple.Path(folder));
        NormalFit fit = NormalModel.Fit(table, new NormalOptions { Prior = CovariancePrior.Jeffreys });
        var options = new DataAugmentationOptions { ChainCount = 1, DrawCount = 20, BurnIn = 50, Thinning = 50 };
        DataAugmentationResult result = null!;
        (double first, double median, double processor) = Timing.Repeated(() => result = DataAugmentation.Run(fit, table, options), Runs);
        return new Measurement("mi-da", Measurement.Ours)
        {
            Seconds = median,
            ProcessorSeconds = processor,
            FirstSeconds = first,
            Iterations = result.IterationCount,
            MeanSum = result.Traces.Where(t => t.Kind == DataAugmentationTraceKind.Mean).Sum(t => t.Mean),
            CovarianceSum = result.Traces.Where(t => t.Kind == DataAugmentationTraceKind.Covariance).Sum(t => t.First == t.Second ? t.Mean
                : 2 * t.Mean),
            Rate = result.ConvergenceRate,
            Patterns = fit.Report.PatternCount,
            Threads = Environment.ProcessorCount,
        };
    }
}
