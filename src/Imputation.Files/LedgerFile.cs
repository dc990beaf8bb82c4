using CsvHelper;
using Imputation.Imputers;

namespace Imputation.Files;

/// <summary>The ledger of filled cells as CSV: a line for each, with decimal points and commas, whatever the data's own ways.</summary>
public static class LedgerFile
{
    private static readonly (CellNotes Note, string Text)[] Notes =
    [
        (CellNotes.Clamped, "clamped"), (CellNotes.Truncated, "truncated"), (CellNotes.Rounded, "rounded"),
        (CellNotes.Constant, "constant"), (CellNotes.Determined, "determined"), (CellNotes.Related, "related"), (CellNotes.NothingObserved, "nothing-observed"),
    ];

    /// <summary>Writes row, column, method, value, sd, lower95, upper95, observed and notes, and leaves the stream open.</summary>
    /// <remarks>Rows are counted from 1 without the header. A number that does not exist is NA. Notes are separated by semicolons.</remarks>
    public static void Write(Stream stream, IEnumerable<ImputedCell> cells, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(cells);
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
        writer.WriteRecord("row", "column", "method", "value", "sd", "lower95", "upper95", "observed", "notes");
        int count = 0;
        foreach (ImputedCell cell in cells)
        {
            if ((count++ & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            writer.WriteField(cell.Row, default);
            writer.WriteField(cell.Column);
            writer.WriteField(cell.Method == ImputationMethod.Mean ? "mean" : "draw");
            WriteNumber(writer, cell.Value);
            WriteNumber(writer, cell.StandardDeviation);
            WriteNumber(writer, cell.Lower);
            WriteNumber(writer, cell.Upper);
            writer.WriteField(cell.ObservedCount, default);
            writer.WriteField(cell.Notes == CellNotes.None ? "" : string.Join(';', Notes.Where(n => cell.Notes.HasFlag(n.Note)).Select(n => n.Text)));
            writer.EndRecord();
        }
        writer.Flush();
    }

    private static void WriteNumber(CsvWriter writer, double value)
    {
        if (double.IsFinite(value)) writer.WriteField(value, default);
        else writer.WriteField("NA");
    }
}
