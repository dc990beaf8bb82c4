namespace Imputation.Files.Csv;

/// <summary>Where the names and the rows of a file are.</summary>
/// <param name="Start">Position of the names, or of the first row where there are none: after a byte order mark, a line such as sep=;
/// and all lines above the table.</param>
/// <param name="LinesAbove">Number of those lines.</param>
/// <param name="HasNames">Whether the first record has the names of the columns.</param>
/// <param name="RecordsBelow">Number of header records below the names that are no rows, such as question texts.</param>
internal sealed record CsvLayout(int Start, int LinesAbove, bool HasNames = true, int RecordsBelow = 0)
{
    /// <summary>Number of lines before the first row, where every line is a record.</summary>
    public int HeadLines => LinesAbove + (HasNames ? 1 : 0) + RecordsBelow;
}
