using Imputation.Files.Spss;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>Reads SPSS system files (<c>.sav</c>, <c>.zsav</c>), and writes their tables back.</summary>
/// <remarks>
/// <para>Numeric variables are numeric columns: whole numbers if all observed values are, whatever their labels. Strings are text without
/// the blanks that pad them. Dates and times are not modelled: days are <see cref="DateOnly"/>, moments <see cref="DateTime"/>, durations
/// <see cref="TimeSpan"/>; they are numbers of seconds where a value fits none of these, or where
/// <see cref="TableReadOptions.NumericColumns"/> names the column.</para>
/// <para>Missing are system-missing cells, user-missing codes and ranges, which keep their code as the cell's origin, blank strings, and
/// the marks of the options. Infinities are refused, except in columns of <see cref="TableReadOptions.MixedColumns"/>, which are then not
/// modelled.</para>
/// <para>A table that was read and completed is written with the file's own dictionary and compression, byte for byte: labels, formats,
/// missing codes, documents, weights, and all observed cells. Cells that stay missing keep their codes. A filled value that the file's
/// dictionary declares missing is refused. A table that was not read from an SPSS file cannot be written as one.</para>
/// <para>Both byte orders, and text in UTF-8 and in code pages that .NET has. Encrypted files and portable files (<c>.por</c>) are not
/// read.</para></remarks>
public static class SpssTable
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file is damaged, or has content that is not supported; the message describes
    /// it.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file does not have.</exception>
    public static Table Read(string path, TableReadOptions? options = null, CancellationToken cancellation = default) =>
        InputFile.Read(path, stream => Read(stream, path, options, cancellation));

    /// <summary>Reads a stream to its end and leaves it open.</summary>
    /// <param name="stream">The stream to read; need not be seekable.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options; <see cref="TableReadOptions.Encoding"/> is that of a file that names none, by default
    /// windows-1252.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImputationDataException">The stream does not contain a usable SPSS file; the message describes the
    /// error.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file does not have.</exception>
    public static Table Read(Stream stream, string name = "the input", TableReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return SpssTableReader.Read(stream, name, options ?? TableReadOptions.Default, cancellation);
    }

    /// <summary>Writes a file, completely or not at all. It may be the file the table was read from.</summary>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    /// <exception cref="ImputationDataException">A filled value does not fit its variable.</exception>
    /// <exception cref="ArgumentException">The table does not have the columns of an SPSS file.</exception>
    public static void Write(string path, Table table, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        AtomicFile.Write(path, stream => Write(stream, table, cancellation));
    }

    /// <summary>Writes to a stream and leaves it open.</summary>
    /// <exception cref="ImputationDataException">A filled value does not fit its variable.</exception>
    /// <exception cref="ArgumentException">The table does not have the columns of an SPSS file.</exception>
    public static void Write(Stream stream, Table table, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(table);
        SpssTableWriter.Write(stream, table, cancellation);
    }
}
