using System.Data;
using System.Data.Common;
using Imputation.Data.Adapters;

namespace Imputation;

/// <summary>The rows of a database query as a table, and a table as a data reader, for bulk copy.</summary>
public static class DataReaders
{
    /// <summary>Reads the rows that are left of a reader's current result; the reader is left open.</summary>
    /// <remarks>Columns take their types from the reader as <see cref="DataTables.ToTable"/> takes them from a
    /// <see cref="DataTable"/>; types that only the provider knows are kept unchanged and not modelled. <see cref="DBNull"/> and NaN
    /// are missing. Row by row, each cell once and in order, so that sequential access works.</remarks>
    /// <param name="reader">Any provider's reader.</param>
    /// <param name="cancellation">Stops the reading between rows.</param>
    /// <exception cref="ImputationDataException">An infinite value, or one that the provider cannot hand over.</exception>
    /// <exception cref="ArgumentException">No columns, a column without a name, or two of one name.</exception>
    public static Table ToTable(this IDataReader reader, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ColumnBuilder[] columns = Columns(reader);
        for (long row = 1; reader.Read(); row++)
        {
            cancellation.ThrowIfCancellationRequested();
            AddRow(reader, columns, row);
        }
        return TypedSource.Table(columns);
    }

    /// <summary>Reads the rows that are left of a reader's current result, as <see cref="ToTable"/> does, waiting for them
    /// asynchronously.</summary>
    /// <inheritdoc cref="ToTable"/>
    public static async Task<Table> ToTableAsync(this DbDataReader reader, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ColumnBuilder[] columns = Columns(reader);
        for (long row = 1; await reader.ReadAsync(cancellation).ConfigureAwait(false); row++) AddRow(reader, columns, row);
        return TypedSource.Table(columns);
    }

    /// <summary>A reader over the rows of a table, such as <c>SqlBulkCopy</c> and <see cref="DataTable.Load(IDataReader)"/> take.</summary>
    /// <remarks> The columns of a table that came from a reader, a <see cref="DataTable"/> or a dictionary have the types and, in
    /// observed cells, the values that they came with; a column of integers into which fractions were filled has become one of
    /// <see cref="double"/>. Any other table gives doubles, <see cref="long"/>s, strings, and the unchanged columns that are not
    /// modelled. Cells still missing are <see cref="DBNull"/>, or NaN where a NaN came in. The reader keeps the table and nothing
    /// else; any number of them can read one table.</remarks>
    public static DbDataReader ToDataReader(this Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new TableDataReader(table);
    }

    private static ColumnBuilder[] Columns(IDataReader reader)
    {
        string[] names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        if (names.Length == 0) throw new ArgumentException("The reader's result has no columns; expected the rows of a query.",
            nameof(reader));
        for (int j = 0; j < names.Length; j++)
        {
            if (string.IsNullOrEmpty(names[j]))
                throw new ArgumentException($"Column {j + 1} of the query has no name. Give it one: select ... as x{j + 1}.",
                    nameof(reader));
            int first = Array.IndexOf(names, names[j]);
            if (first < j)
                throw new ArgumentException($"Columns {first + 1} and {j + 1} of the query are both named '{names[j]}'. Rename one: "
                    + $"select ... as x{j + 1}.", nameof(reader));
        }
        return [.. names.Select((name, j) => new ColumnBuilder(name, reader.GetFieldType(j) ?? typeof(object), allowsNull: true))];
    }

    private static void AddRow(IDataReader reader, ColumnBuilder[] columns, long row)
    {
        int j = 0;
        try
        {
            for (; j < columns.Length; j++) columns[j].Add(reader.GetValue(j));
        }
        // A numeric(38,10) or a date before the year 1 that .NET cannot hold: which cell it is, no provider says.
        catch (Exception e) when (e is OverflowException or InvalidCastException or FormatException or ArgumentOutOfRangeException)
        {
            throw new ImputationDataException(
                $"Column '{columns[j].Name}', row {row}: the value cannot be read as {columns[j].Type.Name} ({e.Message}). Cast "
                    + "the column in the query, to double precision or to text.", columns[j].Name, row, e);
        }
    }
}
