using Imputation.Files;
using Imputation.Numerics.Threading;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Reads a Parquet file into a table, or some of its rows at a time into tables with columns of the same kinds.</summary>
/// <remarks>
/// <para>Of the file, only the footer and the pages of the rows that are asked for are in memory. A row group is read page by page; a page
/// has a dictionary and usually a megabyte of values before compression. The built-in engine passes over the pages before the rows that
/// are asked for by their headers; Parquet.Net reads a column of a row group whole. Writing observed cells reads their pages
/// again.</para>
/// <para>Whether a column's cells have their usual type (whole numbers within ±2⁵³, dates of .NET's range, bytes that are text) depends on
/// all rows. So the first reading of some rows reads such columns of the whole file once, see
/// <see cref="ParquetColumnReader.HasTwoTypes"/>.</para></remarks>
internal sealed class ParquetTableReader
{
    /// <summary>A run of a few bytes can claim any number of nulls, and a table makes room for each cell. Of the writers in use none
    /// packs constants and nulls, a row group of a million at a time, more closely than 4,096 to a byte; a small file may have 16
    /// million cells of them all the same.</summary>
    private const int CellsPerByte = 4096, FewCells = 1 << 24;

    private readonly IRandomAccess _bytes;
    private readonly IParquetFile _file;
    private readonly string _name;
    private readonly TableReadOptions _options;
    private readonly ColumnSchema[] _columns;
    private readonly long[] _firstRows;
    private readonly object _gate = new();
    private bool[]? _usual;

    private ParquetTableReader(IRandomAccess bytes, IParquetFile file, string name, TableReadOptions options,
        IReadOnlyCollection<string>? columns)
    {
        _bytes = bytes;
        _file = file;
        _name = name;
        RowCount = Check(file, bytes.Length, name, options);
        _options = options.ForColumns([.. file.Columns.Select(column => column.Name)], name);
        _columns = [.. file.Columns.Where(column => columns?.Contains(column.Name) != false)];
        _firstRows = new long[file.GroupCount];
        for (int group = 1; group < file.GroupCount; group++) _firstRows[group] = _firstRows[group - 1] + file.RowCount(group - 1);
    }

    public long RowCount { get; }

    public int GroupCount => _file.GroupCount;

    /// <summary>Number of columns that are read.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>Opens a file: reads its footer.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="open">Opens a reader of the stored values.</param>
    /// <param name="columns">Names of the columns that are read; null for all.</param>
    /// <exception cref="ImputationDataException">It does not hold a table that can be used.</exception>
    public static ParquetTableReader Open(IRandomAccess bytes, string name, TableReadOptions options, FileOpener open,
        IReadOnlyCollection<string>? columns = null)
    {
        if (bytes.Length == 0) throw new ImputationDataException($"{name}: the file is empty; expected a Parquet file.");
        try
        {
            return new ParquetTableReader(bytes, open(bytes), name, options, columns);
        }
        catch (ParquetException e)
        {
            throw new ImputationDataException($"{name}: {e.Message}.", null, null, e);
        }
    }

    /// <summary>All rows.</summary>
    public Table Read(CancellationToken cancellation)
    {
        ParquetSource source = Source(Groups(0, GroupCount));
        return Read(source, (reader, j) => reader.Read(Canceled(source.Read(_columns[j]), cancellation)), cancellation);
    }

    /// <summary>The rows of some row groups.</summary>
    public Table Read(int firstGroup, int groupCount, CancellationToken cancellation) => Read(Groups(firstGroup, groupCount), cancellation);

    /// <summary>Some rows of a row group.</summary>
    public Table Read(RowRange rows, CancellationToken cancellation) => Read([rows], cancellation);

    /// <summary>All rows, in tables of whole row groups with at most so many rows, or of equal parts of a larger one.</summary>
    public IEnumerable<Table> Batches(int rows, CancellationToken cancellation)
    {
        var some = new List<RowRange>();
        foreach (RowRange group in Groups(0, GroupCount))
        {
            if (group.Count == 0) continue;
            if (some.Count > 0 && group.Count > rows - some.Sum(range => range.Count))
            {
                yield return Read(some, cancellation);
                some.Clear();
            }
            if (group.Count <= rows)
            {
                some.Add(group);
                continue;
            }
            foreach (Table part in Parts(group, rows, cancellation)) yield return part;
        }
        if (some.Count > 0) yield return Read(some, cancellation);
    }

