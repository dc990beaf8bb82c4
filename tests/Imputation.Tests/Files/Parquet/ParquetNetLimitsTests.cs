using Imputation.Parquet.Storage;
using Parquet.Schema;

namespace Imputation.Tests.Files.Parquet;

/// <summary>What Parquet.Net by itself does wrong, for which this toolkit takes its measures. A test that fails here says that one of them
/// may go.</summary>
public class ParquetNetLimitsTests
{
    /// <summary>Such a column is refused before Parquet.Net sees it, for it might take the bytes for other values.</summary>
    [Fact]
    public async Task TruthValuesInRuns_AreNotReadRight()
    {
        string path = ParquetFiles.Sample("small_hyparquet_snappy.parquet");
        IParquetFile file = Engine.BuiltIn.Open(path);
        ColumnSchema column = file.Columns.Single(c => c.Type == PhysicalType.Boolean);
        var expected = (ColumnValues<bool>)file.Read(0, column);
        var values = new bool[expected.Count];
        var levels = new int[expected.Count];
        await using FileStream stream = File.OpenRead(path);
        await using global::Parquet.ParquetReader reader = await global::Parquet.ParquetReader.CreateAsync(stream);
        var field = new DataField(column.Name, typeof(bool), column.IsOptional);
        _ = new ParquetSchema(field);
        try
        {
            await reader.OpenRowGroupReader(0).ReadRawAsync(field, values.AsMemory(), column.IsOptional
                ? levels
                : (Memory<int>?)null, null);
        }
        catch (Exception)
        {
            return; // 6.1.0 divides by zero
        }
        bool[] right = [.. expected.Values.Where((_, row) => !expected.IsNull(row))];
        Assert.False(right.AsSpan().SequenceEqual(values.AsSpan(0, right.Length)),
            "Parquet.Net reads truth values in runs now: let ChunkFile pass them, and take the files off the list of known failures.");
    }
}
