using Npgsql;

namespace Imputation.Sql;

/// <summary>A connection by its name: an environment variable that holds a connection string, a service of a PostgreSQL service file, or a
/// connection string itself.</summary>
/// <remarks>Text with an equals sign or a URI is a connection string. Any other is the name of an environment variable, and where there is
/// none of that name, of a service. A password comes from there, from PGPASSWORD or from a passfile; no message repeats it, nor anything
/// else of a connection string but host, port and database.</remarks>
public sealed class ConnectionName
{
    private const string Expected = "Expected keywords such as Host=server;Port=5432;Database=sales;Username=me, with a value in quotes "
        + "where it has a semicolon in it.";

    private ConnectionName(NpgsqlConnectionStringBuilder settings, bool hasPassword)
    {
        Settings = settings;
        ShowsPassword = hasPassword;
        settings.PersistSecurityInfo = false;
        settings.IncludeErrorDetail = false;
        settings.Pooling = false;
        settings.CommandTimeout = 0; // the server's statement timeout ends a statement
        settings.ApplicationName ??= "impute";
    }

    /// <summary>Whether the text itself has a password in it, which other users of the machine see in the list of processes.</summary>
    public bool ShowsPassword { get; }

    /// <summary>Host and database, such as <c>db.example.org/sales</c>; the port where it is not PostgreSQL's own.</summary>
    public string Place => $"{Settings.Host}{(Settings.Port == NpgsqlConnection.DefaultPort ? "" : $":{Settings.Port}")}/"
        + (Settings.Database ?? Settings.Username ?? "");

    internal NpgsqlConnectionStringBuilder Settings { get; }

    /// <summary>Finds the connection of a name.</summary>
    /// <param name="name">The name, or a connection string.</param>
    /// <exception cref="DatabaseException">There is none of that name, or its text cannot be read.</exception>
    public static ConnectionName Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Contains("://", StringComparison.Ordinal))
            throw new DatabaseException($"The connection is a URI, which is not read. {Expected}");
        if (name.Contains('=')) return Of(name, "The connection string", isShown: true);
        if (name.Length == 0 || name.Any(c => char.IsControl(c) || c is ';' or '[' or ']'))
            throw new DatabaseException("The name of the connection is empty or has characters in it that no name has. Expected the name "
                + "of an environment variable that holds a connection string, or of a service in a PostgreSQL service file.");
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } text)
            return Of(text, $"The connection string in the environment variable {name}", isShown: false);
        if (ServiceFile.Find(name) is { } service) return new ConnectionName(Complete(service, $"Service '{name}'"), false);
        throw new DatabaseException($"There is no connection '{name}': no environment variable of that name, and no section [{name}] in "
            + $"{string.Join(" or ", ServiceFile.Paths().Select(path => $"'{path}'"))}. For example: export "
            + $"{(name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : "SALES")}='Host=server;Database=sales;Username=me'.");
    }

    private static ConnectionName Of(string text, string what, bool isShown)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(text);
        }
        // Neither the message nor the exception: they may repeat a keyword that is the rest of a password.
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException
            or KeyNotFoundException or NotSupportedException)
        {
            throw new DatabaseException($"{what} cannot be read. {Expected}");
        }
        return new ConnectionName(Complete(settings, what), isShown && settings.Password is { Length: > 0 });
    }

    private static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder settings, string what)
    {
        if (string.IsNullOrEmpty(settings.Host))
            settings.Host = Environment.GetEnvironmentVariable("PGHOST") is { Length: > 0 } host ? host
                : throw new DatabaseException($"{what} names no host. {Expected}");
        return settings;
    }
}
