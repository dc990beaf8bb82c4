using Imputation.Files.Csv;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>Reads and writes tables as CSV files.</summary>
/// <remarks>
/// <para>A table that was read from CSV and completed is written with every observed cell, and everything between the cells,
/// byte for byte as it stood; only cells that were missing and now have a value change. Quotes and blanks around a mark of missing stay
/// around the value.</para>
/// <para>The first line that is not empty is the header; every row has as many fields. An empty line is no row, except in a file of one
/// column, where it is a missing cell.</para>
/// <para>A column is numeric where all its observed cells are numbers: whole numbers if all are written without decimal sign and exponent.
/// Where at least half are not, it is text. Where most are numbers and some are not, reading is refused and the first such cell named,
/// for it is likely a slip, or a mark of missing that has to be declared. Identifiers are text, see
/// <see cref="TableReadOptions.NumericColumns"/>.
/// Infinities are refused; thousands separators are not numbers.</para>
/// </remarks>
public static class CsvTable
{
    /// <summary>Reads a file. One of more than 16 MB is not kept in memory: writing the table reads it again, and fails where it has
    /// changed.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file lacks.</exception>
    public static Table Read(string path, TableReadOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= TableReadOptions.Default;
        return InputFile.Read(path, stream =>
        {
            CsvBytes file = CsvBytes.Open(stream, path, options, cancellation) ?? CsvBytes.Load(stream, path, options, cancellation);
            return CsvTableReader.Read(file, path, options, cancellation);
        });
    }

    /// <summary>Reads a stream to its end and leaves it open.</summary>
    /// <param name="stream">Where to read from; need not be seekable.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="ImputationDataException">The stream does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file lacks.</exception>
    public static Table Read(Stream stream, string name = "the input", TableReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        options ??= TableReadOptions.Default;
        return CsvTableReader.Read(CsvBytes.Load(stream, name, options, cancellation), name, options, cancellation);
    }

    /// <summary>Writes a file, whole or not at all. It may be the one the table was read from.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, Table table, TableWriteOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? new TableWriteOptions { Delimiter = '\t' } : null;
        using AtomicFile file = AtomicFile.Create(path);
        Write(file.Stream, table, options, cancellation);
        file.Commit();
    }

    /// <summary>Writes to a stream and leaves it open.</summary>
    public static void Write(Stream stream, Table table, TableWriteOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        if (table.Source is CsvSource source && source.Holds(table))
            CsvSplicer.Write(stream, table, source, cancellation);
        else
            CsvPlainWriter.Write(stream, table, options ?? TableWriteOptions.Default, cancellation);
    }
}
