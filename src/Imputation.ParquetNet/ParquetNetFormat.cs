using Imputation.Data;
using Imputation.Files;
using Imputation.Files.ParquetTables;

namespace Imputation.ParquetNet;

/// <summary>Parquet through the package Parquet.Net, in place of the codec of Imputation.Files: <see cref="TableFormats"/> finds it by itself.</summary>
/// <remarks>Columns become what they become with <see cref="ParquetTable"/>. What Parquet.Net cannot write as it stands is written as the nearest that it can:
/// decimals in bytes, FLOAT16 as FLOAT, ENUM and JSON as text, other fixed-length bytes as BYTE_ARRAY; times finer than 100 ns are refused.
/// Parquet.Net verifies no checksums, and takes a file's sizes on trust.</remarks>
public sealed class ParquetNetFormat : ITableFormat
{
    /// <inheritdoc/>
    public string Name => "parquet";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".parquet"];

    /// <inheritdoc/>
    public Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default) =>
        ParquetTableReader.Read(stream, name, options, ParquetNetFile.Open, cancellation);

    /// <inheritdoc/>
    public void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default) =>
        ParquetTableWriter.Write(stream, table, options, (output, columns, codec) => new ParquetNetWriter(output, columns, codec), cancellation);
}
