using System.Diagnostics;
using Imputation.Benchmarks.Report;
using Imputation.Benchmarks.Works;

namespace Imputation.Benchmarks.Runs;

/// <summary>The command <c>impute</c> that IMPUTE_COMMAND names, the native program by run.sh, as a process: its start, reading, fitting,
/// filling and writing together.</summary>
internal static class CommandRuns
{
    /// <summary>The measurement of a row of the table.</summary>
    public static Measurement Row(string row, string folder, bool small)
    {
        switch (row)
        {
            case "file-100k":
                return Fill(row, AllWorks.Fit100K.Path(folder), 3);
            case "file-1m":
                return Fill(row, AllWorks.File1M.Path(folder), 3);
            case "file-10m":
                if (!File.Exists(AllWorks.File10M.Path(folder))) WorkFile.Write(AllWorks.File10M, folder, small);
                return Fill(row, AllWorks.File10M.Path(folder), 1);
            case "bfi":
                return Fill(row, Path.Combine(Root(), "examples", "data", "bfi.csv"), 7);
            case "version":
                return Run(row, 9, "--version");
            default:
                throw new ArgumentException($"No row '{row}'.");
        }
    }

    /// <summary>A file completed, with the most memory that the process ever had.</summary>
    private static Measurement Fill(string row, string input, int runs)
    {
        string output = Path.Combine(Path.GetTempPath(), $"{row}-{Environment.ProcessId}.csv");
        try
        {
            return Run(row, runs, "fill", input, "--out", output, "--quiet");
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static Measurement Run(string row, int runs, params string[] arguments)
    {
        string command = Environment.GetEnvironmentVariable("IMPUTE_COMMAND") is { Length: > 0 } path ? path
            : throw new InvalidOperationException("IMPUTE_COMMAND is not set to the program to measure; run.sh publishes it and sets it.");
        // Watched first, for memory and processor time; then timed, with nobody asking every ten milliseconds.
        long peak = 0;
        double processor = 0;
        string? trouble = null;
        _ = Started(process =>
        {
            // Both only rise, and are gone with the process: what is missed is what the last ten milliseconds add.
            while (!process.WaitForExit(10))
            {
                (long bytes, double used) = Usage(process);
                (peak, processor) = (Math.Max(peak, bytes), Math.Max(processor, used));
            }
        });
        double[] seconds = [.. Enumerable.Range(0, runs).Select(_ => Started(process => process.WaitForExit()))];
        return new Measurement(row, Measurement.Ours)
        {
            Seconds = Timing.Median([.. seconds]),
            ProcessorSeconds = processor,
            FirstSeconds = seconds[0],
            PeakBytes = peak > 0 ? peak : null,
            Trouble = trouble
        };

        double Started(Action<Process> wait)
        {
            long start = Stopwatch.GetTimestamp();
            using Process process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            })!;
            Task<string> said = process.StandardError.ReadToEndAsync();
            _ = process.StandardOutput.ReadToEndAsync();
            wait(process);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (process.ExitCode != 0) trouble = $"exit code {process.ExitCode}: {said.Result.Trim()}";
            return elapsed;
        }
    }

    private static (long PeakBytes, double ProcessorSeconds) Usage(Process process)
    {
        try
        {
            process.Refresh();
            return (process.PeakWorkingSet64, process.TotalProcessorTime.TotalSeconds);
        }
        catch (InvalidOperationException)
        {
            return default; // it has just ended
        }
    }

    /// <summary>The folder of the solution, above that of this program.</summary>
    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Imputation.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("No Imputation.sln above this program.");
    }
}
