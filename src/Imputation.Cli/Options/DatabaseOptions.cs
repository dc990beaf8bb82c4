using System.CommandLine;
using Imputation.Cli.Exits;
using Imputation.Cli.Output;
using Imputation.Sql;

namespace Imputation.Cli.Options;

/// <summary>A table or query of PostgreSQL in place of the input file, and a new table in place of the output file.</summary>
internal sealed class DatabaseOptions
{
    private const int DefaultSeconds = 3600;

    private readonly Option<string?> _connection = new("--connection")
    {
        Description = "Read from PostgreSQL: the name of an environment variable that holds a connection string such as "
            + "Host=server;Database=sales;Username=me, otherwise of a service in the service file (PGSERVICEFILE or ~/.pg_service.conf); "
            + "or a connection string itself. The password comes from there, PGPASSWORD or a passfile.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _query = new("--query")
    {
        Description = "The rows: one SELECT, which runs as it is written, in a read-only transaction.",
        HelpName = "SELECT",
    };

    private readonly Option<string?> _table = new("--table")
    {
        Description = "The rows: a table, T or SCHEMA.T as the catalogue spells it. For 'impute fit', the server counts the rows of up to "
            + "16 columns itself, and the servers of foreign tables theirs.",
        HelpName = "T",
    };

    private readonly Option<string?> _into = new("--into")
    {
        Description = "Write the completed rows to a new table, in one transaction; refused if the table exists.",
        HelpName = "NEW_TABLE",
    };

    private readonly Option<int> _timeout = new("--statement-timeout")
    {
        Description = "Longest time of a statement on the server, reading its rows included, in seconds; 0 is no limit.",
        HelpName = "SECONDS",
        CustomParser = Values.Whole(0, "a number of seconds", 2_000_000),
        DefaultValueFactory = _ => DefaultSeconds,
    };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reading">Where else rows come from.</param>
    /// <param name="output">The option that names the output file; null for a command that writes no table.</param>
    public void AddTo(Command command, ReadingOptions reading, Option? output = null)
    {
        reading.MayOmitInput(command, _connection);
        foreach (Option option in (Option[])[_connection, _query, _table]) command.Options.Add(option);
        if (output is not null) command.Options.Add(_into);
        command.Options.Add(_timeout);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_connection) is not null || output is null || result.GetResult(output) is not null) return;
            result.AddError(result.GetResult(_into) is null ? $"Option '{output.Name}' is required." : $"{_into.Name} needs "
                + $"{_connection.Name}: the new table is in the database that the rows come from.");
        });
    }

    /// <summary>Whether the rows come from a database.</summary>
    public bool Given(ParseResult parsed) => parsed.GetValue(_connection) is not null;

    /// <summary>The table asked for, or null.</summary>
    public string? Table(ParseResult parsed) => parsed.GetValue(_table);

    /// <summary>The query asked for, or null.</summary>
    public string? Query(ParseResult parsed) => parsed.GetValue(_query);

    /// <summary>The new table.</summary>
    /// <exception cref="UsageException">None is given.</exception>
    public string Into(ParseResult parsed) => parsed.GetValue(_into) is { Length: > 0 } table ? table
        : throw new UsageException($"{_connection.Name} needs {_into.Name} NEW_TABLE: the completed rows go to a new table.");

    /// <summary>The longest time of a statement.</summary>
    public TimeSpan Timeout(ParseResult parsed) => TimeSpan.FromSeconds(parsed.GetValue(_timeout));

    /// <summary>The connection; a password that others can see is pointed out.</summary>
    /// <exception cref="UsageException">Not one of a table and a query.</exception>
    /// <exception cref="DatabaseException">There is no such connection.</exception>
    public ConnectionName Connection(ParseResult parsed)
    {
        if (Table(parsed) is null == Query(parsed) is null)
            throw new UsageException($"{_connection.Name} needs one of {_query.Name} \"SELECT ...\" and {_table.Name} T.");
        var connection = ConnectionName.Parse(parsed.GetRequiredValue(_connection)!);
        if (connection.ShowsPassword)
            Terminal.Say($"impute: warning: the password in {_connection.Name} can be seen in the list of processes and in the shell's "
                + "history. Put the connection string into an environment variable and name that, or use PGPASSWORD or a passfile.");
        return connection;
    }

    /// <exception cref="UsageException">An option of a database without a connection.</exception>
    public void RefuseWithoutConnection(ParseResult parsed)
    {
        if (((Option[])[_query, _table, _into, _timeout]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })
            is { } option)
            throw new UsageException($"{option.Name} needs {_connection.Name}: it is about rows of a database.");
    }
}
