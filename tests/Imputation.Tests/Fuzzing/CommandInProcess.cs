using System.Runtime.CompilerServices;
using System.Text;
using Imputation.Cli;

namespace Imputation.Tests.Fuzzing;

/// <summary>What a run of the command in this process left.</summary>
internal sealed record CommandRun(int Code, string Output, string Error, long AllocatedBytes);

/// <summary>Runs the command in this process, thousands of times faster than as a process, on a thread of its own.</summary>
internal static class CommandInProcess
{
    private static readonly AsyncLocal<Printed?> s_printed = new();

    /// <summary>Before anything keeps the console's writers: what such a run prints goes to it, all else where it always went.</summary>
    [ModuleInitializer]
    internal static void Install()
    {
        Console.SetOut(new Router(Console.Out, printed => printed.Output));
        Console.SetError(new Router(Console.Error, printed => printed.Error));
    }

    /// <exception cref="TimeoutException">It has not ended; its thread is left behind.</exception>
    public static CommandRun Run(string[] args, TimeSpan patience)
    {
        CommandRun? run = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            var printed = new Printed();
            s_printed.Value = printed;
            try
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                int code = Program.Main(args);
                run = new CommandRun(code, printed.Output.ToString(), printed.Error.ToString(),
                    GC.GetAllocatedBytesForCurrentThread() - before);
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(patience)) throw new TimeoutException($"The command has not ended after {patience}.");
        return run ?? throw new InvalidOperationException($"An exception left the command: {failure}", failure);
    }

    private sealed class Printed
    {
        public StringWriter Output { get; } = new();

        public StringWriter Error { get; } = new();
    }

    private sealed class Router(TextWriter console, Func<Printed, TextWriter> part) : TextWriter
    {
        public override Encoding Encoding => console.Encoding;

        private TextWriter Target => s_printed.Value is { } printed ? part(printed) : console;

        public override void Write(char value) => Target.Write(value);

        public override void Write(char[] buffer, int index, int count) => Target.Write(buffer, index, count);

        public override void Write(string? value) => Target.Write(value);

        public override void Flush() => Target.Flush();
    }
}
