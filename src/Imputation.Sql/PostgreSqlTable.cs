using System.Data;
using System.Globalization;
using System.Text;
using Imputation.Files;
using Imputation.Files.Sql;
using Imputation.Patterns;
using Imputation.Text;
using Npgsql;

namespace Imputation.Sql;

/// <summary>A table of PostgreSQL, or a view, a partitioned or a foreign table, as its catalogue has it.</summary>
internal sealed class PostgreSqlTable
{
    /// <summary>Most columns of a table whose rows are counted by its own server: beyond them reading the rows is cheaper.</summary>
    public const int MostPushedColumns = 16;

    /// <summary>The tables that inherit from a table, and it: name, kind, whether its rows may be read by the user and are not under a
    /// policy.</summary>
    private const string Tree = """
        WITH RECURSIVE tree(oid) AS (
          SELECT to_regclass($1)::oid UNION ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON i.inhparent = tree.oid)
        SELECT n.nspname::text, c.relname::text, c.relkind::text,
          (pg_catalog.has_table_privilege(c.oid, 'SELECT') AND NOT c.relrowsecurity)::int
        FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        ORDER BY tree.oid
        """;

    private static readonly SqlWords s_words = new(SqlDialect.PostgreSql);

    private readonly PostgreSqlSession _session;
    private readonly Part[] _parts;

    private sealed record Part(string Schema, string Name, char Kind, bool IsOpen)
    {
        public string Quoted => $"{s_words.Name(Schema)}.{s_words.Name(Name)}";
    }

    private PostgreSqlTable(PostgreSqlSession session, Part[] parts) => (_session, _parts) = (session, parts);

    /// <summary>The table in messages.</summary>
    public string Said => $"table '{_parts[0].Schema}.{_parts[0].Name}'";

    private string Quoted => _parts[0].Quoted;

    /// <summary>The tables below it that have the rows.</summary>
    private Part[] Leaves => _parts.Length == 1 ? _parts : [.. _parts.Where(part => part.Kind is 'r' or 'f')];

    /// <summary>The number of foreign tables among those that have the rows.</summary>
    public int ForeignCount => Leaves.Count(part => part.Kind == 'f');

    /// <summary>The table of that name.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="name">Table or schema.table; a part with a point in it is in double quotes.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="DatabaseException">There is none.</exception>
    /// <exception cref="ArgumentException">A name that is none.</exception>
    public static PostgreSqlTable Of(PostgreSqlSession session, string name, CancellationToken cancellation)
    {
        Part[] parts = Parts(session, name, cancellation);
        return parts.Length > 0 ? new PostgreSqlTable(session, parts) : throw new DatabaseException(
            $"{session.Name.Place}: there is no table '{name}', or it is not on the search path; expected T or SCHEMA.T as the catalogue "
                + "spells it, with a part that has a point in it in double quotes.");
    }

    /// <summary>Whether there is a table of that name.</summary>
    public static bool Exists(PostgreSqlSession session, string name, CancellationToken cancellation) =>
        Parts(session, name, cancellation).Length > 0;

    /// <summary>All rows, or the first.</summary>
    public string Query(int? limit = null) => $"SELECT * FROM {Quoted}"
        + (limit is { } rows ? " LIMIT " + rows.ToString(CultureInfo.InvariantCulture) : "");

    /// <summary>The refusal of a table without rows.</summary>
    public static ImputationDataException NoRows(string said) => new($"{said} has no rows; there is nothing to fit.");

    /// <summary>Whether the server should count the rows itself: few columns, or rows on other servers. Not where it may not look into
    /// every part, a policy hides rows, or a parent may have rows of its own.</summary>
    public bool IsPushed(int columnCount)
    {
        if (_parts.Any(part => !part.IsOpen) || (_parts.Length > 1 && _parts[0].Kind != 'p')) return false;
        int aggregates = columnCount + columnCount * (columnCount + 1) / 2;
        return Leaves.Length > 0 && (columnCount <= MostPushedColumns || ForeignCount > 0) && aggregates <= SqlStatements.MostAggregates;
    }

    /// <summary>The statement that counts: one GROUP BY for each part, since a partitioned parent does not hand aggregates down.</summary>
    public string Statement(IReadOnlyList<string> columns)
    {
        string[] parts = [.. Leaves.Select(leaf => ForeignCount > 0 ? Shippable(leaf, columns)
            : SqlStatements.Statistics(SqlDialect.PostgreSql, leaf.Quoted, columns))];
        return parts.Length == 1 ? parts[0] : string.Join("\nUNION ALL\n", parts.Select(part => $"(\n{part})"));
    }

