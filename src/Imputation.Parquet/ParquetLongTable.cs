using Imputation.Files;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;

namespace Imputation.Parquet;

/// <summary>Several tables of the same columns in one Parquet file, as <see cref="LongTable"/> writes them to CSV: a row group for
/// each.</summary>
public static class ParquetLongTable
{
    /// <summary>Writes the file.</summary>
    /// <param name="stream">Where to write to; left open.</param>
    /// <param name="tables">The tables with their numbers, taken one after another.</param>
    /// <param name="schema">Of which columns there are: one of the completed tables, whose kinds of numbers decide.</param>
    /// <param name="options">How to write.</param>
    /// <param name="engine">What writes the file; by default the built-in engine.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <exception cref="ImputationDataException">The tables have a column of one of the names that are added; or a column of whole numbers
    /// has fractions in a later table.</exception>
    public static void Write(Stream stream, IEnumerable<(int Imputation, Table Table)> tables, Table schema, TableWriteOptions options,
        ParquetEngine? engine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        LongTable.Check(schema);
        var buffered = new BufferedStream(stream, 1 << 16); // disposing it would close the caller's stream
        SchemaElement[] elements = [.. Stacked(0, schema, schema).Select(column => PlainColumn.For(column).Element)];
        IParquetWriter writer = (engine ?? ParquetEngine.BuiltIn).Create(buffered, elements, Compression.Codec(options.Compression));
        foreach ((int imputation, Table table) in tables)
        {
            PlainColumn[] columns = [.. Stacked(imputation, table, schema).Select(PlainColumn.For)];
            writer.WriteGroup(table.RowCount, j =>
            {
                cancellation.ThrowIfCancellationRequested();
                return columns[j].Values(0, 0, table.RowCount);
            });
        }
        writer.Finish([]);
        buffered.Flush();
    }

    /// <summary>The columns of one row group, of the kinds that the schema has.</summary>
    private static IEnumerable<Column> Stacked(int imputation, Table table, Table schema)
    {
        IEnumerable<double> numbers = Enumerable.Repeat((double)imputation, table.RowCount);
        IEnumerable<double> rows = Enumerable.Range(1, table.RowCount).Select(row => (double)row);
        yield return NumericColumn.Create(LongTable.Imputation, ColumnKind.Integer, [.. numbers]);
        yield return NumericColumn.Create(LongTable.Row, ColumnKind.Integer, [.. rows]);
        foreach (Column column in table.Columns)
        {
            ColumnKind kind = schema[column.Name].Kind;
            yield return column is NumericColumn numeric && column.Kind != kind
                ? NumericColumn.Create(column.Name, kind, numeric.Values.ToArray())
                : column;
        }
    }
}
