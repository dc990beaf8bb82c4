namespace Imputation.Diagnostics;

/// <summary>A matrix of numbers as shades, such as the correlations of missingness.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="ValueLabel">What the numbers are.</param>
/// <param name="Rows">Names of the rows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Values">The numbers, rows × columns; NaN for an empty cell.</param>
/// <param name="Minimum">The number of the one end of the scale.</param>
/// <param name="Maximum">The number of the other. Where the scale begins below 0, 0 is its neutral middle.</param>
public sealed record HeatMap(string Title, string ValueLabel, IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, double[,] Values,
    double Minimum, double Maximum) : Chart(Title);
