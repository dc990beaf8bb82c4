namespace Imputation.Diagnostics;

/// <summary>A row of a map of patterns.</summary>
/// <param name="Observed">One character per column: 1 observed, 0 missing.</param>
/// <param name="RowCount">Number of rows with the pattern.</param>
public sealed record PatternRow(string Observed, int RowCount);

/// <summary>The missingness map: columns across, patterns down, as high or wide as they have rows.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Patterns">The patterns, those with the most rows first.</param>
/// <param name="LeftOutPatterns">Patterns that are not shown.</param>
/// <param name="LeftOutRows">Their rows.</param>
public sealed record PatternMap(string Title, IReadOnlyList<string> Columns, IReadOnlyList<PatternRow> Patterns, int LeftOutPatterns = 0,
    int LeftOutRows = 0) : Chart(Title);
