using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Sql;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>A model fitted to rows of a database: read in batches, or counted by the servers that have them.</summary>
internal sealed class DatabaseFit(DatabaseOptions database, ReadingOptions reading, StreamingOptions streaming, FittingOptions fitting,
    CommonOptions common)
{
    /// <summary>Rows that show what the columns of a table are, where its server counts them.</summary>
    private const int SampleRows = 10_000;

    /// <summary><c>impute fit --connection NAME --query SELECT --out M.json</c>.</summary>
    public int Run(ParseResult parsed, string? model, CancellationToken cancellation)
    {
        reading.RefuseFile(parsed);
        using var outputs = new Outputs();
        outputs.Plan("--out", "model", model);
        outputs.Plan("--json", "copy of the model", common.Json(parsed));
        outputs.Check();
        var terminal = new Terminal(common.Quiet(parsed));
        var progress = new Progress(terminal);
        ConnectionName connection = database.Connection(parsed);
        using var session = PostgreSqlSession.Open(connection, database.Timeout(parsed), cancellation);
        DatabaseQuery query = DatabaseQuery.Of(database, streaming, parsed, session, cancellation);
        ModelOptions options = Model(parsed, query);
        RunOptions run = common.Run(parsed, progress);
        (FittedModel fit, string how) = progress.Run(() => Fit(parsed, query, options, run, terminal, cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, fit.Report.Findings);

        outputs.Fill("--out", stream => ModelFile.Write(stream, fit));
        outputs.Fill("--json", stream => ModelFile.Write(stream, fit));
        outputs.Commit(cancellation);
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            Account(account, query, fit, options, how);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }

    /// <summary>The model of the rows: the normal one unless another is named, since texts are not modelled.</summary>
    public ModelOptions Model(ParseResult parsed, DatabaseQuery query)
    {
        ModelOptions options = fitting.OfStatistics(parsed, reading.Selection(parsed, query.Shape), query.Shape);
        return options is AutomaticOptions ? NormalOptions.Default.Like(options) : options;
    }

    /// <summary>The fit to the rows, read in batches.</summary>
    public FittedModel Read(ParseResult parsed, DatabaseQuery query, ModelOptions options, RunOptions run, Terminal terminal,
        CancellationToken cancellation) => options.Fit(query.Rows, streaming.Read(parsed, terminal), run, cancellation);

    /// <summary>The summary of the rows and the fit.</summary>
    public static void Account(Summary account, DatabaseQuery query, FittedModel fit, ModelOptions options, string how)
    {
        FillSummary.Input(account, $"{query.Said} of {query.Session.Name.Place}", fit.Report.RowCount, query.Shape.Columns.Count, how);
        FitSummary.Columns(account, fit.Report.ColumnUses);
        FitSummary.Fit(account, fit, options.Prior);
        FitSummary.Findings(account, fit.Report.Findings);
    }

    /// <summary>By the servers that have the rows where that is cheaper, otherwise by reading them.</summary>
    private (FittedModel Fit, string How) Fit(ParseResult parsed, DatabaseQuery query, ModelOptions options, RunOptions run,
        Terminal terminal, CancellationToken cancellation)
    {
        if (query.Table is not { } table || options is not NormalOptions)
            return (Read(parsed, query, options, run, terminal, cancellation), streaming.DescribeBatches(parsed));
        Table sample = query.Session.Rows(table.Query(SampleRows), SampleRows).Batches(cancellation).FirstOrDefault()
            ?? throw PostgreSqlTable.NoRows(table.Said);
        var counting = new ServerCounting(sample, options.Columns);
        if (!table.IsPushed(counting.Columns.Count))
            return (Read(parsed, query, options, run, terminal, cancellation), streaming.DescribeBatches(parsed));
        return (counting.Fit(table.Count(counting.Columns, cancellation), options, run, cancellation), ", counted by the server"
            + (table.ForeignCount == 0 ? "" : $" and those of {TextFormat.Count(table.ForeignCount, "foreign table")}"));
    }
}
