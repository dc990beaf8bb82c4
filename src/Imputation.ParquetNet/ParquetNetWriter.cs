using System.IO.Compression;
using Imputation.Parquet.Storage;
using Parquet;
using Parquet.Schema;

namespace Imputation.ParquetNet;

/// <summary>Writes a file with Parquet.Net, row group by row group.</summary>
internal sealed class ParquetNetWriter(Stream output, IReadOnlyList<SchemaElement> elements, PageCodec codec) : IParquetWriter
{
    private readonly NetColumn[] _columns =
        [.. elements.Select(element => Guard(element, () => NetColumn.Of(new ColumnSchema(element, 0))))];
    private global::Parquet.ParquetWriter? _writer;

    // Its default is the smallest size: level 19 of zstd, which takes twenty times as long.
    private global::Parquet.ParquetWriter Writer => _writer ??= global::Parquet.ParquetWriter
        .CreateAsync(new ParquetSchema(_columns.Select(column => column.Field)), output,
            new ParquetOptions { CompressionMethod = (CompressionMethod)codec, CompressionLevel = CompressionLevel.Optimal })
        .GetAwaiter().GetResult();

    public void WriteGroup(int rows, Func<int, ColumnValues> column)
    {
        using ParquetRowGroupWriter group = Writer.CreateRowGroup();
        for (int j = 0; j < _columns.Length; j++)
        {
            ColumnValues values = column(j);
            Guard(elements[j], () =>
            {
                _columns[j].Write(group, values).GetAwaiter().GetResult();
                return true;
            });
        }
    }

    public void Finish(IReadOnlyList<KeyValuePair<string, string?>> keyValues)
    {
        Writer.CustomMetadata = keyValues.DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value!);
        Writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static T Guard<T>(SchemaElement element, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is not (ImputationDataException or IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw new ImputationDataException(
                $"Column '{element.Name}' cannot be written by Parquet.Net ({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); "
                + "write CSV, or use the built-in engine (--parquet-engine built-in).", element.Name, null, e);
        }
    }
}
