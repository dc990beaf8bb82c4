using System.Diagnostics;
using System.Globalization;
using Imputation.Benchmarks.Report;
using Imputation.Numerics.Random;

namespace Imputation.Benchmarks.Runs;

/// <summary>A table of any length, made as it is read: what a fit takes of memory and processor where the rows are nowhere.</summary>
internal static class StreamRuns
{
    private const int Columns = 10, Patterns = 24, BatchRows = 1 << 17;

    /// <summary>Fits so many rows within so much memory.</summary>
    public static Measurement Row(long rows, long memory)
    {
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        NormalFit fit = NormalModel.Fit(new Made(rows), stream: new StreamOptions { Memory = memory / 2 });
        using var process = Process.GetCurrentProcess();
        return new Measurement($"stream-{rows.ToString(CultureInfo.InvariantCulture)}", Measurement.Ours)
        {
            Seconds = clock.Elapsed.TotalSeconds,
            ProcessorSeconds = (process.TotalProcessorTime - before).TotalSeconds,
            Iterations = fit.Report.IterationCount,
            LogLikelihood = fit.Report.LogLikelihood,
            MeanSum = fit.Mean.Sum(),
            Patterns = fit.Report.PatternCount,
            PeakBytes = process.PeakWorkingSet64,
            Trouble = fit.Report.Outcome == EmOutcome.Converged ? null : fit.Report.Outcome.ToString(),
        };
    }

    /// <summary>Rows of one factor and noise, in 24 patterns of missing cells.</summary>
    private sealed class Made(long rows) : IRowSource
    {
        public string Name => "rows made as they are read";

        public long? RowCount => rows;

        public IEnumerable<Table> Batches(CancellationToken cancellation = default)
        {
            for (long first = 0; first < rows; first += BatchRows)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = (int)Math.Min(BatchRows, rows - first);
                var cells = new double[Columns][];
                for (int j = 0; j < Columns; j++) cells[j] = new double[count];
                Parallel.For(0, (count + 1023) / 1024, block => Fill(cells, first, block * 1024, Math.Min(count, (block + 1) * 1024)));
                yield return new Table(cells.Select((column, j) => NumericColumn.Create($"x{j}", ColumnKind.Number, column)));
            }
        }

        /// <summary>Sums of uniform numbers are near enough to normal ones, and made quickly.</summary>
        private static void Fill(double[][] cells, long first, int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long row = first + i;
                double factor = CounterRandom.Uniform(1, row, 0, 0) + CounterRandom.Uniform(1, row, 0, 1) - 1;
                int pattern = (int)(row * 2654435761 % Patterns);
                for (int j = 0; j < Columns; j++)
                    cells[j][i] = pattern > 0 && CounterRandom.Uniform(2, pattern, j, 0) < 0.21 ? double.NaN
                        : j + factor * (1 + 0.1 * j) + CounterRandom.Uniform(3, row, j, 0) - 0.5;
            }
        }
    }
}
