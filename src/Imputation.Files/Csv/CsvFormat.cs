namespace Imputation.Files.Csv;

/// <summary>Text with a separator: CSV and its kin.</summary>
internal sealed class CsvFormat : ITableFormat
{
    public string Name => "csv";

    public IReadOnlyList<string> Extensions { get; } = [".csv", ".tsv", ".txt"];

    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        CsvTable.Read(stream, name, options, cancellation);

    public Table Read(string path, TableReadOptions options, CancellationToken cancellation = default) => CsvTable.Read(path, options, cancellation);

    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        CsvTable.Write(stream, table, options, cancellation);
}
