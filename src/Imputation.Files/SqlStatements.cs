using System.Globalization;
using System.Text;
using Imputation.Files.Sql;
using Imputation.Models.Gaussian;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Files;

/// <summary>Statements that the owner of a database or cluster runs on it: the statistics of a table's rows, from which a model is fitted
/// elsewhere, and the conditional means of a fitted model.</summary>
/// <remarks>Names are quoted, so they are given as the engine's catalogue has them. Nothing is connected to.</remarks>
public static class SqlStatements
{
    /// <summary>Most aggregates of a statement: PostgreSQL returns 1,664 columns, and DuckDB fails beyond 16,000.</summary>
    public const int MostAggregates = 1500;

    /// <summary>Most patterns of a statement that fills.</summary>
    public const int MostPatterns = 100;

    /// <summary>Most bytes of a statement that fills.</summary>
    public const int MostBytes = 1_000_000;

    /// <summary>A SELECT in one pass whose result is a table of statistics: see <see cref="StatisticsFile"/>.</summary>
    /// <param name="dialect">The engine's SQL.</param>
    /// <param name="table">The table, schema.table or catalog.schema.table; a part with a point in it is in double quotes.</param>
    /// <param name="columns">The columns of numbers, in the order of the pattern.</param>
    /// <exception cref="ArgumentException">No column, one that is named twice, too many of them, or a name that cannot be
    /// quoted.</exception>
    /// <exception cref="ImputationDataException">Names that make two headings the same.</exception>
    public static string Statistics(SqlDialect dialect, string table, IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        int p = columns.Count, aggregates = p + p * (p + 1) / 2;
        if (p == 0) throw new ArgumentException("No columns are named.", nameof(columns));
        if (columns.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Column '{twice.Key}' is named twice.", nameof(columns));
        if (aggregates > MostAggregates)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{p} columns need {aggregates:N0} aggregates, and "
                + $"engines take {MostAggregates:N0} at most, which are 53 columns. Export the rows, and use impute accumulate."),
                nameof(columns));
        IReadOnlyList<string> headings = StatisticsFile.Headings(columns);
        var words = new SqlWords(dialect);
        string d = SqlWords.Prefix("d", columns), key = SqlWords.Prefix("pattern", columns);
        var sql = new StringBuilder();
        sql.Append("-- Statistics of rows by pattern of missing cells: save the result as CSV or Parquet with its column names,\n"
            + "-- such as part.stats.csv, and fit the model by: impute fit part.stats.csv --out model.json\n");
        if (dialect == SqlDialect.PostgreSql)
        {
            sql.Append("-- Before it, in the same transaction, as compiling so many expressions takes longer than the work: SET LOCAL "
                + "jit = off;\n");
            if (aggregates > 800) sql.Append("-- and where a parallel plan fails for too many columns: SET LOCAL "
                + "max_parallel_workers_per_gather = 0;\n");
        }
        sql.Append($"SELECT\n  {key} AS {words.Name(headings[0])},\n  count(*) AS {words.Name(headings[1])}");
        for (int i = 0; i < p; i++) sql.Append($",\n  avg({d}{i + 1}) AS {words.Name(headings[2 + i])}");
        for (int i = 0, k = 2 + p; i < p; i++)
            for (int j = 0; j <= i; j++, k++)
                sql.Append($",\n  {words.Covariance($"{d}{i + 1}", $"{d}{j + 1}")} * count(*) AS {words.Name(headings[k])}");
        sql.Append("\nFROM ").Append(WithPattern(words, d, key, table, columns, [])).Append($"\nGROUP BY {key}\n");
        return sql.ToString();
    }

    /// <summary>A SELECT of the model's columns, as numbers, with conditional means in place of missing cells.</summary>
    /// <remarks>Only conditional means: no rounding to possible values, bounds, exact relations, derived columns or draws. A missing cell
    /// stays NULL in a row whose pattern is not among those of the statement.</remarks>
    /// <param name="model">A fitted normal model.</param>
    /// <param name="dialect">The engine's SQL.</param>
    /// <param name="table">The table, as for <see cref="Statistics"/>; it has the model's columns.</param>
    /// <param name="keep">Other columns of the table that are selected as they are, such as a key.</param>
    /// <param name="patterns">The patterns that are filled: those of statistics of the table. Null for all that the columns can have,
    /// which are at most <see cref="MostPatterns"/> up to 6 columns.</param>
    /// <exception cref="ArgumentException">Too many patterns, a statement that is too long, or a name that cannot be quoted.</exception>
    /// <exception cref="ImputationDataException">A model whose conditional means are not linear, or cannot be computed.</exception>
    public static string Fill(FittedModel model, SqlDialect dialect, string table, IReadOnlyList<string>? keep = null,
        PatternStatistics? patterns = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(table);
        keep ??= [];
        IReadOnlyList<string> columns = model.Columns;
        if (keep.FirstOrDefault(columns.Contains) is { } both)
            throw new ArgumentException($"Column '{both}' is filled; only other columns can be kept beside.", nameof(keep));
        string[] filled = [.. Patterns(columns, patterns).Where(pattern => pattern.Contains('0'))];
        ConditionalMeans means = ConditionalMeans.Of(model) ?? throw new ImputationDataException($"The model is '{model.ModelName}', or "
            + "its covariance is singular; SQL can fill from a normal model with a regular covariance only. Fit one (--model normal "
            + "--prior ridge:1), or fill with impute apply.");
        var words = new SqlWords(dialect);
        string[] names = [.. columns, .. keep];
        string d = SqlWords.Prefix("d", names), k = SqlWords.Prefix("k", names), key = SqlWords.Prefix("pattern", names);
        var cases = new StringBuilder[columns.Count];
        foreach (string pattern in filled)
        {
            int[] observed = PatternStatistics.ObservedIn(pattern), missing = [.. Enumerable.Range(0, pattern.Length)
                .Where(j => pattern[j] == '0')];
            double[,] coefficients = means.Coefficients(observed, missing) ?? throw new ImputationDataException($"The covariance of the "
                + $"columns observed in pattern {pattern} is singular; fit the model under a ridge prior (--prior ridge:1).");
            for (int a = 0; a < missing.Length; a++)
            {
                StringBuilder text = (cases[missing[a]] ??= new StringBuilder()).Append($"\n    WHEN '{pattern}' THEN "
                    + SqlWords.Literal(means.Mean[missing[a]]));
                for (int b = 0; b < observed.Length; b++)
                    text.Append($" + {SqlWords.Literal(coefficients[a, b])} * ({d}{observed[b] + 1} - "
                        + $"{SqlWords.Literal(means.Mean[observed[b]])})");
            }
        }
        var sql = new StringBuilder("-- Conditional means of a fitted normal model in place of missing cells; NULL stays where a row's "
            + "pattern is not listed.\nSELECT\n  ");
        sql.AppendJoin(",\n  ", [.. keep.Select((name, i) => $"{k}{i + 1} AS {words.Name(name)}"), .. columns.Select((name, j) =>
            (cases[j] is { } own ? $"COALESCE({d}{j + 1}, CASE {key}{own} END)" : $"{d}{j + 1}") + $" AS {words.Name(name)}")]);
        sql.Append("\nFROM ").Append(WithPattern(words, d, key, table, columns,
            [.. keep.Select((name, i) => (words.Name(name), $"{k}{i + 1}"))])).Append('\n');
        if (Encoding.UTF8.GetByteCount(sql.ToString()) is > MostBytes and var bytes)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The statement would have {bytes:N0} bytes, more than "
                + $"{MostBytes:N0}, which engines are slow to read. Fill with impute apply, or list fewer patterns."), nameof(patterns));
        return sql.ToString();
    }

    /// <summary>The patterns to fill, as text.</summary>
    private static IEnumerable<string> Patterns(IReadOnlyList<string> columns, PatternStatistics? statistics)
    {
        int p = columns.Count;
        if (statistics is null)
        {
            if (p > 6)
                throw new ArgumentException($"{p} columns can have 2^{p} patterns, and a statement takes {MostPatterns} at most (6 columns "
                    + "have 64). Give those that the table has by its statistics: --patterns table.stats.csv; or fill with impute apply.",
                    nameof(statistics));
            return Enumerable.Range(0, 1 << p).Select(key => string.Concat(Enumerable.Range(0, p)
                .Select(j => (key >> j & 1) == 1 ? '0' : '1')));
        }
        if (columns.FirstOrDefault(name => !statistics.ColumnNames.Contains(name)) is { } absent)
            throw new ArgumentException($"The statistics have no column '{absent}' of the model; they have "
                + $"{TextFormat.Names(statistics.ColumnNames)}.", nameof(statistics));
        PatternStatistics own = statistics.Select(columns);
        if (own.PatternCount > MostPatterns)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The statistics have {own.PatternCount:N0} patterns, "
                + $"and a statement takes {MostPatterns} at most. Fill with impute apply."), nameof(statistics));
        return own.Ordered().Select(own.Key);
    }

    /// <summary>The rows with their pattern as text, and the columns as d1, d2 and so on.</summary>
    private static string WithPattern(SqlWords words, string d, string key, string table, IReadOnlyList<string> columns,
        IReadOnlyList<(string Name, string As)> keep)
    {
        string[] own = [.. columns.Select((_, j) => $"{d}{j + 1}")];
        string kept = string.Concat(keep.Select(column => $"{column.As}, ")), pattern = words.Joined([.. own.Select(name =>
            $"CASE WHEN {name} IS NULL THEN '0' ELSE '1' END")]);
        string inner = string.Join(",\n      ", [.. keep.Select(column => $"{column.Name} AS {column.As}"),
            .. columns.Select((name, j) => $"{words.Number(name)} AS {own[j]}")]);
        return $"(\n  SELECT {pattern} AS {key}, {kept}{string.Join(", ", own)}\n  FROM (\n    SELECT\n      {inner}\n    FROM "
            + $"{words.Table(table)}{words.Fence}\n  ) AS numbers{words.Fence}\n) AS patterns";
    }
}
