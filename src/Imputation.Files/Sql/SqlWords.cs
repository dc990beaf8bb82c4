using System.Globalization;
using System.Text;

namespace Imputation.Files.Sql;

/// <summary>How a dialect spells names, numbers and the few functions that statements need.</summary>
internal sealed class SqlWords(SqlDialect dialect)
{
    /// <summary>Bytes that PostgreSQL keeps of a name.</summary>
    private const int PostgreSqlNameBytes = 63;

    private bool HasBackticks => dialect is SqlDialect.Spark or SqlDialect.BigQuery;

    /// <summary>A quoted name. Engines that know no escapes double the quote mark; BigQuery has a backslash before it, and where a
    /// backslash is an escape it is doubled.</summary>
    /// <exception cref="ArgumentException">An empty name, one with a NUL, or one that PostgreSQL would cut.</exception>
    public string Name(string name)
    {
        if (name.Length == 0 || name.Contains('\0'))
            throw new ArgumentException($"'{name.Replace("\0", "\\0", StringComparison.Ordinal)}' is no name of a column or table.");
        if (dialect == SqlDialect.PostgreSql && Encoding.UTF8.GetByteCount(name) > PostgreSqlNameBytes)
            throw new ArgumentException($"'{name}' is longer than the {PostgreSqlNameBytes} bytes that PostgreSQL keeps of a name; give "
                + "the columns shorter names by a view.");
        string quote = HasBackticks ? "`" : "\"", text = dialect is SqlDialect.BigQuery or SqlDialect.ClickHouse
            ? name.Replace("\\", "\\\\", StringComparison.Ordinal) : name;
        return quote + text.Replace(quote, dialect == SqlDialect.BigQuery ? "\\" + quote : quote + quote, StringComparison.Ordinal) + quote;
    }

    /// <summary>A table's name, quoted part by part.</summary>
    /// <param name="table">Parts with points between; a part with a point in it is in double quotes or backticks.</param>
    /// <exception cref="ArgumentException">An empty part, or a quote mark that is not closed.</exception>
    public string Table(string table)
    {
        var parts = new List<string>();
        int at = 0;
        do
        {
            var part = new StringBuilder();
            if (at < table.Length && table[at] is ('"' or '`'))
            {
                char quote = table[at++];
                while (at < table.Length && (table[at] != quote || (at + 1 < table.Length && table[at + 1] == quote)))
                {
                    if (table[at] == quote) at++; // two are one
                    part.Append(table[at++]);
                }
                if (at == table.Length) throw new ArgumentException($"'{table}': a quote mark is not closed.");
                if (++at < table.Length && table[at] != '.')
                    throw new ArgumentException($"'{table}': expected a point after a quoted part.");
            }
            else
            {
                while (at < table.Length && table[at] != '.') part.Append(table[at++]);
            }
            if (part.Length == 0) throw new ArgumentException($"'{table}': a part of the name is empty; expected table or schema.table.");
            parts.Add(Name(part.ToString()));
        }
        while (at++ < table.Length);
        return string.Join('.', parts);
    }

    /// <summary>A column as floating-point numbers, NULL for NaN, which engines take for a value.</summary>
    public string Number(string column)
    {
        string type = dialect switch
        {
            SqlDialect.PostgreSql => "double precision",
            SqlDialect.BigQuery => "FLOAT64",
            SqlDialect.ClickHouse => "Nullable(Float64)",
            _ => "DOUBLE",
        };
        string number = $"CAST({Name(column)} AS {type})";
        return dialect switch
        {
            SqlDialect.PostgreSql => $"NULLIF({number}, 'NaN')", // there NaN equals NaN
            SqlDialect.Snowflake => $"NULLIF({number}, 'NaN'::DOUBLE)",
            SqlDialect.BigQuery => $"CASE WHEN IS_NAN({number}) THEN NULL ELSE {number} END",
            SqlDialect.Trino => $"CASE WHEN is_nan({number}) THEN NULL ELSE {number} END",
            SqlDialect.ClickHouse => $"CASE WHEN isNaN({number}) THEN NULL ELSE {number} END",
            _ => $"CASE WHEN isnan({number}) THEN NULL ELSE {number} END",
        };
    }

    /// <summary>Texts put together.</summary>
    public string Joined(IReadOnlyList<string> texts) => texts.Count == 1 ? texts[0]
        : dialect == SqlDialect.ClickHouse ? $"concat({string.Join(", ", texts)})" : string.Join(" || ", texts);

    /// <summary>The covariance with divisor n.</summary>
    public string Covariance(string one, string other) =>
        $"{(dialect == SqlDialect.ClickHouse ? "covarPop" : "covar_pop")}({one}, {other})";

    /// <summary>A fence, so that an inner select is computed once a row and not once an aggregate.</summary>
    public string Fence => dialect == SqlDialect.PostgreSql ? " OFFSET 0" : "";

    /// <summary>A floating-point literal with all digits: with an exponent, since others are decimals to some engines; negative ones in
    /// brackets.</summary>
    public static string Literal(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (!text.Contains('E')) text += "E0";
        return value < 0 ? $"({text})" : text;
    }

    /// <summary>A word for names of the statement's own, such as d for d1, d2, which begins no column's name.</summary>
    public static string Prefix(string word, IEnumerable<string> columns)
    {
        string[] names = [.. columns];
        while (names.Any(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))) word += "_";
        return word;
    }
}
