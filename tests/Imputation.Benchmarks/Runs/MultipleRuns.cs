using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Works;
using Imputation.Files;

namespace Imputation.Benchmarks.Runs;

/// <summary>Multiple imputation of a file that has been read.</summary>
internal static class MultipleRuns
{
    private const int Runs = 7;

    /// <summary>20 imputations by bootstrap EM, the fit to all rows included; every completed table is made and let go of.</summary>
    public static Measurement Bootstrap(string folder)
    {
        Table table = CsvTable.Read(AllWorks.Multiple.Path(folder));
        double mean = 0;
        ImputationSet set = null!;
        void Impute()
        {
            set = table.ImputeMultiple();
            mean = set.Select((_, done) => done.Table.Columns.Cast<NumericColumn>().Sum(c => Sum(c.Values) / c.Count)).Average();
        }
        (double first, double median, double processor) = Timing.Repeated(Impute, Runs);
        double alone = Timing.Repeated(() => table.ImputeMultiple(new MultipleOptions { Count = 1 })[0].ToString(), Runs).Median;
        return new Measurement("mi-emb", Measurement.Ours)
        {
            Seconds = median,
            ProcessorSeconds = processor,
            FirstSeconds = first,
            PartSeconds = alone,
            Part = "the fit and one imputation",
            MeanSum = mean,
            Patterns = set.Fit.Report.PatternCount,
            Rate = set.Fit.Report.ConvergenceRate,
            Threads = Environment.ProcessorCount,
            Trouble = set.Fit.Report.Outcome == EmOutcome.Converged ? null : set.Fit.Report.Outcome.ToString(),
        };
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double x in values) sum += x;
        return sum;
    }
}
