using Imputation.Files;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Writes a Parquet file anew, a part of its rows after the other: tables of a <see cref="ParquetTableReader"/> with cells filled
/// in.</summary>
/// <remarks>Row groups of the file become row groups, with its types and metadata and observed cells bit for bit; some rows of a row group
/// become one of their own. Since a type holds for all parts, the caller says which columns of whole numbers are filled with
/// fractions.</remarks>
internal sealed class ParquetPartsWriter : ITableAppender
{
    private readonly BufferedStream _buffered; // disposing it would close the caller's stream
    private readonly TableWriteOptions _options;
    private readonly WriterFactory _create;
    private readonly IReadOnlyCollection<string> _widened;
    private IParquetWriter? _writer;
    private SchemaElement[] _elements = [];
    private KeyValuePair<string, string?>[] _keyValues = [];

    /// <param name="stream">The stream to write to; left open.</param>
    /// <param name="options">Write options.</param>
    /// <param name="create">Creates the writer of the stored values.</param>
    /// <param name="widened">Names of the columns of whole numbers that are filled with fractions in some part: they become DOUBLE.</param>
    public ParquetPartsWriter(Stream stream, TableWriteOptions options, WriterFactory create, IReadOnlyCollection<string> widened)
    {
        _buffered = new BufferedStream(stream, 1 << 16);
        _options = options;
        _create = create;
        _widened = widened;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The table's rows are not those read from a Parquet file.</exception>
    public void Append(Table table, CancellationToken cancellation)
    {
        ParquetSource source = ParquetTableWriter.Source(table)
            ?? throw new ArgumentException("The rows of the table are not those read from a Parquet file.", nameof(table));
        IParquetColumn[] columns = [.. table.Columns.Select(column => ParquetTableWriter.Plan(column, source, _widened))];
        if (_writer is null)
        {
            _elements = [.. columns.Select(column => column.Element)];
            _keyValues = ParquetTableWriter.KeyValues(table, source);
            _writer = _create(_buffered, _elements, Compression.Codec(_options.Compression));
        }
        if (columns.Length != _elements.Length)
            throw new ImputationDataException($"{source.FileName}: {columns.Length} columns, and the rows above have {_elements.Length}; "
                + "files that become one have the same columns.");
        for (int j = 0; j < columns.Length; j++)
        {
            SchemaElement element = columns[j].Element, expected = _elements[j];
            if ((element.Name, element.Type, element.TypeLength, element.Scale) != (expected.Name, expected.Type, expected.TypeLength,
                expected.Scale))
                throw new ImputationDataException($"{source.FileName}: column '{element.Name}' is stored as {element.Type}, and the "
                    + $"rows above have '{expected.Name}' as {expected.Type}; files that become one have the same types. "
                    + "Write CSV (--to csv), or change the files.", element.Name);
        }
        ParquetTableWriter.WriteGroups(_writer, columns, source.Rows.Select(range => range.Count), cancellation);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        if (_writer is null) throw new InvalidOperationException("No table was appended.");
        _writer.Finish(_keyValues);
        _buffered.Flush();
    }
}
