using System.CommandLine;

namespace Imputation.Cli.Commands;

/// <summary>A command with examples for its help.</summary>
internal sealed class DocumentedCommand(string name, string description, string examples) : Command(name, description)
{
    /// <summary>One or more command lines, as a user would type them.</summary>
    public string Examples => examples;

    /// <summary>Runs the command and returns the exit code. It runs on the calling thread.</summary>
    public void Runs(Func<ParseResult, CancellationToken, int> action) =>
        SetAction((parsed, cancellation) => Task.FromResult(action(parsed, cancellation)));
}
