using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;

namespace Imputation.Cli.Commands;

/// <summary><c>impute multiple IN -m 20 --out DIR</c>: fits the model to a table and fills its missing cells several times.</summary>
internal sealed class MultipleCommand
{
    private readonly StreamingOptions _streaming = new();
    private readonly ReadingOptions _reading = new();
    private readonly ImputingOptions _imputing = new(pools: false);
    private readonly MultipleChoices _choices = new();
    private readonly FillingOptions _filling = new();
    private readonly FittingOptions _fitting = new();
    private readonly CommonOptions _common = new();

    public Command Create()
    {
        var command = new DocumentedCommand("multiple",
            "Multiple imputation: complete a table several times, so that analyses include the uncertainty of the filled cells.", """
            impute multiple survey.csv -m 20 --out imputed
            impute multiple survey.csv -m 20 --long imputed.csv --include-original
            impute multiple survey.csv -m 50 --out imputed --pmm --donors 5 --seed 7
            impute multiple survey.csv -m 50 --out imputed --pmm --donors 5 --seed 7 --resume
            impute multiple survey.csv -m 40 --out imputed --method da --traces traces.csv
            """);
        _reading.AddTo(command, several: true);
        _streaming.AddTo(command);
        _imputing.AddTo(command);
        _choices.AddTo(command);
        _filling.AddTo(command, once: false);
        _fitting.AddTo(command);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string input = _reading.Parts(parsed)[0].Path;
        _imputing.Check(parsed);
        _choices.Check(parsed, _reading);
        if (_choices.Folder(parsed) is { } folder && _reading.IsReadNextTime(parsed, Path.Combine(folder, "imp01.csv")))
            throw Outputs.ReadNextTime("--out", folder);
        if (_streaming.IsWanted(parsed, _reading))
            return new BatchMultiple(_reading, _streaming, _choices, _filling, _fitting, _imputing, _common).Run(parsed, cancellation);
        using Outputs outputs = Planned(parsed);
        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation);
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, table), _reading.Codebook(parsed), table);
        MultipleOptions options = _imputing.Read(parsed, model, _filling.Read(parsed, table, _reading.Codebook(parsed)));
        RunOptions running = _common.Run(parsed, progress);
        IImputationStore? store = _choices.Store(parsed, input, _choices.Settings(parsed, table, options, running.Seed, _reading, _fitting,
            _imputing, input));
        bool strict = _common.Strict(parsed);
        MultipleRun run = progress.Run(() => MultipleRun.Start(table, options, running, makeAll: strict, cancellation));
        if (strict) ExitStatus.RefuseWhereDoubtful(run.Set.Fit, run.Findings);
        ExitStatus.TellOfFinished(store, options.Count, cancellation, () =>
        {
            if (store is not null) progress.Run(() => run.WriteTo(store, cancellation));
            Fill(parsed, outputs, run, store, cancellation);
            outputs.Commit(cancellation);
            MultipleSummary.OtherRuns(store as ImputationFolder);
            if (!terminal.Quiet)
                MultipleSummary.Write(Terminal.Account(outputs), _reading.NameOf(parsed), _streaming.Describe(parsed, _reading), run,
                    model.Prior, store, outputs.Files);
        });
        return ExitStatus.Code(run.Set.Fit);
    }

    private Outputs Planned(ParseResult parsed)
    {
        Outputs outputs = _reading.Outputs(parsed);
        outputs.Plan("--long", "imputations", _choices.Long(parsed));
        _imputing.Plan(parsed, outputs);
        outputs.Plan("--ledger", "ledger of filled cells", _filling.Ledger(parsed));
        outputs.Plan("--json", "JSON report", _common.Json(parsed));
        outputs.Check();
        return outputs;
    }

    /// <summary>Content of the files that are written at the end.</summary>
    private void Fill(ParseResult parsed, Outputs outputs, MultipleRun run, IImputationStore? store, CancellationToken cancellation)
    {
        string input = _reading.Parts(parsed)[0].Path;
        ImputationSet set = run.Set;
        if (store is not null) outputs.Forget("--long");
        outputs.Fill("--long", stream => StackedImputations.Write(stream, set, _choices.Format(parsed, input),
            _choices.Writing(parsed, input), _choices.Original(parsed), run.Information.Add, cancellation));
        ImputingOptions.FillTraces(outputs, set, cancellation);
        outputs.Fill("--ledger", stream => LedgerFile.Write(stream, set, run.First, cancellation));
        outputs.Fill("--json", stream => MultipleReport.Write(stream, set, run.First.FilledCount, store?.KeptCount ?? 0,
            // Standard output is written last: the account then comes before the imputations that the advice is from.
            store?.KeptCount > 0 ? null : outputs.IsOnStandardOutput("--long") ? set.Advise(cancellation: cancellation)
                : run.Information.Advise(),
            ModelSource.Of(run.Set.Table), run.First.Findings, _streaming.Memory(parsed, _reading)));
    }
}
