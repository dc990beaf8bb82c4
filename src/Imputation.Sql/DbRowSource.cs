using System.Data.Common;
using Imputation.Data.Adapters;

namespace Imputation.Sql;

/// <summary>The rows of any provider's data reader in batches, so that a result need not fit into memory.</summary>
/// <remarks>Numbers are columns of numbers, text is text, and all other types are kept as they are. NULL and NaN are missing. Cells are
/// read once and in order, so that a reader with <see cref="System.Data.CommandBehavior.SequentialAccess"/> does. A column of integers
/// with a value beyond ±2⁵³ in the first batch is kept as it is and not modelled.</remarks>
/// <example><code>
/// var rows = new DbRowSource("sales", () => command.ExecuteReader(CommandBehavior.SequentialAccess));
/// var statistics = new PatternStatistics(["age", "income"]);
/// foreach (Table batch in rows.Batches())
///     statistics.Add(IncompleteMatrix.FromColumns([(NumericColumn)batch["age"], (NumericColumn)batch["income"]]));
/// FittedModel fit = new NormalOptions().Fit(statistics);
/// </code></example>
public sealed class DbRowSource : IRowSource
{
    /// <summary>Rows of a batch unless given otherwise.</summary>
    public const int DefaultBatchRows = 65_536;

    private readonly Func<CancellationToken, DbDataReader> _open;
    private readonly Func<DbDataReader, CellReading[]> _readings;
    private readonly int _batchRows;

    /// <summary>Rows of readers that a factory opens, one each time that the rows are asked for.</summary>
    /// <param name="name">What the rows come from, in messages; no password.</param>
    /// <param name="open">Runs the query and returns its reader, which is disposed at the end of the rows. For rows in the same order each
    /// time, the query must order them, or nothing may change in between.</param>
    /// <param name="batchRows">Most rows of a batch, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A batch of no rows.</exception>
    public DbRowSource(string name, Func<DbDataReader> open, int batchRows = DefaultBatchRows)
        : this(name, _ => open(), ByType, batchRows) => ArgumentNullException.ThrowIfNull(open);

    /// <summary>The same where the way of reading is known.</summary>
    internal DbRowSource(string name, Func<CancellationToken, DbDataReader> open, Func<DbDataReader, CellReading[]> readings,
        int batchRows = DefaultBatchRows)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        Name = name;
        (_open, _readings, _batchRows) = (open, readings, batchRows);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    /// <exception cref="ImputationDataException">An infinite value, a whole number beyond ±2⁵³ after a first batch without, a value that
    /// the provider cannot hand over, no columns, a column without a name, or two of one name.</exception>
    public IEnumerable<Table> Batches(CancellationToken cancellation = default)
    {
        using DbDataReader reader = _open(cancellation);
        BatchColumn[] columns = Columns(reader);
        long row = 0;
        int count = 0;
        while (reader.Read())
        {
            row++;
            for (int j = 0; j < columns.Length; j++) columns[j].Add(reader, j, row);
            if ((++count & 1023) == 0) cancellation.ThrowIfCancellationRequested();
            if (count < _batchRows) continue;
            yield return Batch(columns);
            count = 0;
        }
        cancellation.ThrowIfCancellationRequested();
        if (count > 0) yield return Batch(columns);
    }

    private static Table Batch(BatchColumn[] columns)
    {
        (Column Column, TypedColumn Origin, string?[]? Texts)[] built = [.. columns.Select(column => column.Build())];
        return new Table(built.Select(b => b.Column), new DbBatchSource(built.Select(b => b.Origin),
            [.. columns.Where(column => column.IsInteger).Select(column => column.Name)],
            built.Where(b => b.Texts is not null).ToDictionary(b => b.Column.Name, b => b.Texts!)));
    }

    private BatchColumn[] Columns(DbDataReader reader)
    {
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        CheckNames(Name, names);
        CellReading[] readings = _readings(reader);
        return [.. names.Select((name, j) => BatchColumn.Of(name, readings[j], reader.GetFieldType(j) ?? typeof(object)))];
    }

    /// <exception cref="ImputationDataException">No columns, a column without a name, or two of one name.</exception>
    internal static void CheckNames(string said, string[] names)
    {
        if (names.Length == 0) throw new ImputationDataException($"{said} has no columns; expected the rows of a query.");
        for (int j = 0; j < names.Length; j++)
        {
            if (string.IsNullOrEmpty(names[j]))
                throw new ImputationDataException($"Column {j + 1} of {said} has no name. Give it one: SELECT ... AS x{j + 1}.");
            int first = Array.IndexOf(names, names[j]);
            if (first < j)
                throw new ImputationDataException($"Columns {first + 1} and {j + 1} of {said} are both named '{names[j]}'. Rename one: "
                    + $"SELECT ... AS x{j + 1}.", names[j]);
        }
    }

    private static CellReading[] ByType(DbDataReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(j =>
        Type.GetTypeCode(reader.GetFieldType(j) ?? typeof(object)) switch
        {
            TypeCode.Byte or TypeCode.Int16 or TypeCode.Int32 => CellReading.Int32,
            TypeCode.Single => CellReading.Single,
            TypeCode.Double => CellReading.Double,
            TypeCode.String => CellReading.Text,
            _ => CellReading.ByType,
        })];
}
