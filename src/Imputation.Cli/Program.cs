using System.CommandLine;
using System.CommandLine.Invocation;
using Imputation.Cli.Commands;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Text;

namespace Imputation.Cli;

/// <summary>The command <c>impute</c>: parse, call, format; no statistics. Every way it can end is here.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        string help = "Try 'impute --help'.";
        try
        {
            if (args is not ["--version"]) return Run(args, ref help);
            Terminal.Out.WriteLine($"impute {ProgramVersion.Text}"); // before anything else is loaded
            return ExitCode.Done;
        }
        catch (Exception exception)
        {
            return Fail(exception, help);
        }
    }

    /// <param name="args">The command line.</param>
    /// <param name="help">Where to find help; of the command, once that is known.</param>
    private static int Run(string[] args, ref string help)
    {
        ParseResult parsed = Parse(args);
        if (parsed.CommandResult.Command is not RootCommand and var command) help = $"Try 'impute {CommandTree.Path(command)} --help'.";
        if (parsed.Action is ParseErrorAction) throw new UsageException(CommandTree.Complaint(parsed));
        using var interruption = new Interruption(Terminal.Say);
        return parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = Terminal.Out,
            Error = Terminal.Error,
        }, interruption.Token).GetAwaiter().GetResult();
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

    /// <summary>Says the one line that the user sees, and returns the exit code. A stack trace only for those who ask for it.</summary>
    private static int Fail(Exception exception, string help)
    {
        (int code, string line) = Explain(exception, help);
        Terminal.Say(line);
        if (Environment.GetEnvironmentVariable("IMPUTE_DEBUG") == "1") Terminal.Say(exception.ToString());
        return code;
    }

    private static (int Code, string Line) Explain(Exception exception, string help)
    {
        // A name may have line feeds in it, which would look like another message.
        string message = TextFormat.Printable(exception.Message);
        switch (exception)
        {
            case LeftBehindException { InnerException: OperationCanceledException }:
                return (ExitCode.Interrupted, $"impute: interrupted. {message}");
            case LeftBehindException { InnerException: { } cause }:
                (int code, string line) = Explain(cause, help);
                return (code, $"{line} {message}");
            case AggregateException { InnerException: { } inner }: return Explain(inner, help);
            case UnfinishedException: return (ExitCode.Interrupted, message);
            case OperationCanceledException: return (ExitCode.Interrupted, Interruption.Message);
            case RefusedException: return (ExitCode.Refused, $"impute: {exception.Message}"); // several lines
            case UsageException: return (ExitCode.Usage, $"impute: {message} {help}");
            case ImputationDataException: return (ExitCode.Data, $"impute: {message}");
            case ArgumentException argument:
                return (ExitCode.Usage, $"impute: {message.Replace($" (Parameter '{argument.ParamName}')", "")} {help}");
            case IOException or UnauthorizedAccessException: return (ExitCode.Usage, $"impute: {message}");
            default:
                return (ExitCode.InternalError, $"impute: internal error: {exception.GetType().Name}: {message} - please report it, with "
                    + "the command and, if you can, the data.");
        }
    }
}
