using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Sql;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>Rows of a database: counted in one pass, or by the servers that have them, and a model fitted to their statistics.</summary>
internal sealed class DatabaseFit(DatabaseOptions database, ReadingOptions reading, FittingOptions fitting, CommonOptions common)
{
    /// <summary>Rows that show what the columns of a table are, where its server counts them.</summary>
    private const int SampleRows = 10_000;

    /// <summary>The rows of a database, counted.</summary>
    /// <param name="Counted">Their statistics.</param>
    /// <param name="Input">What they come from, for the summary.</param>
    public sealed record Rows(CountedRows Counted, string Input);

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
        using PostgreSqlSession session = PostgreSqlSession.Open(connection, database.Timeout(parsed), cancellation);
        Rows rows = progress.Run(() => Count(parsed, session, cancellation));
        ModelOptions options = fitting.OfStatistics(parsed, ColumnSelection.Default, rows.Counted.First);
        FittedModel fit = progress.Run(() => rows.Counted.Fit(options, common.Run(parsed, progress), cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        Finding[] findings = [.. rows.Counted.Findings, .. fit.Report.Findings];
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, findings);

        outputs.Fill("--out", stream => ModelFile.Write(stream, fit));
        outputs.Fill("--json", stream => ModelFile.Write(stream, fit));
        outputs.Commit(cancellation);
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            Account(account, rows, fit, options, findings);
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }

    /// <summary>The summary of the rows and the fit.</summary>
    public static void Account(Summary account, Rows rows, FittedModel fit, ModelOptions options, IEnumerable<Finding> findings)
    {
        account.Line("Input", rows.Input);
        FitSummary.Columns(account, fit.Report.ColumnUses);
        FitSummary.Fit(account, fit, options.Prior);
        FitSummary.Findings(account, findings);
    }

    /// <summary>The query whose rows are read, and the table where one is named.</summary>
    public (string Query, PostgreSqlTable? Table) Query(ParseResult parsed, PostgreSqlSession session, CancellationToken cancellation)
    {
        if (database.Query(parsed) is { } query) return (query, null);
        var table = PostgreSqlTable.Of(session, database.Table(parsed)!, cancellation);
        return (table.Query(table.Columns), table);
    }

    /// <summary>Counts the rows by reading them.</summary>
    public Rows Read(ParseResult parsed, PostgreSqlSession session, string query, string said, CancellationToken cancellation)
    {
        var counted = CountedRows.Of(session.Rows(query), first => reading.Selection(parsed, first), common.Run(parsed).Threads,
            cancellation);
        return new Rows(counted, $"{said} of {session.Name.Place}: {TextFormat.Count(counted.RowCount, "row")}, "
            + $"{TextFormat.Count(counted.First.Columns.Count, "column")}, read in one pass");
    }

    /// <summary>Counts the rows by their servers where that is cheaper, otherwise by reading them.</summary>
    private Rows Count(ParseResult parsed, PostgreSqlSession session, CancellationToken cancellation)
    {
        (string query, PostgreSqlTable? table) = Query(parsed, session, cancellation);
        if (table is null) return Read(parsed, session, query, "query", cancellation);
        Table sample = session.Rows(table.Query(table.Columns, SampleRows), SampleRows).Batches(cancellation).FirstOrDefault()
            ?? throw CountedRows.NoRows(table.Said);
        var known = CountedRows.Known(sample, reading.Selection(parsed, sample));
        if (!table.IsPushed(known.Statistics.ColumnNames.Count)) return Read(parsed, session, query, table.Said, cancellation);
        CountedRows counted = known.With(table.Count(known.Statistics.ColumnNames, cancellation));
        return new Rows(counted, $"{table.Said} of {session.Name.Place}: {TextFormat.Count(counted.RowCount, "row")}, "
            + $"{TextFormat.Count(table.Columns.Count, "column")}, counted by the server"
            + (table.ForeignCount == 0 ? "" : $" and those of {TextFormat.Count(table.ForeignCount, "foreign table")}"));
    }
}
