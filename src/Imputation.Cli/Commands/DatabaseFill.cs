using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Sql;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>Rows of a database that are filled batch by batch into a new table: after a fit to the same snapshot, or by a model that was
/// fitted before.</summary>
internal sealed class DatabaseFill(DatabaseOptions database, ReadingOptions reading, FillingOptions filling, CommonOptions common)
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
        DatabaseQuery query = DatabaseQuery.Of(database, parsed, session, cancellation);
        var fitted = new DatabaseFit(database, reading, fitting, common);
        ModelOptions options = fitted.Model(parsed, query);
        FillOptions how = filling.Read(parsed, query.Shape, codebook: null);
        FittedModel fit = progress.Run(() => fitted.Read(parsed, query, options, common.Run(parsed, progress), cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, fit.Report.Findings);
        outputs.Fill("--model-out", stream => ModelFile.Write(stream, fit));
        DatabaseFilling done = progress.Run(() => Write(parsed, query, fit, how, outputs, cancellation));
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            DatabaseFit.Account(account, query, fit, options, DatabaseFit.ReadInBatches);
            done.Account(account, how.Method);
            account.Line("Written", $"table {database.Into(parsed)}");
            FillSummary.Files(account, outputs.Files);
        }
        return ExitStatus.Code(fit);
    }

    /// <summary><c>impute apply M.json --connection NAME --query SELECT --into NEW_TABLE</c>.</summary>
    public int Apply(ParseResult parsed, string model, FittedModel fit, CancellationToken cancellation)
    {
        using Outputs outputs = Planned(parsed);
        var terminal = new Terminal(common.Quiet(parsed));
        using PostgreSqlSession session = Open(parsed, cancellation);
        DatabaseQuery query = DatabaseQuery.Of(database, parsed, session, cancellation);
        FillOptions how = filling.Read(parsed, query.Shape, codebook: null);
        DatabaseFilling done = new Progress(terminal).Run(() => Write(parsed, query, fit, how, outputs, cancellation));
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            account.Line("Input", $"{query.Said} of {session.Name.Place}: {TextFormat.Count(done.RowCount, "row")}, "
                + TextFormat.Count(query.Shape.Columns.Count, "column"));
            account.Line("Model", $"{model}: {TextFormat.Count(fit.TableColumns.Count(), "column")}, fitted to "
                + $"{TextFormat.Count(fit.Report.RowCount, "row")}, prior {fit.Report.Prior}");
            FillSummary.Matching(account, [.. fit.TableColumns], query.Shape);
            done.Account(account, how.Method);
            account.Line("Written", $"table {database.Into(parsed)}");
        }
        return ExitStatus.Code(fit);
    }

    private Outputs Planned(ParseResult parsed)
    {
        reading.RefuseFile(parsed);
        _ = database.Into(parsed);
        foreach ((string option, string? value) in new[] { ("--json", common.Json(parsed)), ("--ledger", filling.Ledger(parsed)) })
            if (value is not null)
                throw new UsageException($"{option} needs the table in memory, and rows of a database are filled batch by batch; leave it "
                    + "out, and compare the new table with the old one by a query.");
        return new Outputs();
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

    private DatabaseFilling Write(ParseResult parsed, DatabaseQuery query, FittedModel fit, FillOptions how, Outputs outputs,
        CancellationToken cancellation)
    {
        var filling = new DatabaseFilling();
        using var table = PostgreSqlNewTable.Create(query.Session.Name, database.Into(parsed), query.Text,
            [.. query.Shape.Columns.Select(column => column.Name)], database.Timeout(parsed), cancellation);
        foreach (ImputationResult batch in fit.Impute(query.Rows, how, common.Run(parsed), cancellation))
        {
            filling.Add(batch);
            table.Write(batch.Table);
        }
        table.End();
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, filling.Findings);
        outputs.Commit(cancellation);
        table.Commit();
        return filling;
    }
}
