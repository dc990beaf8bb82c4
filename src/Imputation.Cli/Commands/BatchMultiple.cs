using System.CommandLine;
using System.Globalization;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Filling.Multiple;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>Multiple imputation of a table that is read in batches: one file for each imputation, each in its place when all are
/// complete.</summary>
internal sealed class BatchMultiple(ReadingOptions reading, StreamingOptions streaming, MultipleChoices choices, FillingOptions filling,
    FittingOptions fitting, ImputingOptions imputing, CommonOptions common)
{
    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string folder = Checked(parsed), input = reading.Parts(parsed)[0].Path;
        var terminal = new Terminal(common.Quiet(parsed));
        var progress = new Progress(terminal);
        using IFileRows rows = reading.Rows(parsed, streaming, cancellation);
        Table first = rows.First;
        ModelOptions model = fitting.Read(parsed, reading.Selection(parsed, first), reading.Codebook(parsed), first);
        MultipleOptions options = imputing.Read(parsed, model, filling.Read(parsed, first, reading.Codebook(parsed)));
        StreamOptions stream = streaming.Read(parsed, terminal);
        RunOptions run = common.Run(parsed, progress);
        FittedModel fit = progress.Run(() => model.Fit(rows, stream, run, cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        Finding[] found = [.. first.Findings, .. fit.Report.Findings];
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, found);

        var imputations = new StreamedImputations(rows, fit, options, stream, run);
        ITableFormat format = choices.Format(parsed, input);
        IReadOnlyList<string> fractional = Imputer.Fractional(fit, rows, options.Fill with { Method = FillMethod.Draw }, cancellation);
        var totals = new ImputationTotals();
        string[] names = [.. Enumerable.Range(1, options.Count).Select(k => ImputationFolder.NameOf(
            MultipleChoices.WithoutExtension(input), k, options.Count, choices.Extension(parsed, input)))];
        bool isNew = !Directory.Exists(folder);
        using Outputs outputs = reading.Outputs(parsed);
        try
        {
            ImputationFolder.Create(folder);
            for (int k = 0; k < options.Count; k++)
            {
                int index = k;
                string name = $"imputation {TextFormat.Count(k + 1)}";
                outputs.Plan(name, name, Path.Combine(folder, names[k]));
                outputs.Fill(name, stream => TableOutput.Write(format, choices.Writing(parsed, input), stream,
                    imputations.Batches(index, cancellation).Select(result =>
                    {
                        if (index == 0) totals.Add(result);
                        return result.Table;
                    }), fractional, cancellation));
            }
            outputs.Check();
            progress.Run(() =>
            {
                outputs.Commit(cancellation);
                return 0;
            });
        }
        catch
        {
            if (isNew && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
            throw;
        }
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, reading.NameOf(parsed), totals.RowCount, first.Columns.Count,
                streaming.DescribeBatches(parsed));
            FitSummary.Columns(account, fit.Report.ColumnUses);
            FitSummary.Fit(account, fit, model.Prior);
            FitSummary.Findings(account, found);
            account.Line("Imputed", $"{TextFormat.Count(options.Count, "time")} {TextFormat.Count(totals.FilledCount, "cell")}, with draws "
                + "from their conditional distributions, parameters from bootstrap EM (each fitted to a resample of the rows), seed "
                + run.Seed.ToString(CultureInfo.InvariantCulture));
            account.Line("Files", $"{TextFormat.Count(options.Count, "table")} in {folder}: {names[0]} to {names[^1]}");
        }
        return ExitStatus.Code(fit);
    }

    /// <summary>The folder for the imputations.</summary>
    /// <exception cref="UsageException">An option that needs all rows or all imputations in memory.</exception>
    private string Checked(ParseResult parsed)
    {
        string? refused = choices.Folder(parsed) is null ? "--long" : choices.Resumes(parsed) ? "--resume"
            : filling.Ledger(parsed) is not null
            ? "--ledger" : common.Json(parsed) is not null ? "--json" : imputing.NeedsAllRows(parsed);
        return refused is null ? choices.Folder(parsed)!
            : throw new UsageException($"{refused} cannot be combined with rows in batches (--memory): imputations are then by bootstrap "
                + "EM and draws, one file each (--out DIR), and are not kept. Leave out one of them.");
    }
}
