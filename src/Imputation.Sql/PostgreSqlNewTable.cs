using System.Globalization;
using Imputation.Data.Adapters;
using Imputation.Files;
using Imputation.Files.Sql;
using Npgsql;

namespace Imputation.Sql;

/// <summary>A new table that rows are written to by COPY, in one transaction on a connection of its own: until <see cref="Commit"/> nobody
/// sees it, and without it nothing stays.</summary>
internal sealed class PostgreSqlNewTable : IDisposable
{
    private static readonly SqlWords s_words = new(SqlDialect.PostgreSql);

    private readonly PostgreSqlSession _session;
    private readonly string _said;
    private readonly CancellationToken _cancellation;
    private TextWriter? _copy;

    private PostgreSqlNewTable(PostgreSqlSession session, string said, CancellationToken cancellation) =>
        (_session, _said, _cancellation) = (session, said, cancellation);

    /// <summary>The refusal of a table that there is.</summary>
    public static DatabaseException Existing(ConnectionName name, string table) => new($"{name.Place}: table '{table}' exists, and rows "
        + "are written to a new table only. Name another one, or drop it first.");

    /// <summary>Makes the table, with the columns and types of a query.</summary>
    /// <param name="name">The connection.</param>
    /// <param name="table">Its name, T or SCHEMA.T.</param>
    /// <param name="query">The query; it is not executed.</param>
    /// <param name="columns">The names of its columns.</param>
    /// <param name="statementTimeout">Longest time of a statement.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="DatabaseException">The table exists, or cannot be made.</exception>
    public static PostgreSqlNewTable Create(ConnectionName name, string table, string query, IReadOnlyList<string> columns,
        TimeSpan statementTimeout, CancellationToken cancellation)
    {
        string quoted = s_words.Table(table), said = $"new table '{table}'";
        string list = string.Join(", ", columns.Select(s_words.Name));
        var session = PostgreSqlSession.OpenToWrite(name, statementTimeout, cancellation);
        var made = new PostgreSqlNewTable(session, said, cancellation);
        try
        {
            session.RunOne($"CREATE TABLE {quoted} AS\n{query.Trim().TrimEnd(';')}\nWITH NO DATA", said, cancellation);
            made._copy = session.Errors.Run(said, cancellation, () =>
                session.Connection.BeginTextImport($"COPY {quoted} ({list}) FROM STDIN (FORMAT text)"));
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Writes a batch: observed cells as they came, filled ones in place of missing ones.</summary>
    /// <param name="batch">Rows of a database, filled.</param>
    public void Write(Table batch)
    {
        var source = (DbBatchSource)batch.Source!;
        Func<int, string?>[] cells = [.. batch.Columns.Select(column => Cells(source, column.Original ?? column, column))];
        _session.Errors.Run(_said, _cancellation, () =>
        {
            for (int row = 0; row < batch.RowCount; row++)
            {
                if ((row & 1023) == 0) _cancellation.ThrowIfCancellationRequested();
                for (int j = 0; j < cells.Length; j++)
                {
                    if (j > 0) _copy!.Write('\t');
                    Write(_copy!, cells[j](row));
                }
                _copy!.Write('\n');
            }
            return true;
        });
    }

    /// <summary>Ends the rows; the server has checked them all.</summary>
    public void End() => _session.Errors.Run(_said, _cancellation, () =>
    {
        _copy!.Dispose();
        _copy = null;
        return true;
    });

    /// <summary>Makes the table one that everybody sees.</summary>
    public void Commit() => _session.Commit(_said, _cancellation);

    /// <summary>Takes everything back that is not committed.</summary>
    public void Dispose()
    {
        try
        {
            if (_copy is NpgsqlCopyTextWriter copy) copy.Cancel();
            _copy = null;
        }
        catch (Exception e) when (DatabaseErrors.IsOfDatabase(e) || e is OperationCanceledException)
        {
            // The connection ends next, and with it the transaction.
        }
        _session.Dispose();
    }

    /// <summary>The cells of a column as text for COPY, null for NULL.</summary>
    private static Func<int, string?> Cells(DbBatchSource source, Column read, Column completed)
    {
        if (read is not NumericColumn numbers)
            return row => read.IsMissing(row) ? null : Convert.ToString(read.Value(row), CultureInfo.InvariantCulture);
        Type type = source.Find(read.Name)?.Type ?? typeof(double);
        string?[]? texts = source.Texts(read.Name);
        var filled = (NumericColumn)completed;
        return row => !numbers.IsMissing(row) ? texts is not null ? texts[row] : Text(numbers[row], type)
            : !filled.IsMissing(row) ? Text(filled[row], type)
            : numbers.Mask.Origin(row) is { Kind: MissingKind.NotANumber } ? "NaN" : null;
    }

    /// <summary>A number that comes back as it was: a whole one without an exponent, which no integer type reads.</summary>
    private static string Text(double value, Type type) =>
        NumericTypes.IsInteger(type) && value == Math.Floor(value) ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : type == typeof(float) ? NumericTypes.ToSingle(value).ToString("R", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A cell in the text format of COPY.</summary>
    private static void Write(TextWriter writer, string? text)
    {
        if (text is null)
        {
            writer.Write("\\N");
            return;
        }
        if (text.AsSpan().IndexOfAny("\\\t\n\r") < 0)
        {
            writer.Write(text);
            return;
        }
        foreach (char c in text)
            switch (c)
            {
                case '\\': writer.Write("\\\\"); break;
                case '\t': writer.Write("\\t"); break;
                case '\n': writer.Write("\\n"); break;
                case '\r': writer.Write("\\r"); break;
                default: writer.Write(c); break;
            }
    }
}
