using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary><c>impute apply M.json IN --out OUT</c>: fills a table from a model fitted before, to this or to other rows.</summary>
internal sealed class ApplyCommand
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "Model file, from 'impute fit --out' or 'impute fill "
        + "--model-out'; - is standard input."
    };
    private readonly ReadingOptions _reading = new();
    private readonly StreamingOptions _streaming = new();
    private readonly TableOutput _out = new();
    private readonly FillingOptions _filling = new();
    private readonly CommonOptions _common = new();
    private readonly DatabaseOptions _database = new();

    private readonly Option<string?> _segments = new("--segments")
    {
        Description = "With the model of 'impute cluster', or another mixture: write row, component, probability of each component, and "
            + "margin as CSV.",
        HelpName = "SEGMENTS.csv",
    };

    public Command Create()
    {
        var command = new DocumentedCommand("apply", "Fill a table with a model that was fitted before, to these or other rows.", """
            impute apply model.json more.csv --out more.completed.csv
            impute apply model.json more.csv --out - --method draw --seed 7 > more.drawn.csv
            impute apply segments.json customers.csv --out customers.completed.csv --segments customers.segments.csv
            impute apply model.json --connection SALES --table visits --into visits_completed
            """);
        command.Arguments.Add(_model);
        _reading.AddTo(command, several: true);
        _streaming.AddTo(command);
        _out.AddTo(command);
        command.Options.Add(_segments);
        _database.AddTo(command, _reading, _out.File);
        _filling.AddTo(command);
        _common.AddTo(command, computes: true);
        command.Runs(Run);
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        string modelPath = parsed.GetRequiredValue(_model);
        if (_database.Given(parsed))
        {
            _out.RefuseFile(parsed);
            RefuseSegments(parsed, "with --connection rows come in batches");
            return new DatabaseFill(_database, _reading, _streaming, _filling, _common).Apply(parsed, modelPath, ReadModel(modelPath),
                cancellation);
        }
        _database.RefuseWithoutConnection(parsed);
        string input = _reading.Input(parsed);
        if (input == "-" && modelPath == "-") throw new UsageException("the model and the table cannot both come from standard input.");
        using Outputs outputs = _reading.Outputs(parsed, modelPath);
        _out.Plan(parsed, outputs, _reading);
        outputs.Plan(_segments.Name, "segments", parsed.GetValue(_segments));
        outputs.Plan("--ledger", "ledger of filled cells", _filling.Ledger(parsed));
        outputs.Plan("--json", "report", _common.Json(parsed));
        outputs.Check();

        var terminal = new Terminal(_common.Quiet(parsed));
        FittedModel fit = ReadModel(modelPath);
        _reading.RefuseCodebook(parsed, "a table is read by the codebook that the model was fitted under; fit the model with it.");
        var mixture = fit as NormalMixtureFit;
        if (mixture is null) RefuseSegments(parsed, $"the model '{fit.ModelName}' has none");
        if (IsInBatches(parsed))
        {
            RefuseSegments(parsed, "these rows come in batches; give one file, without --memory");
            return RunInBatches(parsed, fit, outputs, cancellation);
        }
        Table table = _reading.Read(parsed, cancellation, codebook: fit.Codebook);
        Table offered = Offered(table, _reading.Selection(parsed, table, fit.Codebook));
        FillOptions filling = _filling.Read(parsed, offered, fit.Codebook);
        RunOptions run = _common.Run(parsed);
        ImputationResult completion = new Progress(terminal).Run(() => fit.Impute(offered, filling, run, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (_common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, [.. fit.Report.Findings, .. completion.Findings]);

        Table completed = Rejoined(table, completion.Table);
        _out.Fill(parsed, outputs, completed, cancellation);
        if (mixture is not null)
            outputs.Fill(_segments.Name, stream => SegmentsFile.Write(stream, mixture.Responsibilities(offered), cancellation));
        outputs.Fill("--ledger", stream => LedgerFile.Write(stream, completion, cancellation));
        outputs.Fill("--json", stream => RunReport.Write(stream, completion, filling, run, ModelSource.Of(table),
            _streaming.Memory(parsed, _reading)));
        outputs.Commit(cancellation);

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.NameOf(parsed), table, _streaming.Describe(parsed, _reading));
            Model(account, modelPath, fit);
            FillSummary.Matching(account, [.. fit.TableColumns], offered);
            FitSummary.Findings(account, completion.Findings);
            FillSummary.Fills(account, fit, ImputationTotals.Of(completion), filling.Method);
            FillSummary.Types(account, table, _out.Widened(parsed, completed));
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }

    /// <exception cref="UsageException">Segments are asked for.</exception>
    private void RefuseSegments(ParseResult parsed, string why)
    {
        if (parsed.GetValue(_segments) is not null)
            throw new UsageException($"{_segments.Name} writes the components of rows that a mixture was fitted to ('impute cluster "
                + $"--model-out'); {why}.");
    }

    /// <summary>Whether rows are read in batches: where the memory is limited, and where the table is in several files.</summary>
    /// <exception cref="UsageException">Donors are asked for, which are all rows, under a limit.</exception>
    private bool IsInBatches(ParseResult parsed)
    {
        bool matches = _filling.Method(parsed) == FillMethod.PredictiveMeanMatching;
        if (matches) _streaming.RefuseWith("--method pmm", parsed);
        return !matches && (_streaming.IsWanted(parsed, _reading) || _reading.AreSeveral(parsed));
    }

    /// <summary>The same with rows in batches.</summary>
    private int RunInBatches(ParseResult parsed, FittedModel fit, Outputs outputs, CancellationToken cancellation)
    {
        var terminal = new Terminal(_common.Quiet(parsed));
        using IFileRows rows = _reading.Rows(parsed, _streaming, cancellation, codebook: fit.Codebook);
        Table first = rows.First;
        ColumnSelection selection = _reading.Selection(parsed, first, fit.Codebook);
        Table offered = Offered(first, selection);
        FillOptions filling = _filling.Read(parsed, offered, fit.Codebook);
        var fill = new BatchFill(parsed, outputs, rows, fit, filling, _common.Run(parsed), cancellation)
        {
            Offered = batch => Offered(batch, selection),
            Rejoined = Rejoined,
            Check = _common.Strict(parsed) ? findings => ExitStatus.RefuseWhereDoubtful(fit, [.. fit.Report.Findings, .. findings]) : null,
        };
        fill.Write(_out, "--ledger", "--json", _reading.AreSeveral(parsed) ? null : ModelSource.Of(first),
            () => _streaming.Memory(parsed, _reading));

        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, _reading.NameOf(parsed), fill.Totals.RowCount, first.Columns.Count,
                _streaming.Describe(parsed, _reading));
            Model(account, parsed.GetRequiredValue(_model), fit);
            FillSummary.Matching(account, [.. fit.TableColumns], offered);
            FitSummary.Findings(account, fill.Totals.Findings);
            FillSummary.Fills(account, fit, fill.Totals, filling.Method);
            FillSummary.Types(account, first, fill.Widened);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }

    /// <summary>The model, in the summary.</summary>
    internal static void Model(Summary account, string path, FittedModel fit) => account.Line("Model",
        $"{path}: {TextFormat.Count(fit.TableColumns.Count(), "column")}, fitted to {TextFormat.Count(fit.Report.RowCount, "row")}, prior "
            + $"{fit.Report.Prior}");

    private static FittedModel ReadModel(string path)
    {
        using Stream stream = Inputs.Open(path);
        return ModelFile.Read(stream, path == "-" ? "standard input" : path);
    }

    /// <summary>The columns that the model may see.</summary>
    private static Table Offered(Table table, ColumnSelection selection)
    {
        Column[] columns = [.. table.Columns.Where(c => !selection.Exclude.Contains(c.Name)
            && (selection.Include.Count == 0 || selection.Include.Contains(c.Name)))];
        if (columns.Length == 0) throw new UsageException("no column is left to fill: --columns and --exclude remove all of them.");
        return columns.Length == table.Columns.Count ? table : new Table(columns, table.Source);
    }

    /// <summary>All columns again, in their order, those filled in place of those read.</summary>
    private static Table Rejoined(Table table, Table filled) =>
        filled.Columns.Count == table.Columns.Count ? filled
            : new Table(table.Columns.Select(c => filled.TryGetColumn(c.Name, out Column? column) ? column : c), table.Source);
}
