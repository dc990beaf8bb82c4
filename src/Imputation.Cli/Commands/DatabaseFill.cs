using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Files;
using Imputation.Sql;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>Rows of a database that are filled batch by batch into a new table: after a fit in a first pass over the same snapshot, or by a
/// model that was fitted before.</summary>
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
        var rows = new DatabaseFit(database, reading, fitting, common);
        (string query, PostgreSqlTable? table) = rows.Query(parsed, session, cancellation);
        DatabaseFit.Rows read = progress.Run(() => rows.Read(parsed, session, query, table?.Said ?? "query", cancellation));
        ModelOptions options = fitting.OfStatistics(parsed, ColumnSelection.Default, read.Counted.First);
        FittedModel fit = progress.Run(() => read.Counted.Fit(options, common.Run(parsed, progress), cancellation));
        ExitStatus.ThrowIfCancelled(fit, cancellation);
        Finding[] findings = [.. read.Counted.Findings, .. fit.Report.Findings];
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, findings);
        FillOptions how = Options(parsed, read.Counted.First);
        outputs.Fill("--model-out", stream => ModelFile.Write(stream, fit));
        DatabaseFilling done = progress.Run(() => Write(parsed, session, query, fit, how, outputs, cancellation));
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            DatabaseFit.Account(account, read, fit, options, findings);
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
        (string query, PostgreSqlTable? table) = new DatabaseFit(database, reading, new FittingOptions(), common).Query(parsed, session,
            cancellation);
        Table first = session.Rows(query).Batches(cancellation).FirstOrDefault() ?? throw CountedRows.NoRows(table?.Said ?? "the query");
        FillOptions how = Options(parsed, first);
        DatabaseFilling done = new Progress(terminal).Run(() => Write(parsed, session, query, fit, how, outputs, cancellation));
        if (!terminal.Quiet)
        {
            Summary account = Terminal.Account(outputs);
            account.Line("Input", $"{table?.Said ?? "query"} of {session.Name.Place}: {TextFormat.Count(done.RowCount, "row")}");
            account.Line("Model", $"{model}: {TextFormat.Count(fit.TableColumns.Count(), "column")}, fitted to "
                + $"{TextFormat.Count(fit.Report.RowCount, "row")}, prior {fit.Report.Prior}");
            FillSummary.Matching(account, [.. fit.TableColumns], first);
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
                throw new UsageException($"{option} lists what was filled in a table that is in memory, and the rows of a database are "
                    + "filled batch by batch; compare the new table with the old one by a query.");
        return new Outputs();
    }

    private PostgreSqlSession Open(ParseResult parsed, CancellationToken cancellation)
    {
        ConnectionName connection = database.Connection(parsed);
        var session = PostgreSqlSession.Open(connection, database.Timeout(parsed), cancellation);
        string into = database.Into(parsed);
        if (!PostgreSqlTable.Exists(session, into, cancellation)) return session;
        session.Dispose();
        throw PostgreSqlNewTable.Existing(connection, into);
    }

    /// <exception cref="UsageException">A method that needs all rows at once.</exception>
    private FillOptions Options(ParseResult parsed, Table first)
    {
        FillOptions how = filling.Read(parsed, first, codebook: null);
        return how.Method is FillMethod.Auto or FillMethod.Mean ? how : throw new UsageException("--method draw and pmm fill a table that "
            + "is in memory, and the rows of a database are filled batch by batch: use --method auto or mean, or export the rows.");
    }

    private DatabaseFilling Write(ParseResult parsed, PostgreSqlSession session, string query, FittedModel fit, FillOptions how,
        Outputs outputs, CancellationToken cancellation)
    {
        var filling = new DatabaseFilling(fit, how, common.Run(parsed));
        string[] columns = [.. session.Describe(query, "the query", cancellation).Select(column => column.Name)];
        using var table = PostgreSqlNewTable.Create(session.Name, database.Into(parsed), query, columns, database.Timeout(parsed),
            cancellation);
        foreach (Table batch in session.Rows(query).Batches(cancellation)) table.Write(batch, filling.Filled(batch, cancellation));
        table.End();
        if (common.Strict(parsed)) ExitStatus.RefuseWhereDoubtful(fit, filling.Findings);
        outputs.Commit(cancellation);
        table.Commit();
        return filling;
    }
}
