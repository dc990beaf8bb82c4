using System.Diagnostics;
using System.Globalization;
using Imputation.Tests.Shared.Coverage;

namespace Imputation.Benchmarks.Runs;

/// <summary>Whether 95 % limits of filled cells, of overimputation and of full-information slopes hold the truth in small tables. Not a
/// measurement of time.</summary>
internal static class PredictionRuns
{
    /// <summary>Runs the simulation with <c>--sets N --seed N --threads N</c> and prints its table, a line for each shape.</summary>
    /// <exception cref="ArgumentException">An option without a number.</exception>
    public static void Run(string[] args)
    {
        int sets = CoverageRuns.Number(args, "--sets", 1_000), seed = CoverageRuns.Number(args, "--seed", 1),
            threads = CoverageRuns.Number(args, "--threads", 0);
        long start = Stopwatch.GetTimestamp();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sets:N0} samples of each shape, 30 % of the cells missing, seed "
            + $"{seed}. Coverage of 95 % limits in percent, then their mean width where two are compared;"));
        Console.WriteLine("without: cells and slopes without limits, as too few degrees of freedom are left.");
        Console.WriteLine();
        Console.WriteLine("| samples | cells ± 1.96 sd | cells: limits | without | overimputation | slopes ± 1.96 se | slopes: limits "
            + "| all slopes | without |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (PredictionShape shape in PredictionShape.All)
        {
            PredictionStudy study = PredictionStudy.Run(sets, (ulong)seed, shape, threads, overimpute: shape.Rows <= 200);
            Console.WriteLine($"| {shape} | {Wide(study.Plain)} | {Wide(study.Ledger)} | {Share(study.Ledger)} | "
                + $"{(study.Overimputation.Count == 0 ? "" : Percent(study.Overimputation))} | {Wide(study.PlainSlopes)} | "
                + $"{Wide(study.Slopes)} | {Percent(study.AllSlopes)} | {Share(study.AllSlopes)} |");
        }
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"));
    }

    private static string Percent(Tally tally) => (100 * tally.Coverage).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Wide(Tally tally) =>
        Percent(tally) + " " + (tally.Width / tally.Count).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(Tally tally) =>
        (100.0 * tally.None / (tally.Count + tally.None)).ToString("0.0", CultureInfo.InvariantCulture);
}
