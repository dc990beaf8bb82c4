namespace Imputation.Files;

/// <summary>A file that has some of the rows of a table.</summary>
/// <param name="Path">The file.</param>
/// <param name="Keys">Columns that its folders name, such as <c>date=2026-01-01</c>, and their value in all its rows.</param>
public sealed record TablePart(string Path, IReadOnlyList<KeyValuePair<string, string>> Keys);
