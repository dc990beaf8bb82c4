using Npgsql;

namespace Imputation.Sql;

/// <summary>A PostgreSQL service file: sections of connection settings by name, as libpq reads them.</summary>
internal static class ServiceFile
{
    private const string Variable = "PGSERVICEFILE";

    /// <summary>The settings of a service; null where no file has it.</summary>
    /// <exception cref="DatabaseException">A file that cannot be read, or a setting that is not known; its value is not
    /// repeated.</exception>
    public static NpgsqlConnectionStringBuilder? Find(string service)
    {
        foreach (string path in Paths())
            if (File.Exists(path) && Section(path, service) is { } settings) return settings;
        return null;
    }

    /// <summary>The files that are looked at, for messages.</summary>
    public static string[] Paths()
    {
        string? system = Environment.GetEnvironmentVariable("PGSYSCONFDIR");
        string own = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pg_service.conf");
        return system is { Length: > 0 } ? [own, Path.Combine(system, "pg_service.conf")] : [own];
    }

    private static NpgsqlConnectionStringBuilder? Section(string path, string service)
    {
        NpgsqlConnectionStringBuilder? settings = null;
        int number = 0;
        foreach (string read in Lines(path))
        {
            string line = read.Trim();
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '[')
            {
                if (settings is not null) break;
                if (line == $"[{service}]") settings = [];
                continue;
            }
            if (settings is null) continue;
            int equals = line.IndexOf('=');
            string key = equals < 0 ? "" : line[..equals].Trim();
            if (equals < 0 || !Set(settings, key, line[(equals + 1)..].Trim()))
                throw new DatabaseException($"'{path}', line {number}, service '{service}': "
                    + (equals < 0 ? "expected KEY=VALUE." : $"the setting '{Known(key)}' is not understood, or has a value that it cannot "
                    + "have. Known are host, port, dbname, user, password, passfile, sslmode, sslrootcert, sslcert, sslkey, options, "
                    + "connect_timeout and application_name."));
        }
        return settings;
    }

    private static bool Set(NpgsqlConnectionStringBuilder settings, string key, string value)
    {
        try
        {
            switch (key)
            {
                case "host" or "hostaddr": settings.Host = value; break;
                case "port": settings.Port = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture); break;
                case "dbname": settings.Database = value; break;
                case "user": settings.Username = value; break;
                case "password": settings.Password = value; break;
                case "passfile": settings.Passfile = value; break;
                case "sslmode": settings.SslMode = Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), true); break;
                case "sslrootcert": settings.RootCertificate = value; break;
                case "sslcert": settings.SslCertificate = value; break;
                case "sslkey": settings.SslKey = value; break;
                case "options": settings.Options = value; break;
                case "connect_timeout":
                    settings.Timeout = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                    break;
                case "application_name": settings.ApplicationName = value; break;
                default: return false;
            }
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>A key as it may be repeated: a line of another form could have anything in it.</summary>
    private static string Known(string key) => key.Length <= 30 && key.All(c => char.IsAsciiLetter(c) || c == '_') ? key : "...";

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException($"The service file '{path}' cannot be read; check its permissions.", e);
        }
    }
}
