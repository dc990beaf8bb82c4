using Imputation.Files;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Writes batches of rows as one Parquet file: those of Parquet files as they are stored there, others as any table is.</summary>
internal sealed class ParquetRewriter(Stream stream, Table schema, TableWriteOptions options, WriterFactory create) : ITableAppender
{
    private readonly ITableAppender _appender = ParquetTableWriter.Source(schema) is { } source
        ? new ParquetPartsWriter(stream, options, create, [.. schema.Columns.Where(column => column.Kind == ColumnKind.Number
            && source.Columns.FirstOrDefault(c => c.Name == column.Name) is { Kind: ColumnKind.Integer }).Select(column => column.Name)])
        : new ParquetAppender(stream, schema, options, create);

    /// <inheritdoc/>
    public void Append(Table table, CancellationToken cancellation = default) => _appender.Append(table, cancellation);

    /// <inheritdoc/>
    public void Finish() => _appender.Finish();
}
