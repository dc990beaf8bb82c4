namespace Imputation.Files.Csv;

/// <summary>Consecutive rows of the file; the first piece also has the header.</summary>
/// <param name="Start">Where the first begins; 0 for those below the header.</param>
/// <param name="Length">Bytes to the beginning of the next piece.</param>
/// <param name="FirstRow">Row of the first record in the table, from 0.</param>
/// <param name="RowCount">Number of rows.</param>
internal sealed record CsvPiece(long Start, int Length, int FirstRow, int RowCount)
{
    /// <summary>Number of rows of the file before those of the table, where the table is a batch of its rows.</summary>
    public int RowsBefore { get; init; }
}
