using CsvHelper;
using Imputation.Files.Csv;
using Imputation.Files.Parquet;
using Imputation.Files.ParquetTables;

namespace Imputation.Files;

/// <summary>Several tables of the same columns in one file, one under the other, as mice's <c>complete(imp, "long")</c> makes it: the columns
/// <c>.imp</c>, the number of the imputation, and <c>.id</c>, the row (from 1), come before those of the tables. Imputation 0 is the incomplete table.</summary>
/// <remarks>With imputation 0, <c>mice::as.mids</c> makes of it what mice had made, and <c>split(long, long$.imp)</c> a list for mitools.
/// It is a new file: numbers in the shortest text that reads back the same, decimal points, NA where missing.</remarks>
public static class LongTable
{
    private const string Imputation = ".imp", Row = ".id";

    /// <summary>Writes the header of a CSV file.</summary>
    /// <exception cref="ImputationDataException">The table has a column of one of the names that are added.</exception>
    public static void WriteHeader(Stream stream, Table table, TableWriteOptions options)
    {
        Check(table);
        using CsvWriter writer = Writer(stream, options);
        writer.WriteField(Imputation);
        writer.WriteField(Row);
        CsvPlainWriter.WriteNames(writer, table, options);
        writer.EndRecord();
        writer.Flush();
    }

    /// <summary>Writes the rows of a table to a CSV file.</summary>
    /// <param name="stream">Where to write to; left open.</param>
    /// <param name="imputation">Number of the imputation.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static void WriteRows(Stream stream, int imputation, Table table, TableWriteOptions options, CancellationToken cancellation = default)
    {
        Check(table);
        using CsvWriter writer = Writer(stream, options);
        Span<byte> buffer = stackalloc byte[CsvNumber.MaxLength];
        for (int row = 0; row < table.RowCount; row++)
        {
            if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            writer.WriteField(imputation, default);
            writer.WriteField(row + 1, default);
            CsvPlainWriter.WriteCells(writer, table, row, options, buffer);
            writer.EndRecord();
        }
        writer.Flush();
    }

    /// <summary>Writes a Parquet file: a row group for each table.</summary>
    /// <param name="stream">Where to write to; left open.</param>
    /// <param name="tables">The tables with their numbers, taken one after another.</param>
    /// <param name="schema">Of which columns there are: one of the completed tables, whose kinds of numbers decide.</param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <exception cref="ImputationDataException">The tables have a column of one of the names that are added; or a column of whole numbers has fractions in a later table.</exception>
    public static void WriteParquet(Stream stream, IEnumerable<(int Imputation, Table Table)> tables, Table schema, TableWriteOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tables);
        Check(schema);
        PageCodec codec = options.Compression switch
        {
            TableCompression.Gzip => PageCodec.Gzip,
            TableCompression.None => PageCodec.None,
            _ => PageCodec.Snappy,
        };
        var buffered = new BufferedStream(stream, 1 << 16); // disposing it would close the caller's stream
        var writer = new ParquetWriter(buffered, [.. Stacked(0, schema, schema).Select(column => PlainColumn.For(column).Element)], codec);
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
        yield return NumericColumn.Create(Imputation, ColumnKind.Integer, [.. Enumerable.Repeat((double)imputation, table.RowCount)]);
        yield return NumericColumn.Create(Row, ColumnKind.Integer, [.. Enumerable.Range(1, table.RowCount).Select(row => (double)row)]);
        foreach (Column column in table.Columns)
        {
            ColumnKind kind = schema[column.Name].Kind;
            yield return column is NumericColumn numeric && column.Kind != kind ? NumericColumn.Create(column.Name, kind, numeric.Values.ToArray()) : column;
        }
    }

    private static CsvWriter Writer(Stream stream, TableWriteOptions options) =>
        CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = options.Delimiter }, leaveOpen: true);

    private static void Check(Table table)
    {
        foreach (string name in (string[])[Imputation, Row])
            if (table.TryGetColumn(name, out _)) throw new ImputationDataException($"The table has a column '{name}', which a long file needs for itself; rename it, or write one file for each imputation.", name);
    }
}
