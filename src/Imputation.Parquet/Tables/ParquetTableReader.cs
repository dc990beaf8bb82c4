using Imputation.Files;
using Imputation.Files.Streams;
using Imputation.Numerics.Threading;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Reads a Parquet file into a table.</summary>
internal static class ParquetTableReader
{
    /// <summary>A run of a few bytes can claim any number of nulls, and a table makes room for each cell. Of the writers in use none
    /// packs constants and nulls, a row group of a million at a time, more closely than 4,096 to a byte; a small file may have 16
    /// million cells of them all the same.</summary>
    private const int CellsPerByte = 4096, FewCells = 1 << 24;

    /// <param name="stream">Read to its end.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="open">Opens a reader of the stored values.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public static Table Read(Stream stream, string name, TableReadOptions options, FileOpener open, CancellationToken cancellation)
    {
        byte[] bytes = WholeStream.Read(stream, name, cancellation);
        if (bytes.Length == 0) throw new ImputationDataException($"{name}: the file is empty; expected a Parquet file.");
        IParquetFile file = Open(bytes, name, open);
        int rows = Check(file, bytes.Length, name, options);
        options = options.ForColumns([.. file.Columns.Select(column => column.Name)], name);
        var source = new ParquetSource(bytes, file, name);
        var columns = new Column[file.Columns.Count];
        OrderedWork.Run(columns.Length, Environment.ProcessorCount, j =>
        {
            ColumnSchema schema = file.Columns[j];
            IEnumerable<ColumnValues> groups = Enumerable.Range(0, file.GroupCount).Select(group =>
            {
                cancellation.ThrowIfCancellationRequested();
                return source.Read(group, schema);
            });
            try
            {
                return new ParquetColumnReader(schema, rows, name, options).Read(groups);
            }
            catch (OutOfMemoryException e)
            {
                throw new ImputationDataException($"{name}: column '{schema.Name}' with {rows} rows does not fit into memory; leave "
                    + "columns out, or split the file.", schema.Name, null, e);
            }
        }, (j, column) => columns[j] = column, cancellation);
        return source.Table(columns);
    }

    private static IParquetFile Open(byte[] bytes, string name, FileOpener open)
    {
        try
        {
            return open(bytes);
        }
        catch (ParquetException e)
        {
            throw new ImputationDataException($"{name}: {e.Message}.", null, null, e);
        }
    }

    /// <summary>Throws where no table can be read from the file; returns the number of rows.</summary>
    private static int Check(IParquetFile file, int bytes, string name, TableReadOptions options)
    {
        if (file.NestedColumns.FirstOrDefault(options.NumericColumns.Contains) is { } asked)
            throw new ImputationDataException($"{name}: column '{asked}' is nested (a list, map or struct), and only flat columns "
                + "can be read.", asked);
        if (file.Columns.Count == 0)
        {
            throw new ImputationDataException(file.NestedColumns.Count == 0
                ? $"{name}: the file has no columns."
                : $"{name}: all columns are nested (lists, maps or structs): {string.Join(", ", file.NestedColumns)}; only flat columns "
                    + "can be read. Flatten them first.");
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ColumnSchema column in file.Columns)
        {
            if (column.Name.Length == 0)
                throw new ImputationDataException($"{name}: column {names.Count + 1} of {file.Columns.Count} has no name; give it one.");
            if (!names.Add(column.Name))
                throw new ImputationDataException($"{name}: two columns are named '{column.Name}'; give every column a unique name.",
                    column.Name);
        }
        long rows = 0;
        for (int group = 0; group < file.GroupCount; group++) rows += file.RowCount(group);
        if ((double)rows * file.Columns.Count > FewCells + (double)CellsPerByte * bytes)
            throw new ImputationDataException($"{name}: {rows} rows of {file.Columns.Count} columns cannot be stored in {bytes} bytes, "
                + "not even if all are null or constant: the file is damaged.");
        return rows <= Array.MaxLength ? (int)rows : throw new ImputationDataException($"{name}: {rows} rows, more than a table can have; "
            + "split the file.");
    }
}
