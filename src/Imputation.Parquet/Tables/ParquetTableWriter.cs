using Imputation.Files;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Writes a table as Parquet: columns that come from a Parquet file from its stored values, others from the table's.</summary>
internal static class ParquetTableWriter
{
    /// <summary>Rows of a row group, unless the table was read from a file with row groups.</summary>
    private const int GroupRows = 1 << 17;

    /// <summary>Key of Arrow's own schema in the metadata; readers refuse a schema with columns that the file does not have.</summary>
    private const string ArrowSchemaKey = "ARROW:schema";

    /// <param name="stream">The stream to write to.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">Write options.</param>
    /// <param name="create">Creates the writer of the stored values.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public static void Write(Stream stream, Table table, TableWriteOptions options, WriterFactory create, CancellationToken cancellation)
    {
        ParquetSource? source = Source(table);
        IParquetColumn[] columns = [.. table.Columns.Select(column => Plan(column, source))];
        // Headers are small pieces. Disposing this would close the caller's stream.
        var buffered = new BufferedStream(stream, 1 << 16);
        IParquetWriter writer = create(buffered, [.. columns.Select(c => c.Element)], Compression.Codec(options.Compression));
        WriteGroups(writer, columns, Groups(table, source), cancellation);
        writer.Finish(KeyValues(table, source));
        buffered.Flush();
    }

    public static IReadOnlyList<string> Widened(Table table)
    {
        ParquetSource? source = Source(table);
        return [.. table.Columns.Where(c => WasInteger(c) && Plan(c, source).Element.Type == PhysicalType.Double).Select(c => c.Name)];
    }

    private static bool WasInteger(Column column)
    {
        for (Column? c = column; c is not null; c = c.Original)
            if (c.Kind == ColumnKind.Integer) return true;
        return false;
    }

    /// <summary>Where a table comes from whose rows are those of a Parquet file, or some of them.</summary>
    public static ParquetSource? Source(Table table) =>
        table.Source is ParquetSource source && source.Rows.Sum(range => (long)range.Count) == table.RowCount ? source : null;

    /// <summary>As it is stored, with numbers filled in; text and other values that were filled are written anew.</summary>
    /// <param name="column">The column.</param>
    /// <param name="source">Where the table comes from; null for a table of its own.</param>
    /// <param name="widened">Names of the columns of whole numbers that are written as DOUBLE; null where the values decide.</param>
    public static IParquetColumn Plan(Column column, ParquetSource? source, IReadOnlyCollection<string>? widened = null) =>
        source?.Origin(column) is var (original, schema) && (column is NumericColumn || column.MissingCount == original.MissingCount)
            ? widened is null ? StoredColumn.For(source, schema, original, column)
                : StoredColumn.For(source, schema, original, column, widened.Contains(column.Name))
            : PlainColumn.For(column);

    /// <summary>Writes rows of columns, a row group of each number.</summary>
    public static void WriteGroups(IParquetWriter writer, IParquetColumn[] columns, IEnumerable<int> groups, CancellationToken cancellation)
    {
        int start = 0, group = 0;
        foreach (int rows in groups)
        {
            writer.WriteGroup(rows, j =>
            {
                cancellation.ThrowIfCancellationRequested();
                return columns[j].Values(group, start, rows);
            });
            start += rows;
            group++;
        }
    }

    private static IEnumerable<int> Groups(Table table, ParquetSource? source)
    {
        if (source is not null) return source.Rows.Select(range => range.Count);
        int groups = (int)(((long)table.RowCount + GroupRows - 1) / GroupRows);
        return Enumerable.Range(0, groups).Select(group => Math.Min(GroupRows, table.RowCount - group * GroupRows));
    }

    /// <summary>The file's own, but for those that other columns make false.</summary>
    public static KeyValuePair<string, string?>[] KeyValues(Table table, ParquetSource? source)
    {
        if (source is null) return [];
        bool sameColumns = source.File.NestedColumns.Count == 0
            && table.Columns.Select(c => source.Origin(c)?.Schema).SequenceEqual(source.File.Columns);
        return [.. source.File.KeyValues.Where(pair => sameColumns || pair.Key != ArrowSchemaKey)];
    }
}
