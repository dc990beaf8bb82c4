using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Imputation.Sql;

namespace Imputation.DuckDb;

/// <summary>The rows of a query that DuckDB runs in this process, in batches: over Parquet, CSV and JSON files, folders of them
/// (<c>'parts/*.parquet'</c>, Hive folders), joins, and the tables of a <c>.duckdb</c> file.</summary>
/// <remarks>The query is run anew each time that the rows are asked for, and only reads. It reaches the folders that are named and nothing
/// else: no other file, no network, no extension that would have to be loaded, and no setting can be changed back. Text that looks like
/// numbers, quotes and typing errors are as DuckDB reads them, not as <c>CsvTable</c> does. A statement of more than about 16,000
/// aggregates ends the process in DuckDB's own code; those that <c>impute sql statistics</c> prints have at most 1,500.</remarks>
/// <example><code>
/// using var rows = DuckDbRows.Open("SELECT * FROM 'sales/*.parquet' WHERE year = 2025", ["sales"]);
/// NormalFit fit = NormalModel.Fit(rows);
/// foreach (ImputationResult batch in fit.Impute(rows)) ...
/// </code></example>
public sealed class DuckDbRows : IRowSource, IDisposable
{
    /// <summary>Times that a query is read again to find out why it stopped.</summary>
    private const int MostAttempts = 5;

    private readonly DuckDBConnection _connection;
    private readonly DbRowSource _rows;

    private DuckDbRows(DuckDBConnection connection, string query)
    {
        _connection = connection;
        _rows = new DbRowSource("the query", () =>
        {
            DuckDBCommand command = _connection.CreateCommand();
            command.CommandText = query;
            command.UseStreamingMode = true; // otherwise the result is held in memory
            return command.ExecuteReader();
        });
    }

    /// <summary>Opens a query.</summary>
    /// <param name="query">One SELECT. For rows in the same order each time, it must order them.</param>
    /// <param name="folders">Folders whose files the query may read.</param>
    /// <param name="database">A <c>.duckdb</c> file whose tables the query may read; null for none. It is opened for reading
    /// alone.</param>
    /// <param name="memoryLimit">Most memory of DuckDB, in bytes; null for DuckDB's own limit, which is 80 % of the machine's.</param>
    /// <exception cref="ImputationDataException">No such folder or database, or a query that is not one SELECT or that DuckDB
    /// refuses.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit below 1 MB.</exception>
    public static DuckDbRows Open(string query, IReadOnlyList<string>? folders = null, string? database = null, long? memoryLimit = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (memoryLimit is { } limit) ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1 << 20, nameof(memoryLimit));
        string[] open = [.. (folders ?? []).Select(Path.GetFullPath)];
        if (open.FirstOrDefault(folder => !Directory.Exists(folder)) is { } none)
            throw new ImputationDataException($"There is no folder '{none}' for the query to read.");
        if (database is not null && !File.Exists(database))
            throw new ImputationDataException($"There is no database '{database}'.");
        string select = query.Trim().TrimEnd(';');
        var connection = new DuckDBConnection(database is null ? "DataSource=:memory:"
            : new DuckDBConnectionStringBuilder { DataSource = Path.GetFullPath(database), ["access_mode"] = "READ_ONLY" }.ToString());
        try
        {
            connection.Open();
            foreach (string setting in (string[])["autoinstall_known_extensions = false", "autoload_known_extensions = false",
                "allow_community_extensions = false", $"allowed_directories = [{string.Join(", ", open.Select(Quoted))}]",
                .. memoryLimit is { } most ? new[] { string.Create(CultureInfo.InvariantCulture, $"memory_limit = '{most} B'") } : [],
                "enable_external_access = false", "lock_configuration = true"]) Execute(connection, $"SET {setting}");
            // Only a SELECT can be a part of another: a statement that writes is refused before it is run.
            Execute(connection, $"EXPLAIN SELECT * FROM (\n{select}\n) AS rows_of_query");
            return new DuckDbRows(connection, select);
        }
        catch (DbException refused)
        {
            connection.Dispose();
            throw Refused(refused);
        }
    }

    /// <inheritdoc/>
    public string Name => _rows.Name;

    /// <inheritdoc/>
    /// <exception cref="ImputationDataException">As for <see cref="DbRowSource.Batches"/>, or DuckDB cannot read on.</exception>
    public IEnumerable<Table> Batches(CancellationToken cancellation = default)
    {
        using IEnumerator<Table> batches = _rows.Batches(cancellation).GetEnumerator();
        while (true)
        {
            try
            {
                if (!batches.MoveNext()) yield break;
            }
            catch (DbException refused)
            {
                throw Refused(refused);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw Refused(Cause(cancellation));
            }
            yield return batches.Current;
        }
    }

    /// <summary>Why DuckDB stopped. An error in one of its threads interrupts the others, and now and then it is their interruption that is
    /// reported; then the query is read again until the error is.</summary>
    private DbException Cause(CancellationToken cancellation)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            try
            {
                foreach (Table _ in _rows.Batches(cancellation)) { }
            }
            catch (DbException refused)
            {
                return refused;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
            }
        }
        return new InterruptedException();
    }

    private sealed class InterruptedException() : DbException("it was interrupted, and did not say why");

    /// <summary>Closes the database.</summary>
    public void Dispose() => _connection.Dispose();

    private static void Execute(DuckDBConnection connection, string statement)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static ImputationDataException Refused(DbException refused) => new($"DuckDB cannot run the query: {refused.Message.Trim()} "
        + "Expected one SELECT over files in the folders that were named, or tables of the database.");
}
