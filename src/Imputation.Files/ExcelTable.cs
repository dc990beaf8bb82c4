using Imputation.Files.Excel;
using Imputation.Files.Streams;

namespace Imputation.Files;

/// <summary>Reads tables from Excel workbooks (.xlsx).</summary>
/// <remarks>A sheet is read like the CSV file that Excel would save, with numbers to their last digit and dates as 2024-01-31: lines above
/// the names, blank rows and marks for missing are treated as by <see cref="CsvTable"/>. Formulas count with the value that the workbook
/// has stored; errors such as #N/A and #DIV/0! are missing. A merged cell has its value in its first cell. The completed table is written
/// as CSV or Parquet.</remarks>
public static class ExcelTable
{
    /// <summary>Reads a sheet of a file: the first that is visible, or <see cref="TableReadOptions.Sheet"/>.</summary>
    /// <exception cref="InputException">The file cannot be opened or read.</exception>
    /// <exception cref="ImputationDataException">This is no workbook, or the sheet does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a sheet or a column that there is not.</exception>
    public static Table Read(string path, TableReadOptions? options = null, CancellationToken cancellation = default) =>
        InputFile.Read(path, stream => Read(stream, path, options, cancellation));

    /// <summary>Reads a stream to its end and leaves it open.</summary>
    /// <param name="stream">The stream to read; need not be seekable.</param>
    /// <param name="name">Name of the file in messages.</param>
    /// <param name="options">Read options.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImputationDataException">This is no workbook, or the sheet does not hold a table that can be used.</exception>
    /// <exception cref="ArgumentException">The options name a sheet or a column that there is not.</exception>
    public static Table Read(Stream stream, string name = "the input", TableReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return ExcelSheetReader.Read(WholeStream.Read(stream, name, cancellation), name, options ?? TableReadOptions.Default, cancellation);
    }
}
