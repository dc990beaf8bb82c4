using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Parquet;

namespace Imputation.Cli.Commands;

/// <summary><c>impute multiple IN -m 20 --out DIR</c>: fits the model to a table and fills its missing cells several times.</summary>
internal sealed class MultipleCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly ImputingOptions _imputing = new(pools: false);
    private readonly MultipleChoices _choices = new();
    private readonly FillingOptions _filling = new();
    private readonly FittingOptions _fitting = new();
    private readonly CommonOptions _common = new();

    public Command Create()
    {
        var command = new DocumentedCommand("multiple",
            "Complete a table several times, so that what the missing cells leave open shows in an analysis.", """
            impute multiple survey.csv -m 20 --out imputed
            impute multiple survey.csv -m 20 --long imputed.csv --include-original
            impute multiple survey.csv -m 50 --out imputed --pmm --donors 5 --seed 7
            impute multiple survey.csv -m 50 --out imputed --pmm --donors 5 --seed 7 --resume
            impute multiple survey.csv -m 40 --out imputed --method da --traces traces.csv
            """);
        _reading.AddTo(command);
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
        string input = _reading.Input(parsed);
        _imputing.Check(parsed);
        _choices.Check(parsed, input);
        ITableFormat format = _choices.Format(parsed, input);
        TableWriteOptions writing = _choices.Writing(parsed, input);
        using var outputs = new Outputs(input);
        outputs.Plan("--long", "imputations", _choices.Long(parsed));
        _imputing.Plan(parsed, outputs);
        outputs.Plan("--ledger", "ledger of filled cells", _filling.Ledger(parsed));
        outputs.Plan("--json", "account", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        Table table = _reading.Read(parsed, cancellation);
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, table));
        MultipleOptions options = _imputing.Read(parsed, model, _filling.Read(parsed, table));
        RunOptions run = _common.Run(parsed, progress);
        Dictionary<string, string> settings = _choices.Settings(parsed, table, options, run.Seed, _reading, _imputing, input);
        ImputationFiles? files = _choices.Folder(parsed) is { } folder ? new ImputationFiles(folder, input,
            _choices.Extension(parsed, input), options.Count, settings) : null;
        LongFile? longFile = _choices.Long(parsed) is { } path && MultipleChoices.Resumable(path, format) ? new LongFile(path, settings)
            : null;
        bool resume = _choices.Resume(parsed);
        if (resume) _ = longFile?.Begin(options.Count, resume); // a refusal comes before the work

        bool strict = _common.Strict(parsed);
        (ImputationSet set, ImputationResult first) = progress.Run(() =>
        {
            ImputationSet made = table.ImputeMultiple(options, run, cancellation);
            ImputationResult one = made.Make(0, cancellation); // with the first, chains are run
            // any may have something to tell, and nothing is written before
            if (strict) made.ForEach([.. Enumerable.Range(1, made.Count - 1)], (_, _) => { }, cancellation);
            return (made, one);
        });
        Finding[] before = [.. set.Fit.Report.Findings, .. first.Findings];
        if (strict) ExitStatus.RefuseWhereDoubtful(set.Fit, [.. before, .. set.Findings]);

        int[] open = files?.Begin(options.Count, resume) ?? [];
        int kept = files is not null ? options.Count - open.Length : longFile?.FinishedCount ?? 0;
        var information = new InformationTally(set);
        bool onStandardOutput = _choices.Long(parsed) == "-"; // which is written last
        try
        {
            progress.Run(() =>
            {
                if (files is not null)
                {
                    set.ForEach(open, (k, done) =>
                    {
                        information.Add(k, done);
                        files.Write(k, done, format, writing, cancellation);
                    }, cancellation);
                }
                else if (longFile is not null) longFile.Write(set, _choices.Original(parsed), writing, information.Add, cancellation);
                return 0;
            });
            if (longFile is not null) outputs.Forget("--long");
            outputs.Fill("--long", stream => WriteLong(stream, set, first, _choices.Original(parsed), format, writing, information,
                cancellation));
            ImputingOptions.FillTraces(outputs, set, cancellation);
            outputs.Fill("--ledger", stream => LedgerFile.Write(stream,
                set.InOrder(cancellation).SelectMany((done, k) => done.Cells.Select(cell => (k + 1, cell))), cancellation));
            outputs.Fill("--json", stream => MultipleReport.Write(stream, set, first.FilledCount, kept,
                kept > 0 ? null : onStandardOutput ? set.Advise(cancellation: cancellation) : information.Advise(), ModelSource.Of(table),
                    first.Findings));
            outputs.Commit(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Unfinished(files?.FinishedCount ?? longFile?.FinishedCount ?? 0, options.Count);
        }
        catch (OutputException exception) when ((files?.FinishedCount ?? longFile?.FinishedCount) > 0)
        {
            throw new OutputException($"{exception.Message} {GoesOn(files?.FinishedCount ?? longFile!.FinishedCount, options.Count)}",
                exception.Path, exception);
        }

        if (files?.Strangers(options.Count) is { Length: > 0 } strangers)
        {
            bool one = strangers.Length == 1;
            string found = one ? $"{strangers[0]}, which is"
                : $"{Words.Count(strangers.Length)} files from {strangers[0]} to {strangers[^1]}, which are";
            Terminal.Say($"impute: note: '{_choices.Folder(parsed)}' also has {found} not from this run: an analysis of all files there "
                + $"would mix runs. Remove {(one ? "it" : "them")}, or name another folder.");
        }
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs.OnStandardOutput);
            FillSummary.Input(account, input, table);
            FitSummary.Columns(account, first.ColumnUses);
            FitSummary.Fit(account, set.Fit, model.Prior);
            FitSummary.Findings(account, [.. before, .. set.Findings]);
            MultipleSummary.Imputed(account, set, first.FilledCount, kept);
            MultipleSummary.Chains(account, set.Chains);
            if (kept == 0) MultipleSummary.Advice(account, information.Advise());
            else MultipleSummary.NoAdvice(account, kept);
            if (files is not null) account.Line("Files", files.Described(options.Count));
            if (longFile is not null) account.Line("Files", $"imputations: {_choices.Long(parsed)}");
            FillSummary.Files(account, outputs.Files);
            MultipleSummary.Next(account, set, first.FilledCount);
        }
        return ExitStatus.Code(set.Fit);
    }

    /// <summary>The one file, from its start to its end.</summary>
    private static void WriteLong(Stream stream, ImputationSet set, ImputationResult first, bool original, ITableFormat format,
        TableWriteOptions options, InformationTally information, CancellationToken cancellation)
    {
        IEnumerable<(int, Table)> Tables()
        {
            if (original) yield return (0, set.Table);
            int index = 0;
            foreach (ImputationResult done in set.InOrder(cancellation))
            {
                information.Add(index, done);
                yield return (++index, done.Table);
            }
        }
        if (format is ParquetFormat parquet)
        {
            ParquetLongTable.Write(stream, Tables(), first.Table, options, parquet.Engine, cancellation);
            return;
        }
        LongTable.WriteHeader(stream, set.Table, options);
        foreach ((int imputation, Table done) in Tables()) LongTable.WriteRows(stream, imputation, done, options, cancellation);
    }

    private static UnfinishedException Unfinished(int finished, int count) => new(finished == 0
        ? Interruption.Message
        : $"impute: interrupted; {GoesOn(finished, count)}");

    private static string GoesOn(int finished, int count) =>
        $"{finished} of {Words.Count(count, "imputation")} are finished. The same command with --resume goes on from there.";
}
