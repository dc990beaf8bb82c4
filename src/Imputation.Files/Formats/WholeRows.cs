namespace Imputation.Files.Formats;

/// <summary>A table in memory as rows in one batch, for formats that are not read in parts.</summary>
internal sealed class WholeRows(Table table, string name) : IFileRows
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long? RowCount => table.RowCount;

    /// <inheritdoc/>
    public Table First => table;

    /// <inheritdoc/>
    public IEnumerable<Table> Batches(CancellationToken cancellation = default) => [table];

    /// <inheritdoc/>
    public void Dispose()
    {
        // A table in memory needs no end.
    }
}
