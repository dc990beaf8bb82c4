namespace Imputation.Files.Csv;

/// <summary>What a column read as numbers is.</summary>
/// <param name="Column">The column; null where it is text and has to be read again as such.</param>
internal sealed record CsvColumnResult(NumericColumn? Column)
{
    public static CsvColumnResult Text { get; } = new((NumericColumn?)null);

    /// <summary>How its numbers are written besides their digits; null where there is nothing to it.</summary>
    public CsvNumberStyle? Style { get; init; }

    /// <summary>Something that the user should know.</summary>
    public Finding? Finding { get; init; }

    /// <summary>Its cells that are no numbers, for a column of text.</summary>
    public NonNumericCells? Texts { get; init; }

    /// <summary>Why the column is refused; null where it is not.</summary>
    public CsvColumnProblem? Problem { get; init; }
}
