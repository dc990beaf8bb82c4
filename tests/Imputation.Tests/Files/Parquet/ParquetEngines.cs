using Imputation.Files;
using Imputation.Parquet;
using Imputation.Parquet.Storage;
using Imputation.ParquetNet;

namespace Imputation.Tests.Files.Parquet;

/// <summary>What reads and writes Parquet: the engine of Imputation.Parquet, and the package Parquet.Net.</summary>
public enum Engine
{
    BuiltIn,
    ParquetNet,
}

/// <summary>The engines that tests of Parquet run with.</summary>
public static class ParquetEngines
{
    /// <summary>For theories: every engine.</summary>
    public static TheoryData<Engine> All => [Engine.BuiltIn, Engine.ParquetNet];

    public static ParquetEngine Itself(this Engine engine) => engine == Engine.BuiltIn ? ParquetEngine.BuiltIn : ParquetNetEngine.Instance;

    /// <summary>The stored values of a file.</summary>
    internal static IParquetFile Open(this Engine engine, string path) => engine.Itself().Open(new BytesInMemory(File.ReadAllBytes(path)));

    extension(ParquetFile)
    {
        /// <summary>A file in memory.</summary>
        internal static ParquetFile Open(byte[] bytes, long free = 1 << 26) => ParquetFile.Open(new BytesInMemory(bytes), free);
    }

    /// <summary>All values of a column in a row group.</summary>
    internal static ColumnValues Read(this IParquetFile file, int group, ColumnSchema column) =>
        ColumnValues.Join(file.Read(column, RowRange.All(file, group)), file.RowCount(group));

    public static Table Read(this Engine engine, string path, TableReadOptions? options = null) =>
        engine.Read(File.ReadAllBytes(path), path, options);

    public static Table Read(this Engine engine, byte[] bytes, string name = "folder/test.parquet", TableReadOptions? options = null) =>
        ParquetTable.Read(new MemoryStream(bytes), name, options, engine.Itself());

    public static byte[] Bytes(this Engine engine, Table table, TableCompression compression = TableCompression.Snappy)
    {
        var stream = new MemoryStream();
        ParquetTable.Write(stream, table, new TableWriteOptions { Compression = compression }, engine.Itself());
        return stream.ToArray();
    }

    public static Table Back(this Engine engine, Table table, TableCompression compression = TableCompression.Snappy) =>
        engine.Read(engine.Bytes(table, compression));
}
