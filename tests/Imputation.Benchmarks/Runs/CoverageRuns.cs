using System.Diagnostics;
using System.Globalization;
using Imputation.Benchmarks.Report;
using Imputation.Tests.Shared.Coverage;

namespace Imputation.Benchmarks.Runs;

/// <summary>Whether 95 % intervals hold the truth in 95 % of samples. Not a measurement of time.</summary>
internal static class CoverageRuns
{
    private const int Imputations = 20;

    /// <summary>Runs the simulation with <c>--sets N --seed N --rows N --threads N</c> and prints its table.</summary>
    /// <exception cref="ArgumentException">An option without a number.</exception>
    public static void Run(string[] args)
    {
        int sets = Number(args, "--sets", 1_000), rows = Number(args, "--rows", 200);
        int seed = Number(args, "--seed", 1), threads = Number(args, "--threads", 0);
        long start = Stopwatch.GetTimestamp();
        CoverageStudy study = CoverageStudy.Run(sets, (ulong)seed,
            [IntervalMethod.BootstrapEm(Imputations), IntervalMethod.DataAugmentation(Imputations), IntervalMethod.Fiml,
                IntervalMethod.SingleFill, IntervalMethod.CompleteCases], threads, rows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sets:N0} samples of {rows} rows, 30 % of the cells missing at random, {Imputations} imputations, seed {seed}; "
                + $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0} s"));
        CoverageTable.Print(study);
    }

    internal static int Number(string[] args, string name, int otherwise)
    {
        int at = Array.IndexOf(args, name);
        if (at < 0) return otherwise;
        return at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out int number)
            && number >= (name == "--sets" ? 2 : 0)
            ? number
            : throw new ArgumentException($"{name} needs a number.");
    }
}
