using System.Diagnostics;
using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Works;
using Imputation.Patterns;

namespace Imputation.Benchmarks.Runs;

/// <summary>How the cost of an iteration grows: with the patterns, and with the rows once patterns repeat.</summary>
internal static class ScalingRuns
{
    private const int Columns = 24;

    private const int Iterations = 25;

    private const int Turns = 9;

    /// <summary>Three rows to each pattern; four times the patterns.</summary>
    public static IEnumerable<Measurement> Patterns(bool small) => Compare("patterns", "a quarter of the patterns",
        small ? [(2_000, 3), (500, 3)] : [(40_000, 3), (10_000, 3)]);

    /// <summary>The same patterns; ten times the rows.</summary>
    public static IEnumerable<Measurement> Rows(bool small) => Compare("rows", "a tenth of the rows", small ? [(100, 500), (100, 50)]
        : [(1_000, 1_000), (1_000, 100)]);

    private static IEnumerable<Measurement> Compare(string row, string other, (int Patterns, int RowsEach)[] sizes)
    {
        IncompleteMatrix[] data = [.. sizes.Select(size => Matrix(size.Patterns, size.RowsEach))];
        var seconds = new double[sizes.Length][];
        var fits = new NormalFit[sizes.Length];
        for (int k = 0; k < sizes.Length; k++) seconds[k] = new double[Turns];
        for (int turn = -1; turn < Turns; turn++) // by turns, after a warm-up; the fastest turn counts
            for (int k = 0; k < sizes.Length; k++)
            {
                // One evaluation to an iteration, and no end before the last one: what is timed is the E-step and nothing else.
                var clock = new Clock();
                fits[k] = NormalModel.Fit(data[k], new NormalOptions
                {
                    Accelerate = false,
                    MaxIterations = Iterations,
                    Tolerance = 1e-300
                }, new RunOptions { Progress = clock });
                if (turn >= 0) seconds[k][turn] = clock.Median();
            }
        return sizes.Select((_, k) => new Measurement(row, k == 0 ? Measurement.Ours : other)
        {
            Seconds = seconds[k].Min(),
            Iterations = fits[k].Report.IterationCount,
            Patterns = fits[k].Report.PatternCount,
            Threads = Environment.ProcessorCount,
        });
    }

    private static IncompleteMatrix Matrix(int patterns, int rowsEach)
    {
        // Each pattern has the holes of one row of data missing at random: rows differ, holes repeat. Of 2²⁴ patterns few come twice.
        Hole atRandom = Holes.AtRandom(0.5);
        return IncompleteMatrix.FromArray(WorkFile.Values(
            new Work("scaling", 0, 0, Columns, Populations.TwoFactors, (seed, row, column) => atRandom(seed, row % patterns, column)),
                patterns * rowsEach));
    }

    /// <summary>Notes when each iteration is done.</summary>
    private sealed class Clock : IProgress<EmIteration>
    {
        private readonly List<long> _ticks = [];

        public void Report(EmIteration value) => _ticks.Add(Stopwatch.GetTimestamp());

        public double Median() => Timing.Median([.. _ticks.Zip(_ticks.Skip(1), (a, b) => Stopwatch.GetElapsedTime(a, b).TotalSeconds)]);
    }
}
