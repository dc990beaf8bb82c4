using System.CommandLine;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Sql;

namespace Imputation.Cli.Commands;

/// <summary>Rows of a database that are filled batch by batch into a new table: after a fit to the same snapshot, or by a model that was
/// fitted before.</summary>
internal sealed class DatabaseFill(DatabaseOptions database, ReadingOptions reading, StreamingOptions streaming, FillingOptions filling,
    CommonOptions common)
{
    /// <summary><c>impute fill --connection NAME --query SELECT --into NEW_TABLE</c>.</summary>
    public int Fill(ParseResult parsed, FittingOptions fitting, string? modelOut, CancellationToken cancellation)
    {
        using Outputs outputs = Planned(parsed);
        outputs.Plan("--model-out", "model", modelOut);
        outputs.Check();
        var terminal = new Terminal(common.Quiet(parsed));
        var progress = new Progress(terminal);
        using PostgreSqlSession session = Open(parsed, cancellation);
        DatabaseQuery query = DatabaseQuery.Of(database, streaming, parsed, session, cancellation);
        var fitted = new DatabaseFit(database, reading, streaming, fitting, common);
        ModelOptions options = fitted.Model(parsed, query);
        FillOptions how = filling.Read(parsed, query.Shape, codebook: null);
        FittedModel fit = progress.Run(() => fitted.Read(parsed, query, options, common.Run(parsed, progress), terminal,
            cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, fit.Report.Findings);
        outputs.Fill("--model-out", stream => ModelFile.Write(stream, fit));
        ImputationTotals done = progress.Run(() => Write(parsed, query, fit, how, outputs, cancellation));
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            DatabaseFit.Account(account, query, fit, options, streaming.DescribeBatches(parsed));
            Account(account, parsed, fit, done, how, outputs);
        }
        return ExitStatus.Code(fit);
    }

    /// <summary><c>impute apply M.json --connection NAME --query SELECT --into NEW_TABLE</c>.</summary>
    public int Apply(ParseResult parsed, string model, FittedModel fit, CancellationToken cancellation)
    {
        using Outputs outputs = Planned(parsed);
        outputs.Check();
        var terminal = new Terminal(common.Quiet(parsed));
        using PostgreSqlSession session = Open(parsed, cancellation);
        DatabaseQuery query = DatabaseQuery.Of(database, streaming, parsed, session, cancellation);
        FillOptions how = filling.Read(parsed, query.Shape, codebook: null);
        ImputationTotals done = new Progress(terminal).Run(() => Write(parsed, query, fit, how, outputs, cancellation));
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            FillSummary.Input(account, $"{query.Said} of {session.Name.Place}", done.RowCount, query.Shape.Columns.Count,
                streaming.DescribeBatches(parsed));
            ApplyCommand.Model(account, model, fit);
            FillSummary.Matching(account, [.. fit.TableColumns], query.Shape);
            Account(account, parsed, fit, done, how, outputs);
        }
        return ExitStatus.Code(fit);
    }

    private Outputs Planned(ParseResult parsed)
    {
        reading.RefuseFile(parsed);
        _ = database.Into(parsed);
        var outputs = new Outputs();
        outputs.Plan("--ledger", "ledger of filled cells", filling.Ledger(parsed));
        outputs.Plan("--json", "report", common.Json(parsed));
        return outputs;
    }

    /// <summary>What was filled, and where it is.</summary>
    private void Account(Summary account, ParseResult parsed, FittedModel fit, ImputationTotals done, FillOptions how, Outputs outputs)
    {
        FitSummary.Findings(account, done.Findings);
        FillSummary.Fills(account, fit, done, how.Method);
        account.Line("Written", $"table {database.Into(parsed)}");
        FillSummary.Files(account, outputs.Files);
    }

    /// <exception cref="DatabaseException">The new table exists already, among others.</exception>
    private PostgreSqlSession Open(ParseResult parsed, CancellationToken cancellation)
    {
        ConnectionName connection = database.Connection(parsed);
        var session = PostgreSqlSession.Open(connection, database.Timeout(parsed), cancellation);
        string into = database.Into(parsed);
        if (!PostgreSqlTable.Exists(session, into, cancellation)) return session;
        session.Dispose();
        throw PostgreSqlNewTable.Existing(connection, into);
    }

    private ImputationTotals Write(ParseResult parsed, DatabaseQuery query, FittedModel fit, FillOptions how, Outputs outputs,
        CancellationToken cancellation)
    {
        RunOptions run = common.Run(parsed);
        var totals = new ImputationTotals();
        using var table = PostgreSqlNewTable.Create(query.Session.Name, database.Into(parsed), query.Text,
            [.. query.Shape.Columns.Select(column => column.Name)], database.Timeout(parsed), cancellation);
        foreach (ImputationResult batch in fit.Impute(query.Rows, how, run, cancellation))
        {
            totals.Add(batch);
            table.Write(batch.Table);
        }
        table.End();
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, totals.Findings);
        outputs.Fill("--ledger", stream => LedgerFile.Write(stream, fit.Impute(query.Rows, how, run, cancellation).SelectMany(batch =>
            batch.Cells), cancellation));
        outputs.Fill("--json", stream => RunReport.Write(stream, fit, totals, how, run, source: null, streaming.MemoryOfBatches(parsed)));
        outputs.Commit(cancellation);
        table.Commit();
        return totals;
    }
}
