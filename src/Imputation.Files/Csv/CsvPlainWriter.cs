using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>Writes a table that does not come from a CSV file: UTF-8, lines end in LF, numbers in the shortest text that reads back
/// the same, quotes only where needed, which includes texts that would be read as missing.</summary>
internal static class CsvPlainWriter
{
    public static void Write(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation)
    {
        CsvDialectDetector.Check(options.Delimiter);
        WriteHeader(stream, table, options);
        WriteRows(stream, table, options, cancellation);
    }

    /// <summary>Writes the line of the names of a table's columns.</summary>
    public static void WriteHeader(Stream stream, Table table, TableWriteOptions options)
    {
        using CsvWriter writer = Writer(stream, options);
        foreach (Column column in table.Columns) WriteText(writer, column.Name, options);
        writer.EndRecord();
        writer.Flush();
    }

    /// <summary>Writes a line for each row of a table.</summary>
    public static void WriteRows(Stream stream, Table table, TableWriteOptions options, CancellationToken cancellation)
    {
        using CsvWriter writer = Writer(stream, options);
        Span<byte> buffer = stackalloc byte[CsvNumber.MaxLength];
        for (int row = 0; row < table.RowCount; row++)
        {
            if ((row & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            WriteCells(writer, table, row, options, buffer);
            writer.EndRecord();
        }
        writer.Flush();
    }

    private static CsvWriter Writer(Stream stream, TableWriteOptions options) =>
        CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = options.Delimiter }, leaveOpen: true);

    /// <summary>Writes the cells of a row, and does not end the line.</summary>
    private static void WriteCells(CsvWriter writer, Table table, int row, TableWriteOptions options, Span<byte> buffer)
    {
        foreach (Column column in table.Columns)
        {
            if (column.IsMissing(row)) writer.WriteField(options.MissingText);
            else if (column is NumericColumn numeric)
                writer.WriteField(CsvNumber.Format(numeric[row], column.Kind == ColumnKind.Integer, options.DecimalComma, buffer));
            else WriteText(writer, Text(column.Value(row)!, options), options);
        }
    }

    private static string Text(object value, TableWriteOptions options)
    {
        string text = CsvText.Of(value);
        return options.DecimalComma && value is decimal or float or double or Half ? text.Replace('.', ',') : text;
    }

    private static void WriteText(CsvWriter writer, string text, TableWriteOptions options)
    {
        bool asMissing = text.Equals(options.MissingText, StringComparison.OrdinalIgnoreCase)
            || TableReadOptions.DefaultMissingMarkers.Contains(text, StringComparer.OrdinalIgnoreCase);
        bool blanks = text.Length > 0 && (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]));
        writer.WriteField(text, asMissing || blanks ? CsvQuoting.Always : CsvQuoting.WhenNeeded);
    }
}
