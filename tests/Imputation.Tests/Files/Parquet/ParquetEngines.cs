using Imputation.Files;
using Imputation.Files.ParquetTables;

namespace Imputation.Tests.Files.Parquet;

/// <summary>What reads and writes Parquet: the codec of Imputation.Files, and Parquet.Net where it was built (-p:ParquetNet=true).</summary>
public enum ParquetEngine
{
    BuiltIn,
    ParquetNet,
}

/// <summary>The engines that tests of tables run with.</summary>
public static class ParquetEngines
{
    private static readonly ITableFormat s_builtIn = new ParquetFormat();

    /// <summary>For theories: every engine that was built.</summary>
    public static TheoryData<ParquetEngine> Built
    {
        get
        {
            if (Found is not ParquetFormat) return [ParquetEngine.BuiltIn, ParquetEngine.ParquetNet];
            Console.WriteLine("SKIPPED: Parquet.Net is not built; the Parquet tests ran with the built-in codec only. Build with -p:ParquetNet=true where the package can be had.");
            return [ParquetEngine.BuiltIn];
        }
    }

    private static ITableFormat Found => TableFormats.ForPath(".parquet");

    public static ITableFormat Format(this ParquetEngine engine) => engine == ParquetEngine.BuiltIn ? s_builtIn : Found;

    public static Table Read(this ParquetEngine engine, string path, TableReadOptions? options = null) => engine.Read(File.ReadAllBytes(path), path, options);

    public static Table Read(this ParquetEngine engine, byte[] bytes, string name = "folder/test.parquet", TableReadOptions? options = null) =>
        engine.Format().Read(new MemoryStream(bytes), name, options ?? TableReadOptions.Default);

    public static byte[] Bytes(this ParquetEngine engine, Table table, TableCompression compression = TableCompression.Snappy)
    {
        var stream = new MemoryStream();
        engine.Format().Write(stream, table, new TableWriteOptions { Compression = compression });
        return stream.ToArray();
    }

    public static Table Back(this ParquetEngine engine, Table table, TableCompression compression = TableCompression.Snappy) => engine.Read(engine.Bytes(table, compression));
}
