using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>A kind of file that holds a table. CSV is one; others take their place beside it in <see cref="TableFormats"/>.</summary>
public interface ITableFormat
{
    /// <summary>A short name in lower case, such as csv.</summary>
    string Name { get; }

    /// <summary>File name extensions with their dots, in lower case.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>Reads a table to the end of a stream, which is left open.</summary>
    /// <param name="stream">Where to read from; need not be seekable.</param>
    /// <param name="name">What to call the file in messages; its last part is kept with the table as the file's name.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used; the message says where and what to
    /// try.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file lacks.</exception>
    Table Read(Stream stream, string name, TableReadOptions options, CancellationToken cancellation = default);

    /// <summary>Reads a table from a file. A format need not keep a large file in memory: it may read it again when the table is written,
    /// if it has not changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">The file does not hold a table that can be used; the message says where and what to
    /// try.</exception>
    /// <exception cref="ArgumentException">The options name a column that the file lacks.</exception>
    Table Read(string path, TableReadOptions options, CancellationToken cancellation = default) =>
        InputFile.Read(path, stream => Read(stream, path, options, cancellation));

    /// <summary>Writes a table to a stream, which is left open. A table that was read from this format keeps its observed cells as they
    /// stood.</summary>
    /// <param name="stream">Where to write to.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">How to write what did not come from a file of this format.</param>
    /// <param name="cancellation">Stops the writing.</param>
    void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation = default);

    /// <summary>Whether a file that ends after some of its tables is a sound beginning: <see cref="Append"/> can then go on where another
    /// run ended.</summary>
    bool CanContinue { get; }

    /// <summary>Begins a new file of several tables of the same columns, the rows of each below those of the one before.</summary>
    /// <param name="stream">Where to write to; left open, and not closed by the appender.</param>
    /// <param name="schema">A table that has the columns' names and kinds; none of its rows is written.</param>
    /// <param name="options">How to write.</param>
    /// <param name="continues">Whether the stream is at the end of a file that this method began, after some of its tables; only where
    /// <see cref="CanContinue"/>.</param>
    ITableAppender Append(Stream stream, Table schema, TableWriteOptions options, bool continues = false);
}
