using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Files.Parts;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary><c>impute fill IN --out OUT</c>: fits the model to a table and fills its missing cells.</summary>
internal sealed class FillCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly StreamingOptions _streaming = new();
    private readonly TableOutput _out = new();
    private readonly FillingOptions _filling = new();
    private readonly FittingOptions _fitting = new();
    private readonly DiagnosingOptions _diagnosing = new();
    private readonly CommonOptions _common = new();
    private readonly DatabaseOptions _database = new();

    private readonly Option<string?> _modelOut = new("--model-out")
    {
        Description = "Write the fitted model as JSON, for 'impute apply'.",
        HelpName = "FILE"
    };

    private readonly Option<string?> _probabilities = new("--probabilities")
    {
        Description = "Write the probability of every level of every filled cell of a category as CSV: row, column, level, p.",
        HelpName = "FILE"
    };

    public Command Create()
    {
        var command = new DocumentedCommand("fill", "Single imputation: fit the model to all rows and fill the missing cells.", """
            impute fill survey.csv --out survey.completed.csv
            impute fill survey.csv --out done.csv --missing-in "age=-99,-98" --bounds "age=0..110" --integer age
            impute fill survey.csv --out done.csv --report done.html
            impute fill survey.csv --out draw.csv --method draw --seed 7 --ledger cells.csv --model-out model.json
            impute fill --connection SALES --query "SELECT * FROM visits" --into visits_completed
            impute fill - --out - < survey.csv > survey.completed.csv
            impute fill part-1.parquet part-2.parquet --out all.parquet --memory 2GB
            """);
        _reading.AddTo(command, several: true);
        _streaming.AddTo(command);
        _out.AddTo(command);
        _database.AddTo(command, _reading, _out.File);
        command.Options.Add(_modelOut);
        _filling.AddTo(command);
        command.Options.Add(_probabilities);
        _fitting.AddTo(command);
        _diagnosing.AddReportTo(command);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (_database.Given(parsed)) return FillDatabase(parsed, cancellation);
        _database.RefuseWithoutConnection(parsed);
        using Outputs outputs = _reading.Outputs(parsed);
        _out.Plan(parsed, outputs, _reading);
        outputs.Plan("--model-out", "model", parsed.GetValue(_modelOut));
        outputs.Plan("--ledger", "ledger of filled cells", _filling.Ledger(parsed));
        outputs.Plan("--probabilities", "probabilities of levels", parsed.GetValue(_probabilities));
        outputs.Plan("--json", "JSON report", _common.Json(parsed));
        outputs.Plan("--report", "report", _diagnosing.Report(parsed));
        outputs.Check();
        if (IsInBatches(parsed)) return RunInBatches(parsed, outputs, cancellation);

        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation);
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, table), _reading.Codebook(parsed), table);
        FillOptions filling = _filling.Read(parsed, table, _reading.Codebook(parsed));
        RunOptions run = _common.Run(parsed, progress);
        ImputationResult completion = progress.Run(() => table.Impute(model, filling, run, cancellation));
        ExitStatus.ThrowIfCancelled(completion.Fit, cancellation);
        Finding[] findings = [.. completion.Fit.Report.Findings, .. completion.Findings];
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(completion.Fit, findings);

        if (_diagnosing.Report(parsed) is not null)
        {
            var context = new DiagnosticContext(table, completion, new DiagnosticOptions { Model = model, Fill = filling }, run,
                cancellation);
            DiagnosticReport report = progress.Run(() => DiagnosticSuite.Default.Run(context));
            outputs.Fill("--report", stream => ReportPage.Write(stream, report, Diagnosis.Heading(_reading.Input(parsed), report)));
        }
        _out.Fill(parsed, outputs, completion.Table, cancellation);
        outputs.Fill("--model-out", stream => ModelFile.Write(stream, completion.Fit, ModelSource.Of(table)));
        outputs.Fill("--ledger", stream => LedgerFile.Write(stream, completion, cancellation));
        outputs.Fill("--probabilities", stream => ProbabilitiesFile.Write(stream, completion.Probabilities, cancellation));
        outputs.Fill("--json", stream => RunReport.Write(stream, completion, filling, run, ModelSource.Of(table),
            _streaming.Memory(parsed, _reading)));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.NameOf(parsed), table, _streaming.Describe(parsed, _reading));
            FitSummary.Columns(account, completion.ColumnUses);
            FitSummary.Fit(account, completion.Fit, model.Prior);
            FitSummary.Findings(account, findings);
            FillSummary.Fills(account, completion.Fit, ImputationTotals.Of(completion), filling.Method);
            FillSummary.Types(account, table, _out.Widened(parsed, completion.Table));
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(completion.Fit);
    }

    private int FillDatabase(ParseResult parsed, CancellationToken cancellation)
    {
        _out.RefuseFile(parsed);
        foreach ((string option, string? value) in new[] { ("--report", _diagnosing.Report(parsed)),
            (_probabilities.Name, parsed.GetValue(_probabilities)) })
            if (value is not null) throw new UsageException($"{option} needs the table in memory; with --connection leave it out.");
        return new DatabaseFill(_database, _reading, _streaming, _filling, _common).Fill(parsed, _fitting, parsed.GetValue(_modelOut),
            cancellation);
    }

    /// <summary>Whether rows are read in batches: where the memory is limited, and where the table is in several files, which are written
    /// as they were. What needs all rows at once is refused under a limit, and otherwise has them.</summary>
    /// <exception cref="UsageException">An option that needs all rows at once, under a limit.</exception>
    private bool IsInBatches(ParseResult parsed)
    {
        string? whole = _diagnosing.Report(parsed) is not null ? "--report" : parsed.GetValue(_probabilities) is not null
            ? _probabilities.Name : _filling.Method(parsed) == FillMethod.PredictiveMeanMatching ? "--method pmm" : null;
        if (whole is not null) _streaming.RefuseWith(whole, parsed);
        return whole is null && (_streaming.IsWanted(parsed, _reading) || _reading.AreSeveral(parsed));
    }

    /// <summary>The same with rows in batches. A model that needs all rows is fitted to them in memory, unless that is limited.</summary>
    private int RunInBatches(ParseResult parsed, Outputs outputs, CancellationToken cancellation)
    {
        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        using IFileRows rows = _reading.Rows(parsed, _streaming, cancellation);
        Table first = rows.First;
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, first), _reading.Codebook(parsed), first);
        FillOptions filling = _filling.Read(parsed, first, _reading.Codebook(parsed));
        RunOptions run = _common.Run(parsed, progress);
        bool limited = _streaming.IsWanted(parsed, _reading);
        FittedModel fit = progress.Run(() => limited ? model.Fit(rows, _streaming.Read(parsed, terminal), run, cancellation)
            : model.Fit(JoinedTable.Of(rows.Batches(cancellation)), run, cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        Finding[] found = [.. first.Findings, .. fit.Report.Findings];
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, found);

        ModelSource? source = _reading.AreSeveral(parsed) ? null : ModelSource.Of(first);
        var fill = new BatchFill(parsed, outputs, rows, fit, filling, run, cancellation)
        {
            Check = _common.Strict(parsed) ? findings => ExitStatus.RefuseWhereDoubtful(fit, findings) : null,
        };
        outputs.Fill("--model-out", stream => ModelFile.Write(stream, fit, source));
        fill.Write(_out, "--ledger", "--json", source, () => _streaming.Memory(parsed, _reading));

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.NameOf(parsed), fill.Totals.RowCount, first.Columns.Count,
                _streaming.Describe(parsed, _reading));
            FitSummary.Columns(account, fit.Report.ColumnUses);
            FitSummary.Fit(account, fit, model.Prior);
            FitSummary.Findings(account, found.Concat(fill.Totals.Findings).DistinctBy(f => (f.Code, string.Join('\n', f.Columns))));
            FillSummary.Fills(account, fit, fill.Totals, filling.Method);
            FillSummary.Types(account, first, fill.Widened);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }
}
