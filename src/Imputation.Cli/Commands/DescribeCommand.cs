using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Files.Parts;
using Imputation.Reports;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary><c>impute describe IN</c>: the columns of a table, its missing data and their possible mechanism, and the fit of the
/// model.</summary>
internal sealed class DescribeCommand
{
    /// <summary>Cells of a sample.</summary>
    private const int SampledCells = 1 << 21;

    private readonly ReadingOptions _reading = new();
    private readonly StreamingOptions _streaming = new();
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
        _reading.AddTo(command, several: true);
        _streaming.AddTo(command);
        command.Options.Add(_full);
        _diagnosing.AddTo(command);
        _fitting.AddTo(command);
        _common.AddTo(command, computes: true, refuses: false);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using Outputs outputs = _reading.Outputs(parsed);
        outputs.Plan("--json", "description", _common.Json(parsed));
        outputs.Plan("--report", "report", _diagnosing.Report(parsed));
        outputs.Check();

        (DiagnosticSuite suite, IReadOnlyList<Plugin> plugins) = _diagnosing.Read(parsed);
        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        bool limited = _streaming.IsWanted(parsed, _reading);
        using IFileRows? rows = limited ? _reading.Rows(parsed, _streaming, cancellation, lenient: true) : null;
        Table table = rows is null ? _reading.Read(parsed, cancellation, lenient: true) : Sample(rows, cancellation);
        var options = new DiagnosticOptions
        {
            Model = _fitting.Read(parsed, _reading.Selection(parsed, table), _reading.Codebook(parsed), table),
        };
        var context = new DiagnosticContext(table, options, _common.Run(parsed, progress), cancellation);
        DiagnosticReport report = progress.Run(() => Diagnosis.Run(suite, plugins, context));
        cancellation.ThrowIfCancellationRequested();
        TableDescription description = rows is null ? TableDescription.Of(context) : TableDescription.Of(rows, context, cancellation);

        outputs.Fill("--json", stream => DescriptionReport.Write(stream, description, report,
            _streaming.Memory(parsed, _reading)));
        outputs.Fill("--report", stream => ReportPage.Write(stream, report, Diagnosis.Heading(_reading.Input(parsed), report)));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            bool full = parsed.GetValue(_full);
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.NameOf(parsed), description.RowCount, table.Columns.Count,
                _streaming.Describe(parsed, _reading));
            if (limited && table.RowCount < description.RowCount)
                account.Line("", $"counts, means and patterns are of all rows, the diagnostics of a random sample of "
                    + TextFormat.Count(table.RowCount, "row"));
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

    /// <summary>Rows taken at random, for what needs them at once.</summary>
    private static Table Sample(IFileRows rows, CancellationToken cancellation)
    {
        double count = rows.RowCount ?? rows.Batches(cancellation).Sum(batch => (long)batch.RowCount),
            share = (double)SampledCells / rows.First.Columns.Count / count;
        var random = new Random(1); // the same rows each time
        return share >= 1 ? JoinedTable.Of(rows.Batches(cancellation))
            : JoinedTable.Of(rows.Batches(cancellation), _ => random.NextDouble() < share);
    }
}
