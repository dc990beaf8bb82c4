using Imputation.Files.Csv;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>Reads and writes tables as CSV files.</summary>
/// <remarks>
/// <para>A table that was read from CSV and completed is written with every observed cell, and everything between the cells,
/// byte for byte as in the source; only cells that were missing and now have a value change. Quotes and blanks around a missing mark
/// are kept around the value.</para>
/// <para>The first line that is not blank is the header; every row has as many fields. Titles and comments above it, question texts and
/// import ids below it, and blank rows are no rows of the table; <see cref="Table.Findings"/> say so. In a file of one column an empty line
/// is a missing cell.</para>
/// <para>A column is numeric if all its observed cells are numbers: whole numbers if all are written without decimal sign and
/// exponent. If at least half are not, it is text. If most are numbers and some are not, an exception names the first such cell: it
/// is probably an error, or a missing mark that has to be declared. Identifiers are text, see
/// <see cref="TableReadOptions.NumericColumns"/>. Infinities are errors. Numbers with thousands separators, percent
/// or currency signs are numbers if all cells of the column are written alike, and filled cells are written so.</para>
/// <para>Files compressed with gzip are recognised, and written where the name ends in .gz.</para></remarks>
public static class CsvTable
{
    /// <summary>Reads a file. One of more than 16 MB is not kept in memory: writing the table reads it again, and fails if it has
    /// changed.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a column that is not in the file.</exception>
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
    /// <param name="stream">The stream to read; need not be seekable.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImputationDataException">The stream does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a column that is not in the file.</exception>
    public static Table Read(Stream stream, string name = "the input", TableReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        options ??= TableReadOptions.Default;
        return CsvTableReader.Read(CsvBytes.Load(stream, name, options, cancellation), name, options, cancellation);
    }

    /// <summary>Writes a file, completely or not at all. It may be the file the table was read from.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static void Write(string path, Table table, TableWriteOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= WriteOptions(path);
        AtomicFile.Write(path, stream => Write(stream, table, options, cancellation));
    }

    /// <summary>Writes to a stream and leaves it open.</summary>
    public static void Write(Stream stream, Table table, TableWriteOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        options ??= TableWriteOptions.Default;
        using Stream? zipped = GzipFile.Writer(stream, options.Compression == TableCompression.Gzip);
        if (table.Source is CsvSource source && source.Holds(table))
            CsvSplicer.Write(zipped ?? stream, table, source, cancellation);
        else
            CsvPlainWriter.Write(zipped ?? stream, table, options, cancellation);
    }

    /// <summary>The options that a file's extension asks for: tabs for .tsv, gzip for .gz.</summary>
    public static TableWriteOptions WriteOptions(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string extension = TableFormats.ExtensionOf(path).ToLowerInvariant();
        return new TableWriteOptions
        {
            Delimiter = extension.StartsWith(".tsv", StringComparison.Ordinal) ? '\t' : ',',
            Compression = extension.EndsWith(".gz", StringComparison.Ordinal) ? TableCompression.Gzip : TableCompression.Snappy,
        };
    }
}
