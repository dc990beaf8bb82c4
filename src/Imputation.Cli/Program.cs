using System.CommandLine;
using System.CommandLine.Invocation;
using Imputation.Cli.Commands;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;

namespace Imputation.Cli;

/// <summary>The command <c>impute</c>: parse, call, format; no statistics. Every way it can end is here.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (args is ["--version"])
        {
            Console.Out.WriteLine($"impute {ProgramVersion.Text}"); // before anything else is loaded
            return ExitCode.Done;
        }
        return Run(args);
    }

    private static int Run(string[] args)
    {
        string help = "Try 'impute --help'.";
        try
        {
            ParseResult parsed = Parse(args);
            if (parsed.CommandResult.Command is not RootCommand and var command) help = $"Try 'impute {command.Name} --help'.";
            if (parsed.Action is ParseErrorAction) throw new UsageException(CommandTree.Complaint(parsed));
            using var interruption = new Interruption();
            return parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null
            }, interruption.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            return Fail(exception is AggregateException { InnerException: { } inner } ? inner : exception, help);
        }
    }

    /// <summary>By the one subcommand that is named, which is made in half the time; where that does not do, or help is asked for, by
    /// all.</summary>
    private static ParseResult Parse(string[] args)
    {
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null }; // a column may be named @x
        if (args is [var name, .. var rest] && !AsksForHelp(rest) && CommandTree.Subcommand(name)?.Parse(rest,
            configuration) is { Action: not ParseErrorAction } parsed)
            return parsed;
        return CommandTree.Create().Parse(args, configuration);
    }

    private static bool AsksForHelp(string[] args) => args.Any(arg => arg is "--help" or "-h" or "/h" or "-?" or "/?");

    /// <summary>The one line that the user sees, and the exit code. A stack trace only for those who ask for it.</summary>
    private static int Fail(Exception exception, string help)
    {
        (int code, string line) = exception switch
        {
            UsageException => (ExitCode.Usage, $"{exception.Message} {help}"),
            ImputationDataException => (ExitCode.Data, exception.Message),
            RefusedException => (ExitCode.Refused, exception.Message),
            ArgumentException argument =>
                (ExitCode.Usage, $"{argument.Message.Replace($" (Parameter '{argument.ParamName}')", "")} {help}"),
            OperationCanceledException => (ExitCode.Interrupted, ""),
            IOException or UnauthorizedAccessException => (ExitCode.Usage, exception.Message),
            _ => (ExitCode.InternalError, $"internal error: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")} - "
                + "please report it, with the command and, if you can, the data."),
        };
        Console.Error.WriteLine(code == ExitCode.Interrupted ? (exception as UnfinishedException)?.Message ?? Interruption.Message
            : $"impute: {line}");
        if (Environment.GetEnvironmentVariable("IMPUTE_DEBUG") == "1") Console.Error.WriteLine(exception);
        return code;
    }
}
