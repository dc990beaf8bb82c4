using Imputation.Parquet;

namespace Imputation.ParquetNet;

/// <summary>The package Parquet.Net as an engine for Parquet files.</summary>
/// <remarks>
/// <para>Column types are the same as with the built-in engine. A type that Parquet.Net cannot write is replaced by the nearest
/// that it supports:
/// decimals in bytes, FLOAT16 as FLOAT, ENUM and JSON as text, other fixed-length bytes as BYTE_ARRAY; times finer than 100 ns are
/// refused.</para>
/// <para>Parquet.Net checks neither sizes nor checksums, and does not come to an end where metadata do. So this toolkit reads footer and
/// page headers,
/// checks sizes and checksums, and hands over each column of a row group as a small file with metadata written anew. Parquet.Net takes the
/// pages out of their compression and decodes the values.</para>
/// <para>What stays different on damaged files: where a page with nulls and without checksum ends too soon, its last values are read as
/// zeros.</para>
/// </remarks>
/// <example>
/// <code>
/// Table table = ParquetTable.Read("survey.parquet", engine: ParquetNetEngine.Instance);
/// var formats = new TableFormats(new CsvFormat(), new ParquetFormat(ParquetNetEngine.Instance));
/// </code>
/// </example>
public static class ParquetNetEngine
{
    /// <summary>The engine.</summary>
    public static ParquetEngine Instance { get; } = new(
        "parquet.net", ParquetNetFile.Open, (stream, columns, codec) => new ParquetNetWriter(stream, columns, codec));
}
