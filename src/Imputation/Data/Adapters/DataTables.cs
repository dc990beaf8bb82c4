using System.Data;
using System.Globalization;
using Imputation.Data.Adapters;

namespace Imputation;

/// <summary>A <see cref="DataTable"/> as a table, and a table as a <see cref="DataTable"/>.</summary>
public static class DataTables
{
    /// <summary>A table with the rows and columns of a <see cref="DataTable"/>, in their order; deleted rows are left out.</summary>
    /// <remarks><see cref="double"/>, <see cref="float"/> and <see cref="decimal"/> give columns of numbers, the integer types
    /// columns of integers (objects, which are not modelled, if a magnitude exceeds 2⁵³), strings give text, everything else is an
    /// object column and not modelled. <see cref="DBNull"/> and NaN are missing. Later changes of the <see cref="DataTable"/> are not
    /// seen, except inside objects and arrays, which are shared.</remarks>
    /// <exception cref="ImputationDataException">An infinite value.</exception>
    /// <exception cref="ArgumentException">A table without columns.</exception>
    public static Table ToTable(this DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        DataRow[] rows = [.. table.Rows.Cast<DataRow>().Where(r => r.RowState != DataRowState.Deleted)];
        (Column Column, TypedColumn Origin)[] built = [.. table.Columns.Cast<DataColumn>().Select(column =>
        {
            var builder = new ColumnBuilder(column.ColumnName, column.DataType, column.AllowDBNull);
            foreach (DataRow row in rows) builder.Add(row[column]);
            return builder.Build();
        })];
        return new Table(built.Select(b => b.Column), new DataTableSource(table, built.Select(b => b.Origin)));
    }

    /// <summary>A new <see cref="DataTable"/> with a table's rows and columns, in their order.</summary>
    /// <remarks> A table made by <see cref="ToTable"/>, completed or not, gives columns of the same names and types, with the
    /// observed cells unchanged; table name, captions, largest lengths, date modes and whether null is allowed are kept, computed
    /// columns hold values, keys and constraints are not kept. A column of integers into which fractions were filled becomes one of
    /// <see cref="double"/>, unless it was named in <c>ImputationOptions.Integer</c>. Any other table gives doubles,
    /// <see cref="long"/>s, strings, and the unchanged columns that are not modelled. All rows are unchanged
    /// (<see cref="DataRowState.Unchanged"/>).</remarks>
    /// <exception cref="ImputationDataException">A filled value that its column's type cannot hold; the message names column, row and
    /// value.</exception>
    public static DataTable ToDataTable(this Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        TypedCells[] columns = TypedCells.Of(table);
        DataTable result = (table.Source as DataTableSource)?.NewTable() ?? new DataTable { Locale = CultureInfo.InvariantCulture };
        foreach (TypedCells cells in columns)
            result.Columns.Add((table.Source as DataTableSource)?.NewColumn(cells)
                ?? new DataColumn(cells.Column.Name, cells.Type) { AllowDBNull = cells.AllowsNull });
        var values = new object[columns.Length];
        result.MinimumCapacity = table.RowCount;
        result.BeginLoadData();
        for (int row = 0; row < table.RowCount; row++)
        {
            for (int j = 0; j < columns.Length; j++) values[j] = columns[j].Value(row) ?? DBNull.Value;
            result.LoadDataRow(values, fAcceptChanges: true);
        }
        result.EndLoadData();
        return result;
    }
}
