using System.Data;
using Npgsql;

namespace Imputation.Sql;

/// <summary>The rows of a query by a plain reader, cell after cell.</summary>
internal sealed class PostgreSqlRows(PostgreSqlSession session, string query, string name, int batchRows) : IRowSource
{
    public string Name => name;

    public IEnumerable<Table> Batches(CancellationToken cancellation = default)
    {
        IReadOnlyList<PostgreSqlColumn> columns = session.Describe(query, name, cancellation);
        if (columns.Count == 0) throw new ImputationDataException($"{name} has no columns; expected one SELECT.");
        using NpgsqlCommand command = session.Command(query);
        command.UnknownResultTypeList = [.. columns.Select(column => column.ComesAsText)];
        using CancellationTokenRegistration registration = cancellation.Register(command.Cancel);
        var rows = new DbRowSource(name, _ => command.ExecuteReader(CommandBehavior.SequentialAccess),
            _ => [.. columns.Select(column => column.Reading)], batchRows);
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
            else batches.Dispose();
        }
    }

    /// <summary>Ends a reading before its end; otherwise the reader would take all rows that are left.</summary>
    private static void Stop(NpgsqlCommand command, IEnumerator<Table> batches)
    {
        try
        {
            command.Cancel();
            batches.Dispose();
        }
        catch (Exception e) when (DatabaseErrors.IsOfDatabase(e))
        {
            // That it was cancelled is what was asked for.
        }
    }
}
