namespace Imputation.Surveys.Roles;

/// <summary>Rows that belong together by a key, such as the people of a household or the visits of a patient.</summary>
/// <param name="Key">The column of the key.</param>
/// <param name="Of">The group of each row, from 0; −1 of a row without a key.</param>
/// <param name="Count">Number of groups.</param>
/// <param name="Constant">Columns that have one value within each group.</param>
/// <param name="Evidence">What shows it, as a sentence.</param>
internal sealed record RowGroups(string Key, int[] Of, int Count, IReadOnlyList<string> Constant, string Evidence);
