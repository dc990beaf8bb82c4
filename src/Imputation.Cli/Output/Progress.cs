using System.Diagnostics;
using Imputation.Text;
using Spectre.Console;

namespace Imputation.Cli.Output;

/// <summary>Hears of iterations from the threads that do them, and shows the latest on a terminal where the work is long.</summary>
internal sealed class Progress(Terminal terminal) : IProgress<EmIteration>, IProgress<EmForecast>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WorthSaying = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly Lock _gate = new();
    private EmIteration _latest;
    private int _count;

    /// <summary>Keeps the iteration and returns: nothing is painted on the worker's time.</summary>
    public void Report(EmIteration value)
    {
        lock (_gate)
        {
            _latest = value;
            _count++;
        }
    }

    /// <summary>Says beforehand what a long fit will take.</summary>
    public void Report(EmForecast value)
    {
        if (!terminal.Quiet && Announcement(value) is { } line) Terminal.Say(line);
    }

    /// <summary>What is said of a fit beforehand; null where it is short.</summary>
    public static string? Announcement(EmForecast forecast) => forecast.Time < WorthSaying ? null
        : $"impute: {TextFormat.Count(forecast.RowCount, "row")}, {TextFormat.Count(forecast.ColumnCount, "column")}: the fit is expected "
            + $"to take about {About(forecast.Time)}.";

    /// <summary>A time to one digit, or two: 20 seconds, 15 minutes, 6 hours.</summary>
    private static string About(TimeSpan time) => time.TotalSeconds < 90 ? TextFormat.Count(Rounded(time.TotalSeconds), "second")
        : time.TotalMinutes < 90 ? TextFormat.Count(Rounded(time.TotalMinutes), "minute")
        : TextFormat.Count(Rounded(time.TotalHours), "hour");

    private static int Rounded(double count) => (int)(count < 10 ? Math.Round(count) : Math.Round(count / 5) * 5);

    /// <summary>Does the work; shows progress only if it takes longer than a second and someone is looking.</summary>
    public T Run<T>(Func<T> work)
    {
        if (!terminal.ShowsProgress) return work();
        Task<T> task = Task.Run(work);
        if (Task.WaitAny([task], Long) < 0) Painter.Show(this, task).Wait();
        return task.GetAwaiter().GetResult();
    }

    private string Line()
    {
        lock (_gate)
        {
            if (_count == 0) return "preparing";
            string start = _latest.Start == 0 ? "" : $" (start {TextFormat.Count(_latest.Start + 1)})";
            return $"{TextFormat.Count(_count, "iteration")}{start}, objective {TextFormat.Fixed(_latest.Objective, 4)}, step "
                + $"{TextFormat.Compact(_latest.Distance, 2)}";
        }
    }

    /// <summary>Apart, so that Spectre.Console is loaded only when there is something to show.</summary>
    private static class Painter
    {
        public static Task Show(Progress progress, Task work)
        {
            // Its own control characters are wanted; the line is made of numbers.
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            var clock = Stopwatch.StartNew();
            return console.Status().Spinner(Spinner.Known.Line)
                .StartAsync("fitting", async context =>
                {
                    while (!work.IsCompleted)
                    {
                        string line = $"{progress.Line()}, {(clock.Elapsed + Long).TotalSeconds:F0} s";
                        context.Status = Markup.Escape(TextFormat.Printable(line));
                        await Task.WhenAny(work, Task.Delay(Pause));
                    }
                });
        }
    }
}