    /// <summary>The same statistics in words that a foreign server is sent, so that it counts: the pattern as a number, 2^j for the j-th
    /// column from 0, since text without a collation of the table's own, NULLIF and fences (OFFSET 0) stay here, and rows would
    /// travel.</summary>
    private static string Shippable(Part leaf, IReadOnlyList<string> columns)
    {
        string d = SqlWords.Prefix("d", columns);
        var sql = new StringBuilder("SELECT k, count(*)");
        for (int i = 0; i < columns.Count; i++) sql.Append(CultureInfo.InvariantCulture, $", avg({d}{i})");
        for (int i = 0; i < columns.Count; i++)
            for (int j = 0; j <= i; j++) sql.Append(CultureInfo.InvariantCulture, $", covar_pop({d}{i}, {d}{j}) * count(*)");
        string[] numbers = [.. columns.Select(column => $"CAST({s_words.Name(column)} AS double precision)")];
        sql.Append("\nFROM (SELECT ").AppendJoin(" + ", numbers.Select((number, j) => string.Create(CultureInfo.InvariantCulture,
            $"CASE WHEN {number} IS NULL OR {number} = 'NaN' THEN 0::bigint ELSE {1L << j}::bigint END"))).Append(" AS k");
        for (int i = 0; i < columns.Count; i++)
            sql.Append(CultureInfo.InvariantCulture, $",\n  CASE WHEN {numbers[i]} = 'NaN' THEN NULL ELSE {numbers[i]} END AS {d}{i}");
        return sql.Append($"\n  FROM {leaf.Quoted}) AS numbers GROUP BY k").ToString();
    }

    /// <summary>Has the server count the rows.</summary>
    public PatternStatistics Count(IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        _session.Run("SET LOCAL jit = off", cancellation);
        // Parallel plans fail for too many columns.
        if (columns.Count <= 38) _session.Run("SET LOCAL max_parallel_workers_per_gather TO DEFAULT", cancellation);
        var statistics = new PatternStatistics(columns);
        _session.Errors.Run(Said, cancellation, () =>
        {
            using NpgsqlCommand command = _session.Command(Statement(columns));
            using CancellationTokenRegistration registration = cancellation.Register(command.Cancel);
            using NpgsqlDataReader reader = command.ExecuteReader(CommandBehavior.SequentialAccess);
            bool isNumber = reader.GetFieldType(0) == typeof(long);
            while (reader.Read()) Add(statistics, reader, isNumber ? Pattern(reader.GetInt64(0), columns.Count) : reader.GetString(0));
            return true;
        });
        return statistics.RowCount > 0 ? statistics : throw NoRows(Said);
    }

    private static string Pattern(long key, int count) => string.Create(count, key, static (text, key) =>
    {
        for (int j = 0; j < text.Length; j++) text[j] = (key >> j & 1) == 1 ? '1' : '0';
    });

    private void Add(PatternStatistics statistics, NpgsqlDataReader reader, string pattern)
    {
        IReadOnlyList<string> columns = statistics.ColumnNames;
        long rows = reader.GetInt64(1);
        var means = new List<double>();
        var coMoments = new List<double>();
        int j = 2;
        for (int i = 0; i < columns.Count; i++, j++)
        {
            if (pattern[i] != '1') continue;
            double mean = reader.GetDouble(j);
            if (!double.IsFinite(mean)) throw Infinite(columns[i]);
            means.Add(mean);
        }
        for (int a = 0; a < columns.Count; a++)
            for (int b = 0; b <= a; b++, j++)
                if (pattern[a] == '1' && pattern[b] == '1') coMoments.Add(reader.GetDouble(j));
        statistics.AddPattern(pattern, rows, means, coMoments);
    }

    private ImputationDataException Infinite(string column) => new($"Column '{column}' of {Said}: Infinity is not a measurement; expected "
        + $"finite numbers or NULL. Find the rows: SELECT * FROM {Quoted} WHERE {s_words.Name(column)} IN ('Infinity', '-Infinity').",
        column);

    private static Part[] Parts(PostgreSqlSession session, string name, CancellationToken cancellation)
    {
        string quoted = s_words.Table(name);
        return session.Errors.Run($"table '{TextFormat.Cut(name)}'", cancellation, () =>
        {
            using NpgsqlCommand command = session.Command(Tree, quoted);
            using NpgsqlDataReader reader = command.ExecuteReader();
            var parts = new List<Part>();
            while (reader.Read())
                parts.Add(new Part(reader.GetString(0), reader.GetString(1), reader.GetString(2)[0], reader.GetInt32(3) == 1));
            return parts.ToArray();
        });
    }
}
