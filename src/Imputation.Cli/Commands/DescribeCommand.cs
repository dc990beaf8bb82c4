using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Data;

namespace Imputation.Cli.Commands;

/// <summary><c>impute describe IN</c>: what is in a table, what is missing, and in which patterns.</summary>
internal sealed class DescribeCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly CommonOptions _common = new();

    public Command Create()
    {
        var command = new DocumentedCommand("describe", "Show a table's columns, what is missing in them, and in which patterns.", """
            impute describe survey.csv
            impute describe survey.csv --missing "-99" --json survey.json
            """);
        _reading.AddTo(command);
        _common.AddTo(command, computes: false);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var outputs = new Outputs(_reading.Input(parsed));
        outputs.Plan("--json", "description", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        Table table = _reading.Read(parsed, cancellation);
        var description = TableDescription.Of(table, _reading.Selection(parsed, table));
        outputs.Fill("--json", stream => DescriptionJson.Write(stream, description));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Account account = Terminal.Account(outputs.OnStandardOutput);
            FillAccount.Input(account, _reading.Input(parsed), table);
            DescriptionText.Write(account, description);
            FillAccount.Files(account, outputs.Files);
        }
        return ExitCode.Done;
    }
}
