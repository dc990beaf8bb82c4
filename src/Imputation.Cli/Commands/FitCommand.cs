using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary><c>impute fit IN --out M.json</c>: fits the model to a table, or to the statistics of its parts, and keeps it.</summary>
internal sealed class FitCommand
{
    private readonly ReadingOptions _reading = new();
    private readonly StreamingOptions _streaming = new();
    private readonly FittingOptions _fitting = new();
    private readonly FillingOptions _filling = new();
    private readonly CommonOptions _common = new();
    private readonly DatabaseOptions _database = new();

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
            impute fit part1.stats.parquet part2.stats.parquet --out model.json
            impute fit --connection SALES --query "SELECT age, income FROM visits" --out model.json
            """);
        _reading.AddTo(command, several: true);
        _streaming.AddTo(command);
        command.Options.Add(_out);
        _database.AddTo(command, _reading);
        _fitting.AddTo(command);
        _filling.AddUnusedTo(command);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        if (_database.Given(parsed))
            return new DatabaseFit(_database, _reading, _streaming, _fitting, _common).Run(parsed, parsed.GetValue(_out), cancellation);
        _database.RefuseWithoutConnection(parsed);
        using Outputs outputs = _reading.Outputs(parsed);
        outputs.Plan("--out", "model", parsed.GetValue(_out));
        outputs.Plan("--json", "copy of the model", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        if (_filling.Given(parsed).ToArray() is { Length: > 0 } unused)
            Terminal.Say($"impute: note: {string.Join(", ", unused)}: fit fills no cells, so this has no effect; use it with 'impute "
                + "fill' or 'impute apply'.");
        var progress = new Progress(terminal);
        IReadOnlyList<TablePart> parts = _reading.Parts(parsed);
        bool statistics = AreStatistics(parsed, parts, cancellation);
        if (!statistics && _streaming.IsWanted(parsed, _reading)) return FitInBatches(parsed, outputs, cancellation);
        Table table = statistics ? ReadingOptions.ReadStatistics(parsed, parts[0].Path, _reading.From(parsed), cancellation)
            : _reading.Read(parsed, cancellation);
        if (statistics || StatisticsFile.Is(table))
            return FitStatistics(parsed, outputs, table, [.. parts.Select(part => part.Path)], cancellation);
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, table), _reading.Codebook(parsed), table);
        FittedModel fit = progress.Run(() => model.Fit(table, _common.Run(parsed, progress), cancellation));
        return Keep(parsed, outputs, fit, model, ModelSource.Of(table), table.Findings,
            account => FillSummary.Input(account, _reading.NameOf(parsed), table, _streaming.Describe(parsed, _reading)),
            cancellation);
    }

    /// <summary>Writes the fitted model and says what was fitted.</summary>
    private int Keep(ParseResult parsed, Outputs outputs, FittedModel fit, ModelOptions model, ModelSource? source,
        IReadOnlyList<Finding> ofReading, Action<Summary> input, CancellationToken cancellation)
    {
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        Finding[] findings = [.. ofReading, .. fit.Report.Findings];
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, findings);
        outputs.Fill("--out", stream => ModelFile.Write(stream, fit, source));
        outputs.Fill("--json", stream => ModelFile.Write(stream, fit, source));
        outputs.Commit(cancellation);
        if (!_common.Quiet(parsed))
        {
            Summary account = Terminal.Account(outputs);
            input(account);
            FitSummary.Columns(account, fit.Report.ColumnUses);
            FitSummary.Fit(account, fit, model.Prior);
            FitSummary.Findings(account, findings);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }

    /// <summary>Whether the files are statistics: by their names, or several by what the first has.</summary>
    private bool AreStatistics(ParseResult parsed, IReadOnlyList<TablePart> parts, CancellationToken cancellation)
    {
        if (StatisticsFile.IsNamed(parts[0].Path)) return true;
        if (parts.FirstOrDefault(part => StatisticsFile.IsNamed(part.Path)) is { } counted)
            throw new UsageException($"{parts[0].Path} is a table, and {counted.Path} has statistics, which are merged with others "
                + $"only: count the table too, such as impute accumulate {TextFormat.Shell(parts[0].Path)} --out part1.stats.parquet.");
        if (parts.Count == 1) return false;
        using IFileRows rows = _reading.Rows(parsed, _streaming, cancellation);
        return StatisticsFile.Is(rows.First);
    }

    /// <summary>The same of rows that are read in batches.</summary>
    private int FitInBatches(ParseResult parsed, Outputs outputs, CancellationToken cancellation)
    {
        var terminal = new Terminal(_common.Quiet(parsed));
        var progress = new Progress(terminal);
        using IFileRows rows = _reading.Rows(parsed, _streaming, cancellation);
        Table first = rows.First;
        ModelOptions model = _fitting.Read(parsed, _reading.Selection(parsed, first), _reading.Codebook(parsed), first);
        FittedModel fit = progress.Run(() => model.Fit(rows, _streaming.Read(parsed, terminal), _common.Run(parsed, progress),
            cancellation));
        return Keep(parsed, outputs, fit, model, _reading.AreSeveral(parsed) ? null : ModelSource.Of(first), first.Findings,
            account => FillSummary.Input(account, _reading.NameOf(parsed), fit.Report.RowCount, first.Columns.Count,
                _streaming.Describe(parsed, _reading)), cancellation);
    }

    /// <summary>The same from statistics of rows.</summary>
    private int FitStatistics(ParseResult parsed, Outputs outputs, Table table, string[] paths, CancellationToken cancellation)
    {
        _reading.RefuseCodebook(parsed, "statistics are of numbers; give the codebook to 'impute accumulate'.");
        var files = new List<(string Name, PatternStatistics Statistics)> { (paths[0], StatisticsFile.Of(table, Said(paths[0]))) };
        foreach (string path in paths[1..])
            files.Add((path, StatisticsFile.Of(ReadingOptions.ReadStatistics(parsed, path, _reading.From(parsed), cancellation),
                Said(path))));
        PatternStatistics statistics = StatisticsFile.Merge(files);
        var names = new Table(statistics.ColumnNames.Select(name => NumericColumn.Number(name, [])));
        var progress = new Progress(new Terminal(_common.Quiet(parsed)));
        ModelOptions model = _fitting.OfStatistics(parsed, _reading.Selection(parsed, names), names);
        FittedModel fit = progress.Run(() => model.Fit(statistics, _common.Run(parsed, progress), cancellation));
        return Keep(parsed, outputs, fit, model, paths.Length == 1 ? ModelSource.Of(table) : null, [], account => account.Line("Input",
            $"statistics in {TextFormat.NameList(files.Select(file => Said(file.Name)))}: "
                + $"{TextFormat.Count(statistics.RowCount, "row")} in {TextFormat.Count(statistics.PatternCount, "pattern")} of "
                + TextFormat.Count(statistics.ColumnNames.Count, "column")), cancellation);
    }

    private static string Said(string path) => path == "-" ? "standard input" : path;
}
