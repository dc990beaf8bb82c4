namespace Imputation.Files.ParquetTables;

/// <summary>Parquet: columns with types, compressed.</summary>
internal sealed class ParquetFormat : ITableFormat
{
    public string Name => "parquet";

    public IReadOnlyList<string> Extensions { get; } = [".parquet"];

    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        ParquetTable.Read(stream, name, options, cancellation);

    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        ParquetTable.Write(stream, table, options, cancellation);
}
