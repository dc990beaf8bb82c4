namespace Imputation.Diagnostics;

/// <summary>A bar for each category, such as the missing share of each column.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="ValueLabel">What the length of a bar is.</param>
/// <param name="Categories">Names of the bars.</param>
/// <param name="Values">Their lengths, as many; not negative.</param>
public sealed record BarChart(string Title, string ValueLabel, IReadOnlyList<string> Categories, IReadOnlyList<double> Values)
    : Chart(Title)
{
    /// <summary>How the values are to be shown.</summary>
    public CellFormat Format { get; init; } = CellFormat.Number;
}
