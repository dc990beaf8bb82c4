using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>The command with its subcommands, their help, and the error messages for a command line that does not parse.</summary>
internal static class CommandTree
{
    private static readonly string[] Examples =
    [
        "impute fill survey.csv --out survey.completed.csv",
        "impute describe survey.csv",
        "impute fit survey.csv --out model.json",
        "impute apply model.json more.csv --out more.completed.csv",
        "impute multiple survey.csv -m 20 --out imputed",
        "impute analyze survey.csv \"income ~ age + education\"",
        "impute pool estimates.csv",
        "impute cluster survey.csv --k 1..6 --out segments.csv",
        "impute accumulate part1.csv --columns age,income --out part1.stats.parquet",
        "impute sql statistics --dialect postgresql --table sales --columns age,income",
    ];

    private static readonly (string Name, Func<Command> Create)[] Subcommands =
    [
        ("fill", () => new FillCommand().Create()),
        ("fit", () => new FitCommand().Create()),
        ("apply", () => new ApplyCommand().Create()),
        ("multiple", () => new MultipleCommand().Create()),
        ("describe", () => new DescribeCommand().Create()),
        ("codebook", () => new CodebookCommand().Create()),
        ("analyze", () => new AnalyzeCommand().Create()),
        ("pool", () => new PoolCommand().Create()),
        ("cluster", () => new ClusterCommand().Create()),
        ("accumulate", () => new AccumulateCommand().Create()),
        ("sql", () => new SqlCommand().Create()),
    ];

    public static RootCommand Create()
    {
        var root = new RootCommand("Imputes missing cells, numbers with a multivariate normal model and categories with a latent one, "
            + "fitted by EM to all rows, and diagnoses whether the model fits and the filled values can be trusted.");
        foreach ((_, Func<Command> create) in Subcommands) root.Subcommands.Add(create());
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show help, with examples.";
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>One subcommand, or null where there is none of that name.</summary>
    public static Command? Subcommand(string name)
    {
        foreach ((string known, Func<Command> create) in Subcommands)
            if (known == name) return create();
        return null;
    }

    /// <summary>The error in the command line, in one sentence, with the probable intention.</summary>
    public static string Complaint(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand && parsed.Tokens.Count == 0)
            return "no command given; expected fill, fit, apply, multiple, describe, codebook, analyze, pool, cluster, "
                + "accumulate or sql.";
        Command command = parsed.CommandResult.Command;
        foreach (string token in parsed.UnmatchedTokens.Concat(ReadingOptions.Strays(parsed)))
        {
            string name = token.Split('=')[0];
            if (command.Subcommands.Count > 0)
                return $"unknown command '{Path(command, token)}'.{TextFormat.Hint(token, command.Subcommands.Select(c => c.Name))}";
            if (!name.StartsWith('-'))
                return $"unexpected value '{token}': {command.Name} takes {string.Join(" and ", command.Arguments.Select(a => a.Name))}; "
                    + "a value with blanks needs quotes" + (command.Arguments.Any(a => a.Name == ReadingOptions.MoreName)
                        ? ", and there is no file of that name." : ".");
            string[] others = [.. command.Parents.OfType<Command>().Single().Subcommands.Where(c => c.Options.Any(o => o.Name == name))
                .Select(c => $"'impute {Path(c)}'")];
            string owner = others.Length == 0 ? "" : $" It belongs to {string.Join(" and ", others)}.";
            return $"{command.Name} has no option "
                + $"{name}.{(owner.Length > 0 ? owner : TextFormat.Hint(name, command.Options.Select(o => o.Name)))}";
        }
        if (command.Subcommands.Count > 0)
            return $"{command.Name} takes a command: {string.Join(" or ", command.Subcommands.Select(c => c.Name))}.";
        string[] missing = [.. command.Arguments.Where(a => (a.Arity.MinimumNumberOfValues > 0
            && parsed.GetResult(a) is not { Tokens.Count: > 0 }) || ReadingOptions.IsMissing(parsed, a)).Select(a => a.Name)];
        if (missing.Length > 0 && command is DocumentedCommand documented)
            return $"{command.Name} takes {string.Join(" and ", command.Arguments.Select(a => a.Name))}, but "
                + $"{string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing. For example: "
                + $"{documented.Examples.Split('\n')[0].Trim()}.";
        return parsed.Errors[0].Message;
    }

    /// <summary>A command as it is called: sql fill.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } outer ? Path(outer, command.Name) : command.Name;

    private static string Path(Command outer, string name) => outer is RootCommand ? name : $"{Path(outer)} {name}";

    /// <summary>The library's help, then examples and exit codes.</summary>
    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            int result = help.Invoke(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in (parsed.CommandResult.Command as DocumentedCommand)?.Examples.Split('\n') ?? Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
            output.WriteLine(ExitCode.Help);
            return result;
        }
    }
}
