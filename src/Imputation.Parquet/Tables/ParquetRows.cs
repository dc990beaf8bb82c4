using Imputation.Files;

namespace Imputation.Parquet.Tables;

/// <summary>The rows of a Parquet file in batches of row groups, or of some rows of large ones.</summary>
internal sealed class ParquetRows : IFileRows
{
    private readonly ParquetTableReader _reader;
    private readonly int _batchRows;
    private readonly Lazy<Table> _first;

    /// <param name="reader">Reads the file.</param>
    /// <param name="name">Its name.</param>
    /// <param name="batchRows">Number of rows of a batch, at most.</param>
    public ParquetRows(ParquetTableReader reader, string name, int batchRows)
    {
        (_reader, Name, _batchRows) = (reader, name, batchRows);
        _first = new Lazy<Table>(() => Batches().FirstOrDefault() ?? _reader.Read(CancellationToken.None));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long? RowCount => _reader.RowCount;

    /// <inheritdoc/>
    public Table First => _first.Value;

    /// <inheritdoc/>
    public IEnumerable<Table> Batches(CancellationToken cancellation = default) => _reader.Batches(_batchRows, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The file is open only while some of it is read.
    }
}
