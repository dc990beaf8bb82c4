using Imputation.Files.Formats;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A file format for tables, such as CSV. Formats are registered in <see cref="TableFormats"/>.</summary>
public interface ITableFormat
{
    /// <summary>A short name in lower case, such as csv.</summary>
    string Name { get; }

    /// <summary>File name extensions with their dots, in lower case.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads a table to the end of a stream, which is left open.</summary>
    /// <param name="stream">The stream to read; need not be seekable.</param>
    /// <param name="name">Name of the file in messages; its last part is kept with the table as the file's name.</param>
    /// <param name="options">Read options.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used; the message gives the place and a
    /// remedy.</exception>
    /// <exception cref="ArgumentException">The options name a column that is not in the file.</exception>
    Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default);

    /// <summary>Reads a table from a file. A format need not keep a large file in memory: it may read it again when the table is written,
    /// if it has not changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Read options.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used; the message gives the place and a
    /// remedy.</exception>
    /// <exception cref="ArgumentException">The options name a column that is not in the file.</exception>
    Table Read(string path, TableReadOptions options, CancellationToken cancellation = default) =>
        InputFile.Read(path, stream => Read(stream, path, options, cancellation));

    /// <summary>Opens a file to read its rows in batches. A format that is not read in parts gives them in one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Read options.</param>
    /// <param name="batchCells">Number of cells of a batch, about.</param>
    /// <param name="temporary">The folder for temporary files, in which a compressed file may be unpacked.</param>
    /// <param name="cancellation">Cancels the opening.</param>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a column that is not in the file.</exception>
    IFileRows Rows(string path, TableReadOptions options, int batchCells, string temporary, CancellationToken cancellation = default) =>
        new WholeRows(Read(path, options, cancellation), path);

    /// <summary>Most rows that a file can have, by what is known of it without reading its cells; null where nothing is.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">It is damaged.</exception>
    long? MostRowCount(string path) => null;

    /// <summary>Begins a new file of batches of rows, such as those that <see cref="Rows"/> gave, in which observed cells stay as they were
    /// where they came from a file of this format.</summary>
    /// <param name="stream">The stream to write to; left open, and not closed by the appender.</param>
    /// <param name="schema">The first batch, filled: it has the columns' names and kinds. None of its rows is written.</param>
    /// <param name="options">Write options for rows that were not read from this format.</param>
    ITableAppender Rewrite(Stream stream, Table schema, TableWriteOptions options) => new WholeWriter(this, stream, options);

    /// <summary>Writes a table to a stream, which is left open. A table that was read from this format keeps the text or bytes of its
    /// observed cells.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">Write options for tables that were not read from this format.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default);

    /// <summary>Whether only a table that was read from this format can be written, with the same columns. Default false.</summary>
    bool WritesOnlyItsOwn => false;

    /// <summary>Whether tables can be written in this format; default true.</summary>
    bool CanWrite => true;

    /// <summary>Whether a file with some of its tables is valid, so that <see cref="Append"/> can continue the file of an interrupted
    /// run.</summary>
    bool CanContinue { get; }

    /// <summary>Begins a new file of several tables of the same columns, the rows of each below those of the one before.</summary>
    /// <param name="stream">The stream to write to; left open, and not closed by the appender.</param>
    /// <param name="schema">A table that has the columns' names and kinds; none of its rows is written.</param>
    /// <param name="options">Write options.</param>
    /// <param name="continues">Whether the stream is at the end of a file that this method began, after some of its tables; only where
    /// <see cref="CanContinue"/>.</param>
    ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false);
}
