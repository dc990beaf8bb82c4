using System.Data;
using System.Globalization;
using Npgsql;

namespace Imputation.Sql;

/// <summary>A connection to PostgreSQL that only reads: one READ ONLY REPEATABLE READ transaction, so that every query sees the same rows,
/// under a statement timeout.</summary>
/// <example><code>
/// using var session = PostgreSqlSession.Open(ConnectionName.Parse("sales"), TimeSpan.FromHours(1));
/// IRowSource rows = session.Rows("SELECT age, income FROM visits");
/// </code></example>
public sealed class PostgreSqlSession : IDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _transaction;

    private PostgreSqlSession(ConnectionName name, TimeSpan statementTimeout)
    {
        Name = name;
        StatementTimeout = statementTimeout;
        Errors = new DatabaseErrors(name, statementTimeout);
        var builder = new NpgsqlSlimDataSourceBuilder(name.Settings.ConnectionString);
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // all but plain numbers is read as text
        _source = builder.Build();
        _connection = _source.CreateConnection();
    }

    internal ConnectionName Name { get; }

    internal TimeSpan StatementTimeout { get; }

    internal DatabaseErrors Errors { get; }

    internal NpgsqlConnection Connection => _connection;

    /// <summary>Connects and begins the transaction.</summary>
    /// <param name="name">Where to.</param>
    /// <param name="statementTimeout">Longest time of a statement, reading its rows included; zero for no limit.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="DatabaseException">The server cannot be reached, or does not let the user in.</exception>
    public static PostgreSqlSession Open(ConnectionName name, TimeSpan statementTimeout, CancellationToken cancellation = default) =>
        Open(name, statementTimeout, writes: false, cancellation);

    /// <summary>The same for a transaction that writes.</summary>
    internal static PostgreSqlSession OpenToWrite(ConnectionName name, TimeSpan statementTimeout, CancellationToken cancellation) =>
        Open(name, statementTimeout, writes: true, cancellation);

    private static PostgreSqlSession Open(ConnectionName name, TimeSpan statementTimeout, bool writes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(name);
        var session = new PostgreSqlSession(name, statementTimeout);
        try
        {
            session.Errors.Run("connecting", cancellation, () =>
            {
                session._connection.OpenAsync(cancellation).GetAwaiter().GetResult();
                return session._transaction = session._connection.BeginTransaction(writes ? IsolationLevel.ReadCommitted
                    : IsolationLevel.RepeatableRead);
            });
            if (!writes) session.Run("SET TRANSACTION READ ONLY", cancellation);
            session.Run("SET LOCAL statement_timeout = " + ((long)statementTimeout.TotalMilliseconds)
                .ToString(CultureInfo.InvariantCulture), cancellation);
            session.Run("SET LOCAL idle_in_transaction_session_timeout = 0", cancellation); // the fit happens between two passes
            session.Run("SET LOCAL extra_float_digits = 1", cancellation); // the shortest digits that come back as they were
            // Where the server can (14 and later), it notices that the program is gone, and stops working for it.
            session.Run("SELECT pg_catalog.set_config('client_connection_check_interval', '5s', true) WHERE "
                + "pg_catalog.current_setting('client_connection_check_interval', true) IS NOT NULL", cancellation);
            // Rows in the same order each time: no scan starts where another one is, and no worker is first.
            session.Run("SET LOCAL synchronize_seqscans = off", cancellation);
            session.Run("SET LOCAL max_parallel_workers_per_gather = 0", cancellation);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The rows of a query, which runs as it is written, each time that they are asked for.</summary>
    /// <remarks>Integers and floating-point numbers are read as such; numeric is read as a number of which the text is kept, and all other
    /// types as text, so that nothing is lost on the way to another table.</remarks>
    /// <param name="query">One SELECT.</param>
    /// <param name="batchRows">Most rows of a batch.</param>
    public IRowSource Rows(string query, int batchRows = DbRowSource.DefaultBatchRows)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new PostgreSqlRows(this, query, "the query", batchRows);
    }

    /// <summary>The same with a name for messages.</summary>
    internal IRowSource Rows(string query, string said, int batchRows) => new PostgreSqlRows(this, query, said, batchRows);

    /// <summary>A table of no rows with the columns of a query, which is not executed.</summary>
    internal Table Shape(string query, string said, CancellationToken cancellation)
    {
        IReadOnlyList<PostgreSqlColumn> columns = Describe(query, said, cancellation);
        if (columns.Count == 0) throw new DatabaseException($"{Name.Place}: {said} has no columns; expected one SELECT.");
        DbRowSource.CheckNames(said, [.. columns.Select(column => column.Name)]);
        return new Table(columns.Select(column => column.IsNumber ? (Column)NumericColumn.Number(column.Name, [])
            : TextColumn.Create(column.Name, [])));
    }

    /// <summary>Makes what was written visible to all.</summary>
    internal void Commit(string what, CancellationToken cancellation) => Errors.Run(what, cancellation, () =>
    {
        _transaction!.Commit();
        return true;
    });

    /// <summary>Ends the transaction and the connection.</summary>
    public void Dispose()
    {
        try
        {
            _connection.Dispose();
            _source.Dispose();
        }
        catch (Exception e) when (DatabaseErrors.IsOfDatabase(e))
        {
            // The connection is gone; the server ends the transaction by itself.
        }
    }

    /// <summary>A statement of the program's own, with no text from elsewhere in it and without a result.</summary>
    internal void Run(string sql, CancellationToken cancellation) => Errors.Run(sql, cancellation, () =>
    {
        using NpgsqlCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    });

    /// <summary>A statement with text from elsewhere in it, without a result.</summary>
    internal void RunOne(string sql, string what, CancellationToken cancellation) => Errors.Run(what, cancellation, () =>
    {
        using NpgsqlCommand command = Command(sql);
        using CancellationTokenRegistration registration = cancellation.Register(command.Cancel);
        return command.ExecuteNonQuery();
    });

    /// <summary>A command whose text is sent as it is and can hold one statement only.</summary>
    /// <remarks>Npgsql takes a command without parameters apart at its semicolons and sends the pieces one after another, so that "SELECT
    /// 1; COMMIT; DROP ..." would leave the transaction. With a parameter that has no name it sends the text as it is, and the server
    /// refuses a second statement.</remarks>
    /// <param name="sql">The text.</param>
    /// <param name="parameter">The value of $1, where the text has it.</param>
    internal NpgsqlCommand Command(string sql, string? parameter = null)
    {
        NpgsqlCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        if (parameter is null) command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 0 });
        else command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        return command;
    }

    /// <summary>The columns of a query, which is not executed.</summary>
    internal IReadOnlyList<PostgreSqlColumn> Describe(string query, string what, CancellationToken cancellation) =>
        Errors.Run(what, cancellation, () =>
        {
            using NpgsqlCommand command = Command(query);
            using NpgsqlDataReader reader = command.ExecuteReader(CommandBehavior.SchemaOnly);
            return (IReadOnlyList<PostgreSqlColumn>)[.. Enumerable.Range(0, reader.FieldCount).Select(j =>
                new PostgreSqlColumn(reader.GetName(j), reader.GetDataTypeOID(j)))];
        });
}
