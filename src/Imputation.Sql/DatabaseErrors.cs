using System.Net.Sockets;
using Npgsql;

namespace Imputation.Sql;

/// <summary>Failures of PostgreSQL and of the way to it, in words: with the server, the database and what failed; never with a
/// password.</summary>
internal sealed class DatabaseErrors(ConnectionName connection, TimeSpan statementTimeout)
{
    /// <summary>Shorter passwords are parts of ordinary words.</summary>
    private const int ShortestScrubbed = 4;

    /// <summary>Does something, and turns its failures into errors of the database.</summary>
    /// <param name="what">What is done, as the object of a sentence: the query, table 's.t'.</param>
    /// <param name="cancellation">A failure after it is a cancellation.</param>
    /// <param name="work">The work.</param>
    /// <exception cref="DatabaseException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public T Run<T>(string what, CancellationToken cancellation, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (IsOfDatabase(e))
        {
            throw Wrapped(e, what, cancellation);
        }
    }

    /// <summary>Whether an exception comes from the provider or the network.</summary>
    public static bool IsOfDatabase(Exception e) => e is NpgsqlException or SocketException or TimeoutException
        or IOException and not DatabaseException or ObjectDisposedException;

    /// <summary>The error to throw in place of an exception.</summary>
    public Exception Wrapped(Exception e, string what, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return new OperationCanceledException(cancellation);
        string reason = e switch
        {
            PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } when statementTimeout > TimeSpan.Zero =>
                $"it took longer than {statementTimeout.TotalSeconds:0} seconds, the statement timeout. Allow more with "
                    + "--statement-timeout, or 0 for no limit",
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } p =>
                $"{p.MessageText}; rows are read in a read-only transaction, so the query can only select",
            PostgresException p => $"{p.MessageText} (SQLSTATE {p.SqlState})" + (p.Hint is { Length: > 0 } hint ? $". {hint}" : "")
                + (p.ColumnName is { Length: > 0 } column ? $", column '{column}'" : ""),
            _ when e.InnerException is { } inner and not PostgresException => $"{e.Message} ({inner.Message})",
            _ => e.Message,
        };
        return new DatabaseException(Scrubbed($"{connection.Place}: {what}: {reason.TrimEnd('.', ' ')}."), e);
    }

    /// <summary>A message without the password, whoever put it there.</summary>
    private string Scrubbed(string message) => connection.Settings.Password is { Length: >= ShortestScrubbed } password
        ? message.Replace(password, "***", StringComparison.Ordinal) : message;
}