    private RowRange[] Groups(int first, int count) => [.. Enumerable.Range(first, count).Select(group => RowRange.All(_file, group))];

    private Table Read(IReadOnlyList<RowRange> ranges, CancellationToken cancellation)
    {
        ParquetSource source = Source(ranges);
        return Read(source, j => source.Read(_columns[j]), cancellation);
    }

    /// <summary>A row group in tables of at most so many rows, none of them much smaller than the others: they become row groups.</summary>
    private IEnumerable<Table> Parts(RowRange group, int rows, CancellationToken cancellation)
    {
        ParquetSource all = Source([group]);
        int parts = (group.Count + rows - 1) / rows;
        rows = (group.Count + parts - 1) / parts;
        PartCursor[] cursors = [.. _columns.Select(column => new PartCursor(all.Read(column)))];
        try
        {
            for (int first = 0; first < group.Count; first += rows)
            {
                int count = Math.Min(rows, group.Count - first);
                yield return Read(Source([group with { First = first, Count = count }]), j => cursors[j].Take(count), cancellation);
            }
        }
        finally
        {
            foreach (PartCursor cursor in cursors) cursor.Dispose();
        }
    }

    /// <summary>A table of which the values of each column come in parts; of the type that its cells have in the whole file.</summary>
    private Table Read(ParquetSource source, Func<int, IEnumerable<ColumnValues>> parts, CancellationToken cancellation)
    {
        bool[] usual = Usual(cancellation);
        // The file's values are those that were looked at: it would be refused if it had changed.
        return Read(source, (reader, j) => reader.Read(Canceled(parts(j), cancellation), usual[j])!, cancellation);
    }

    private ParquetSource Source(IReadOnlyList<RowRange> ranges) => new(_bytes, _file, _name, ranges);

    /// <summary>For each column, whether its cells have the usual type in all rows of the file.</summary>
    private bool[] Usual(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_usual is not null) return _usual;
            var usual = new bool[_columns.Length];
            ParquetSource source = Source(Groups(0, GroupCount));
            OrderedWork.Run(usual.Length, Environment.ProcessorCount, j =>
            {
                ColumnSchema schema = _columns[j];
                if (!Reader(schema, []).HasTwoTypes) return true;
                long firstRow = 0;
                foreach (ColumnValues part in Canceled(source.Read(schema), cancellation))
                {
                    var reader = new ParquetColumnReader(schema, firstRow, part.Count, _name, _options);
                    if (reader.Read([part], usual: true) is null) return false;
                    firstRow += part.Count;
                }
                return true;
            }, (j, fits) => usual[j] = fits, cancellation);
            return _usual = usual;
        }
    }

    private Table Read(ParquetSource source, Func<ParquetColumnReader, int, Column> read, CancellationToken cancellation)
    {
        long rows = source.Rows.Sum(range => (long)range.Count);
        if (rows > Array.MaxLength)
            throw new ImputationDataException($"{_name}: {rows} rows, more than a table can have; split the file.");
        var columns = new Column[_columns.Length];
        OrderedWork.Run(columns.Length, Environment.ProcessorCount, j =>
        {
            ColumnSchema schema = _columns[j];
            try
            {
                return read(Reader(schema, source.Rows), j);
            }
            catch (OutOfMemoryException e)
            {
                throw new ImputationDataException($"{_name}: column '{schema.Name}' with {rows} rows does not fit into memory; leave "
                    + "columns out, or split the file.", schema.Name, null, e);
            }
        }, (j, column) => columns[j] = column, cancellation);
        return source.Table(columns, _columns);
    }

    private ParquetColumnReader Reader(ColumnSchema schema, IReadOnlyList<RowRange> ranges) => new(schema,
        ranges.Count == 0 ? 0 : _firstRows[ranges[0].Group] + ranges[0].First, (int)ranges.Sum(range => (long)range.Count), _name,
        _options);

    private static IEnumerable<ColumnValues> Canceled(IEnumerable<ColumnValues> parts, CancellationToken cancellation)
    {
        foreach (ColumnValues part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return part;
        }
    }

    /// <summary>Throws where no table can be read from the file; returns the number of rows.</summary>
    private static long Check(IParquetFile file, long bytes, string name, TableReadOptions options)
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
        return (double)rows * file.Columns.Count <= FewCells + (double)CellsPerByte * bytes ? rows
            : throw new ImputationDataException($"{name}: {rows} rows of {file.Columns.Count} columns cannot be stored in {bytes} bytes, "
                + "not even if all are null or constant: the file is damaged.");
    }
}
