using System.Data;
using Npgsql;

namespace Imputation.Sql;

/// <summary>The rows of a query by a plain reader, cell after cell.</summary>
internal sealed class PostgreSqlRows(PostgreSqlSession session, string query, string name, int batchRows) : IRowSource
{
    private const string Savepoint = "impute_rows";

    public string Name => name;

    public IEnumerable<Table> Batches(CancellationToken cancellation = default)
    {
        IReadOnlyList<PostgreSqlColumn> columns = session.Describe(query, name, cancellation);
        using NpgsqlCommand command = session.Command(query);
        command.UnknownResultTypeList = [.. columns.Select(column => column.ComesAsText)];
        using CancellationTokenRegistration registration = cancellation.Register(command.Cancel);
        var rows = new DbRowSource(name, _ => command.ExecuteReader(CommandBehavior.SequentialAccess),
            _ => [.. columns.Select(column => column.Reading)], batchRows);
        session.Run($"SAVEPOINT {Savepoint}", cancellation);
        IEnumerator<Table> batches = rows.Batches(cancellation).GetEnumerator();
        bool ended = false;
        try
        {
            while (true)
            {
                ended = !session.Errors.Run(name, cancellation, batches.MoveNext);
                if (ended) break;
                yield return batches.Current;
            }
        }
        finally
        {
            if (!ended) Stop(command, batches);
        }
    }

    /// <summary>Ends a reading before its end: the statement is cancelled, since the reader would otherwise take all rows that are left,
    /// and the transaction goes back to where it was.</summary>
    private void Stop(NpgsqlCommand command, IEnumerator<Table> batches)
    {
        try
        {
            command.Cancel();
            batches.Dispose();
        }
        catch (Exception e) when (DatabaseErrors.IsOfDatabase(e) || e is OperationCanceledException)
        {
            // That it was cancelled is what was asked for.
        }
        try
        {
            session.Run($"ROLLBACK TO SAVEPOINT {Savepoint}", CancellationToken.None);
        }
        catch (DatabaseException)
        {
            // The connection is gone; whoever uses it next hears of it.
        }
    }
}
