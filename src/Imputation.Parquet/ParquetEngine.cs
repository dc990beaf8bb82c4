using Imputation.Parquet.Storage;

namespace Imputation.Parquet;

/// <summary>Reads and writes the stored values of Parquet files. Their interpretation as a table is the same with every engine.</summary>
/// <remarks>The package Imputation.ParquetNet has another engine, which uses the package Parquet.Net. An engine is chosen by the caller,
/// never found.</remarks>
public sealed class ParquetEngine
{
    internal ParquetEngine(string name, FileOpener open, WriterFactory create)
    {
        Name = name;
        Open = open;
        Create = create;
    }

    /// <summary>The engine of this library, the default.</summary>
    public static ParquetEngine BuiltIn { get; } = new(
        "built-in", file => ParquetFile.Open(file), (stream, columns, codec) => new ParquetWriter(stream, columns, codec));

    /// <summary>A short name in lower case, such as built-in.</summary>
    public string Name { get; }

    /// <summary>Opens a file; throws <see cref="ParquetException"/>.</summary>
    internal FileOpener Open { get; }

    /// <summary>Begins a file with columns and a compression.</summary>
    internal WriterFactory Create { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
