using Imputation.Files;
using Imputation.Files.Streams;
using Imputation.Parquet.Storage;
using Imputation.Parquet.Tables;

namespace Imputation.Parquet;

/// <summary>Reads and writes tables as Parquet files.</summary>
/// <remarks>
/// <para>Integers within ±2⁵³, floating-point numbers and decimals are numeric columns. Null and NaN are missing, counted separately.
/// Text is a text column; dates, times, timestamps, Booleans, UUIDs, bytes, and whole numbers beyond ±2⁵³ are not modelled.
/// Infinities are refused, except in columns of <see cref="TableReadOptions.MixedColumns"/>, which are then not modelled.
/// Nested columns (lists, maps, structs) are left out, see <see cref="NestedColumns"/>.</para>
/// <para>A table that was read from Parquet and completed is written with the file's row groups, names, physical and logical types,
/// nullability and key-value metadata, and every observed cell bit for bit; only cells that were missing and now have a value change.
/// A filled value takes the type of its column: in a FLOAT or FLOAT16 column it is rounded to that precision, in a decimal column to
/// the column's scale (halves away from zero). An integer column that was filled with fractions becomes DOUBLE, see
/// <see cref="Widened"/>; filled with whole numbers too large for its type it becomes INT64.</para>
/// <para>Compression is that of <see cref="TableWriteOptions.Compression"/>, independent of the file that was read. Nested columns
/// are not written, nor are indexes, Bloom filters and statistics other than null counts, smallest and largest values.</para>
/// <para>Where no <see cref="ParquetEngine"/> is named, that of this library reads and writes, <see cref="ParquetEngine.BuiltIn"/>.</para>
/// </remarks>
public static class ParquetTable
{
    /// <summary>Reads a file. One of more than 16 MB is not kept in memory: its row groups are read one after the other, writing the table
    /// reads it again, and fails if it has changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Read options.</param>
    /// <param name="engine">Reads the file, and its stored values again when the table is written; by default the built-in
    /// engine.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file is damaged, or has content that is not supported; the message describes
    /// it.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file does not have.</exception>
    public static Table Read(string path, TableReadOptions? options = null,
        ParquetEngine? engine = null, CancellationToken cancellation = default) =>
        InputFile.Read(path, stream => Reader(stream, path, options ?? TableReadOptions.Default, engine, cancellation).Read(cancellation));

    /// <summary>Reads a stream to its end and leaves it open.</summary>
    /// <param name="stream">The stream to read; need not be seekable.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="engine">Reads the file, and its stored values again when the table is written; by default the built-in
    /// engine.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImputationDataException">The stream does not contain a usable Parquet file; the message describes the
    /// error.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file does not have.</exception>
    public static Table Read(Stream stream, string name = "the input", TableReadOptions? options = null,
        ParquetEngine? engine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return Reader(InMemory(stream, name, cancellation), name, options ?? TableReadOptions.Default, engine).Read(cancellation);
    }

    /// <summary>Writes a file, completely or not at all. It may be the file the table was read from.</summary>
    /// <param name="path">The file.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">Write options.</param>
    /// <param name="engine">Writes the file; by default the built-in engine.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    /// <exception cref="ImputationDataException">A filled value does not fit the type of its column.</exception>
    public static void Write(string path, Table table, TableWriteOptions? options = null,
        ParquetEngine? engine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        AtomicFile.Write(path, stream => Write(stream, table, options, engine, cancellation));
    }

    /// <summary>Writes to a stream, which need not be seekable, and leaves it open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">Write options.</param>
    /// <param name="engine">Writes the file; by default the built-in engine.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="ImputationDataException">A filled value does not fit the type of its column.</exception>
    public static void Write(Stream stream, Table table, TableWriteOptions? options = null,
        ParquetEngine? engine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        ParquetTableWriter.Write(stream, table, options ?? TableWriteOptions.Default, (engine ?? ParquetEngine.BuiltIn).Create,
            cancellation);
    }

    /// <summary>A reader of parts of a file, which must not change while it is read.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">It does not hold a table that can be used.</exception>
    internal static ParquetTableReader Open(string path, TableReadOptions? options = null, ParquetEngine? engine = null,
        IReadOnlyCollection<string>? columns = null, CancellationToken cancellation = default) =>
        InputFile.Read(path, stream => Reader(stream, path, options ?? TableReadOptions.Default, engine, cancellation, columns));

    private static ParquetTableReader Reader(FileStream stream, string path, TableReadOptions options, ParquetEngine? engine,
        CancellationToken cancellation, IReadOnlyCollection<string>? columns = null) => Reader(
            stream.CanSeek && stream.Length > options.Storage.LargestKept ? new BytesInFile(path) : InMemory(stream, path, cancellation),
            path, options, engine, columns);

    private static ParquetTableReader Reader(IRandomAccess bytes, string name, TableReadOptions options, ParquetEngine? engine,
        IReadOnlyCollection<string>? columns = null) =>
        ParquetTableReader.Open(bytes, name, options, (engine ?? ParquetEngine.BuiltIn).Open, columns);

    private static BytesInMemory InMemory(Stream stream, string name, CancellationToken cancellation) =>
        new(WholeStream.Read(stream, name, cancellation));

    /// <summary>Names of the columns of the file that are not in the table, because they hold lists, maps or structs; none for a
    /// table not read from Parquet.</summary>
    public static IReadOnlyList<string> NestedColumns(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.Source is ParquetSource source ? source.File.NestedColumns : [];
    }

    /// <summary>Names of the columns of whole numbers that were filled with fractions, and therefore are written as DOUBLE.</summary>
    public static IReadOnlyList<string> Widened(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return ParquetTableWriter.Widened(table);
    }
}
