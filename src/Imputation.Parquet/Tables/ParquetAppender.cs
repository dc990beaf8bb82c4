using Imputation.Files;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Writes tables of the same columns below one another in one Parquet file: a row group for each.</summary>
internal sealed class ParquetAppender : ITableAppender
{
    private readonly Table _schema;
    private readonly BufferedStream _buffered; // disposing it would close the caller's stream
    private readonly IParquetWriter _writer;

    public ParquetAppender(Stream stream, Table schema, TableWriteOptions options, WriterFactory create)
    {
        _schema = schema;
        _buffered = new BufferedStream(stream, 1 << 16);
        _writer = create(_buffered, [.. schema.Columns.Select(column => PlainColumn.For(column).Element)],
            Compression.Codec(options.Compression));
    }

    public void Append(Table table, CancellationToken cancellation)
    {
        PlainColumn[] columns = [.. table.Columns.Select(column => PlainColumn.For(OfSchemasKind(column)))];
        _writer.WriteGroup(table.RowCount, j =>
        {
            cancellation.ThrowIfCancellationRequested();
            return columns[j].Values(0, 0, table.RowCount);
        });
    }

    public void Finish()
    {
        _writer.Finish([]);
        _buffered.Flush();
    }

    private Column OfSchemasKind(Column column) =>
        column is NumericColumn numeric && _schema[column.Name].Kind is var kind && column.Kind != kind
            ? NumericColumn.Create(column.Name, kind, numeric.Values.ToArray())
            : column;
}
