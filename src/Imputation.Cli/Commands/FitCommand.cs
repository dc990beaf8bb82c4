using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;

namespace Imputation.Cli.Commands;

/// <summary><c>impute fit IN --out M.json</c>: fits the model to a table and keeps it.</summary>
internal sealed class FitCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly FittingOptions _fitting = new();
    private readonly FillingOptions _filling = new();
    private readonly CommonOptions _common = new();

    private readonly Option<string> _out = new("--out", "-o")
    {
        Description = "Write the fitted model as JSON; - is standard output.",
        HelpName = "M.json",
        Required = true
    };

    public Command Create()
    {
        var command = new DocumentedCommand("fit",
            "Fit the model to a table and save it, for 'impute apply' or for its means and covariances.", """
            impute fit survey.csv --out model.json
            impute fit survey.csv --out model.json --prior none --restarts 10 --tolerance 1e-10
            """);
        _reading.AddTo(command);
        command.Options.Add(_out);
        _fitting.AddTo(command);
        _filling.AddUnusedTo(command);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var outputs = new Outputs(_reading.Input(parsed));
        outputs.Plan("--out", "model", parsed.GetValue(_out));
        outputs.Plan("--json", "copy of the model", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        if (_filling.Given(parsed).ToArray() is { Length: > 0 } unused)
            Terminal.Say($"impute: note: {string.Join(", ", unused)}: fit fills no cells, so this has no effect; use it with 'impute "
                + "fill' or 'impute apply'.");
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation);
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, table), _reading.Codebook(parsed), table);
        FittedModel fit = progress.Run(() => model.Fit(table, _common.Run(parsed, progress), cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, [.. table.Findings, .. fit.Report.Findings]);

        outputs.Fill("--out", stream => ModelFile.Write(stream, fit, ModelSource.Of(table)));
        outputs.Fill("--json", stream => ModelFile.Write(stream, fit, ModelSource.Of(table)));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.Input(parsed), table);
            FitSummary.Columns(account, fit.Report.ColumnUses);
            FitSummary.Fit(account, fit, model.Prior);
            FitSummary.Findings(account, [.. table.Findings, .. fit.Report.Findings]);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }
}
