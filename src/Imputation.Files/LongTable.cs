using CsvHelper;
using Imputation.Files.Csv;

namespace Imputation.Files;

/// <summary>Several tables of the same columns in one file, one under the other, as mice's <c>complete(imp, "long")</c> makes it: the
/// columns
/// <c>.imp</c>, the number of the imputation, and <c>.id</c>, the row (from 1), come before those of the tables. Imputation 0 is the
/// incomplete table.</summary>
/// <remarks>With imputation 0, <c>mice::as.mids</c> makes of it what mice had made, and <c>split(long, long$.imp)</c> a list for mitools.
/// It is a new file: numbers in the shortest text that reads back the same, decimal points, NA where missing.</remarks>
public static class LongTable
{
    /// <summary>Names of the columns that are added.</summary>
    internal const string Imputation = ".imp", Row = ".id";

    /// <summary>Writes the header of a CSV file.</summary>
    /// <exception cref="ImputationDataException">The table has a column of one of the names that are added.</exception>
    public static void WriteHeader(Stream stream, Table table, TableWriteOptions options)
    {
        Check(table);
        using CsvWriter writer = Writer(stream, options);
        writer.WriteField(Imputation);
        writer.WriteField(Row);
        CsvPlainWriter.WriteNames(writer, table, options);
        writer.EndRecord();
        writer.Flush();
    }

    /// <summary>Writes the rows of a table to a CSV file.</summary>
    /// <param name="stream">Where to write to; left open.</param>
    /// <param name="imputation">Number of the imputation.</param>
    /// <param name="table">The table.</param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public static void WriteRows(Stream stream, int imputation, Table table, TableWriteOptions options,
        CancellationToken cancellation = default)
    {
        Check(table);
        using CsvWriter writer = Writer(stream, options);
        Span<byte> buffer = stackalloc byte[CsvNumber.MaxLength];
        for (int row = 0; row < table.RowCount; row++)
        {
            if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            writer.WriteField(imputation, default);
            writer.WriteField(row + 1, default);
            CsvPlainWriter.WriteCells(writer, table, row, options, buffer);
            writer.EndRecord();
        }
        writer.Flush();
    }

    private static CsvWriter Writer(Stream stream, TableWriteOptions options) =>
        CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = options.Delimiter }, leaveOpen: true);

    /// <exception cref="ImputationDataException">The table has a column of one of the names that are added.</exception>
    internal static void Check(Table table)
    {
        foreach (string name in (string[])[Imputation, Row])
            if (table.TryGetColumn(name, out _))
                throw new ImputationDataException($"The table has a column '{name}', which a long file needs for itself; rename it, or "
                    + "write one file for each imputation.", name);
    }
}
