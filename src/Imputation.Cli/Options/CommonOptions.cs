using System.CommandLine;
using Imputation.Cli.Output;

namespace Imputation.Cli.Options;

/// <summary>Options common to all subcommands.</summary>
internal sealed class CommonOptions
{
    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of random starts and draws; the same seed gives the same numbers.",
        HelpName = "N",
        CustomParser = Values.Seed,
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Maximum number of threads; 0 is one per processor. The result does not depend on it.",
        HelpName = "N",
        CustomParser = Values.Whole(0, "a number of threads, or 0 for one per processor"),
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<string?> _json = new("--json")
    {
        Description = "Write the results as JSON; - is standard output.",
        HelpName = "FILE"
    };
    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "If there is a warning, a problem, or no convergence, write nothing "
        + "and end with exit code 5."
    };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print errors only: no summary, no progress." };

    /// <summary>Adds those that concern every command, and with <paramref name="computes"/> those of a command that fits or
    /// fills.</summary>
    /// <param name="command">The command.</param>
    /// <param name="computes">Whether it fits or fills.</param>
    /// <param name="refuses">Whether it may refuse to write its result.</param>
    /// <param name="json">Whether it has results besides what it writes.</param>
    public void AddTo(Command command, bool computes, bool refuses = true, bool json = true)
    {
        if (computes)
            foreach (Option option in (Option[])[_seed, _threads]) command.Options.Add(option);
        if (computes && refuses) command.Options.Add(_strict);
        if (json) command.Options.Add(_json);
        command.Options.Add(_quiet);
    }

    /// <summary>Seed, threads and progress reports of the computation.</summary>
    public RunOptions Run(ParseResult parsed, Progress? progress = null) =>
        new() { Seed = parsed.GetValue(_seed), Threads = parsed.GetValue(_threads), Progress = progress, Forecast = progress };

    public string? Json(ParseResult parsed) => parsed.GetValue(_json);

    public bool Strict(ParseResult parsed) => parsed.GetValue(_strict);

    public bool Quiet(ParseResult parsed) => parsed.GetValue(_quiet);
}
