using CsvHelper;

namespace Imputation.Files;

/// <summary>The probabilities of the values of filled cells as CSV: one line per cell and value, always with decimal points and comma
/// delimiters.</summary>
public static class ProbabilitiesFile
{
    /// <summary>Writes row, column, level and p, and leaves the stream open.</summary>
    /// <remarks>Rows are counted from 1 without the header.</remarks>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="probabilities">As <see cref="ImputationResult.Probabilities"/> has them.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    public static void Write(Stream stream, IEnumerable<CellProbability> probabilities, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(probabilities);
        using CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
        foreach (string name in (string[])["row", "column", "level", "p"]) writer.WriteField(name);
        writer.EndRecord();
        int count = 0;
        foreach (CellProbability cell in probabilities)
        {
            if ((count++ & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            writer.WriteField(cell.Row, default);
            writer.WriteField(cell.Column);
            writer.WriteField(cell.Level);
            writer.WriteField(cell.Probability, default);
            writer.EndRecord();
        }
        writer.Flush();
    }
}
