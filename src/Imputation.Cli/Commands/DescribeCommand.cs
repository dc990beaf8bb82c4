using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Diagnostics;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary><c>impute describe IN</c>: the columns of a table, its missing data and their possible mechanism, and the fit of the
/// model.</summary>
internal sealed class DescribeCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly DiagnosingOptions _diagnosing = new();
    private readonly FittingOptions _fitting = new();
    private readonly CommonOptions _common = new();

    private readonly Option<bool> _full = new("--full") { Description = "Print every finding and every table." };

    public Command Create()
    {
        var command = new DocumentedCommand("describe",
            "Describe the missing cells of a table and check the assumptions of imputation: patterns, tests of MCAR, model fit.", """
            impute describe survey.csv
            impute describe survey.csv --report survey.html
            impute describe survey.csv --missing "-99" --json survey.json --only patterns,little
            impute describe survey.csv --plugin my.dll
            """);
        _reading.AddTo(command);
        command.Options.Add(_full);
        _diagnosing.AddTo(command);
        _fitting.AddTo(command);
        _common.AddTo(command, computes: true, refuses: false);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var outputs = new Outputs(_reading.Input(parsed));
        outputs.Plan("--json", "description", _common.Json(parsed));
        outputs.Plan("--report", "report", _diagnosing.Report(parsed));
        outputs.Check();

        (DiagnosticSuite suite, IReadOnlyList<Plugin> plugins) = _diagnosing.Read(parsed);
        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation, lenient: true);
        var options = new DiagnosticOptions
        {
            Model = _fitting.Read(parsed, _reading.Selection(parsed, table), _reading.Codebook(parsed), table),
        };
        var context = new DiagnosticContext(table, options, _common.Run(parsed, progress), cancellation);
        DiagnosticReport report = progress.Run(() => Diagnosis.Run(suite, plugins, context));
        cancellation.ThrowIfCancellationRequested();
        var description = TableDescription.Of(context);

        outputs.Fill("--json", stream => DescriptionReport.Write(stream, description, report));
        outputs.Fill("--report", stream => ReportPage.Write(stream, report, Diagnosis.Heading(_reading.Input(parsed), report)));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            bool full = parsed.GetValue(_full);
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.Input(parsed), table);
            // The warnings and problems among them are findings of the diagnostic of columns, unless that is not run.
            FitSummary.Findings(account, table.Findings.Where(f => !full && (f.Severity == FindingSeverity.Note
                || !report.Findings.Contains(f))));
            DescriptionText.Missing(account, description);
            DiagnosticsText.Verdicts(account, report, full);
            DescriptionText.Tables(account, description, full);
            if (full) DiagnosticsText.Tables(account, report);
            FillSummary.Files(account, outputs.Files);
        }
        return context.HasFit ? ExitStatus.Code(context.Fit, writes: false) : ExitCode.Done;
    }
}
