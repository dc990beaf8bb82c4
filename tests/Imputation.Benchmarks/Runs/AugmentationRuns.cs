using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Works;
using Imputation.Data;
using Imputation.Files;
using Imputation.Models.Normal;

namespace Imputation.Benchmarks.Runs;

/// <summary>Data augmentation about a fit.</summary>
internal static class AugmentationRuns
{
    private const int Runs = 7;

    /// <summary>1,000 iterations of one chain.</summary>
    public static Measurement Run(string folder)
    {
        Table table = CsvTable.Read(AllWorks.Multiple.Path(folder));
        NormalFit fit = NormalModel.Fit(table, new NormalOptions { Prior = NormalPrior.Jeffreys });
        var options = new AugmentationOptions { Chains = 1, DrawCount = 20, BurnIn = 50, Thinning = 50 };
        AugmentationResult result = null!;
        (double first, double median, double processor) = Timing.Repeated(() => result = Augmentation.Run(fit, table, options), Runs);
        return new Measurement("mi-da", Measurement.Ours)
        {
            Seconds = median,
            ProcessorSeconds = processor,
            FirstSeconds = first,
            Iterations = result.IterationCount,
            MeanSum = result.Traces.Where(t => t.Kind == AugmentationTraceKind.Mean).Sum(t => t.Mean),
            CovarianceSum = result.Traces.Where(t => t.Kind == AugmentationTraceKind.Covariance).Sum(t => t.First == t.Second ? t.Mean : 2 * t.Mean),
            Rate = result.Rate,
            Patterns = fit.PatternCount,
            Threads = Environment.ProcessorCount,
        };
    }
}
