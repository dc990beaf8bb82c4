using CsvHelper;

namespace Imputation.Files;

/// <summary>The ledger of filled cells as CSV: one line per cell, always with decimal points and comma delimiters.</summary>
public static class LedgerFile
{
    private static readonly (CellNotes Note, string Text)[] Notes =
    [
        (CellNotes.Clamped, "clamped"), (CellNotes.Truncated, "truncated"), (CellNotes.Rounded, "rounded"),
        (CellNotes.Constant, "constant"), (CellNotes.Determined, "determined"), (CellNotes.Related, "related"),
        (CellNotes.NothingObserved, "nothing-observed"), (CellNotes.Matched, "matched"), (CellNotes.Implied, "implied"),
        (CellNotes.BeyondObserved, "beyond-observed"),
        (CellNotes.SameInGroup, "same-in-group"),
        (CellNotes.Derived, "derived"),
        (CellNotes.Undecided, "undecided"),
    ];

    /// <summary>Writes row, column, method, value, sd, lower95, upper95, observed and notes, and leaves the stream open.</summary>
    /// <remarks>Rows are counted from 1 without the header. sd is the conditional standard deviation alone; the limits allow for the
    /// uncertainty of the estimates too (<see cref="ImputedCell.Lower"/>), and where the data say too little for any they are NA, with the
    /// note no-limits. A number that does not exist is NA, as those three are of a cell that
    /// follows from others (derived, implied). Notes are separated by semicolons.
    /// Where cells are matched there is another column, donor: the row that the value was taken from. Where the model gives
    /// probabilities there are three more: probability, of the value filled in, second, the most probable other value, and
    /// second_probability.</remarks>
    public static void Write(Stream stream, IEnumerable<ImputedCell> cells, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        Write(stream, cells.Select(cell => (0, cell)), numbered: false, cells.Any(cell => cell.Probability is not null), cancellation);
    }

    /// <summary>The same of all cells of a result, which are gone through once.</summary>
    internal static void Write(Stream stream, ImputationResult result, CancellationToken cancellation) =>
        Write(stream, result.Cells.Select(cell => (0, cell)), numbered: false, result.HasProbabilities, cancellation);

    /// <summary>The same of several imputations, with the number of each in a column before the others.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="cells">Filled cells with the number of their imputation (from 1).</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public static void Write(Stream stream, IEnumerable<(int Imputation, ImputedCell Cell)> cells,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cells);
        Write(stream, cells, numbered: true, cells.Any(c => c.Cell.Probability is not null), cancellation);
    }

    /// <summary>The same of all imputations, each of which is made once.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="set">The imputations.</param>
    /// <param name="first">One of them.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    internal static void Write(Stream stream, ImputationSet set, ImputationResult first, CancellationToken cancellation) =>
        Write(stream, set.InOrder(cancellation).SelectMany((done, k) => done.Cells.Select(cell => (k + 1, cell))), numbered: true,
            first.HasProbabilities, cancellation);

    private static void Write(Stream stream, IEnumerable<(int Imputation, ImputedCell Cell)> cells, bool numbered, bool levels,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
        using IEnumerator<(int Imputation, ImputedCell Cell)> all = cells.GetEnumerator();
        bool any = all.MoveNext(), matched = any && all.Current.Cell.Method == FillMethod.PredictiveMeanMatching;
        if (numbered) writer.WriteField("imputation");
        foreach (string name in (string[])["row", "column", "method", "value", "sd", "lower95", "upper95", "observed", "notes"])
            writer.WriteField(name);
        if (matched) writer.WriteField("donor");
        foreach (string name in levels ? (string[])["probability", "second", "second_probability"] : []) writer.WriteField(name);
        writer.EndRecord();
        for (int count = 0; any; any = all.MoveNext())
        {
            if ((count++ & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            (int imputation, ImputedCell cell) = all.Current;
            if (numbered) writer.WriteField(imputation, default);
            writer.WriteField(cell.Row, default);
            writer.WriteField(cell.Column);
            writer.WriteField(cell.Method switch { FillMethod.Mean => "mean", FillMethod.Draw => "draw", _ => "match" });
            if (cell.Level is { } level) writer.WriteField(level);
            else WriteNumber(writer, cell.Value);
            WriteNumber(writer, cell.StandardDeviation);
            WriteNumber(writer, cell.Lower);
            WriteNumber(writer, cell.Upper);
            writer.WriteField(cell.ObservedCount, default);
            bool limitless = cell.Level is null && double.IsNaN(cell.Lower) && double.IsFinite(cell.StandardDeviation);
            writer.WriteField(cell.Notes == CellNotes.None && !limitless ? "" : string.Join(';', Notes
                .Where(n => cell.Notes.HasFlag(n.Note)).Select(n => n.Text).Concat(limitless ? ["no-limits"] : [])));
            if (matched && cell.DonorRow is { } donor) writer.WriteField(donor, default);
            else if (matched) writer.WriteField("");
            if (levels)
            {
                WriteNumber(writer, cell.Probability ?? double.NaN);
                writer.WriteField(cell.SecondLevel ?? "NA");
                WriteNumber(writer, cell.SecondProbability ?? double.NaN);
            }
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
