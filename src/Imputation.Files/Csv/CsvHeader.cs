using CsvHelper;
using Imputation.Text;

namespace Imputation.Files.Csv;

/// <summary>The names of a CSV file's columns, from its first record or made up.</summary>
/// <param name="Names">The names, without surrounding blanks; none empty, no two alike. Unnamed columns at the end have none.</param>
/// <param name="Findings">Findings about them.</param>
internal sealed record CsvHeader(string[] Names, IReadOnlyList<Finding> Findings)
{
    /// <summary>Reads them from the current record.</summary>
    /// <param name="records">The records, at the first.</param>
    /// <param name="dialect">How the file is written.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="least">Number of columns that have a name in any case; unnamed ones beyond it at the end are left out.</param>
    /// <param name="lenient">Whether a second column of a name gets another.</param>
    /// <exception cref="ImputationDataException">Two columns have the same name.</exception>
    public static CsvHeader Read(CsvRecords records, CsvDialect dialect, string name, int least, bool lenient)
    {
        if (!dialect.Layout.HasNames) return new CsvHeader([.. Enumerable.Range(0, records.Width).Select(MadeUp)], []);
        CsvReader reader = records.Reader;
        string[] given = [.. Enumerable.Range(0, records.Width).Select(j => dialect.Text.GetString(reader.GetSpan(j)).Trim())];
        var names = new string[Math.Max(Math.Max(1, least), Array.FindLastIndex(given, text => text.Length > 0) + 1)];
        var positions = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
        var findings = new List<Finding>();
        for (int j = 0; j < names.Length; j++)
        {
            names[j] = given[j];
            if (names[j].Length == 0)
            {
                // The names of rows, as R and pandas write them, are first and have none.
                names[j] = Free(j == 0 ? "row" : MadeUp(j), given, positions);
                findings.Add(new Finding(FindingSeverity.Note, "unnamed-column",
                    $"Column {j + 1} has no name in the header; it is called '{names[j]}'.", [names[j]]));
            }
            if (positions.TryAdd(names[j], j)) continue;
            string twice = $"columns {positions[names[j]] + 1} and {j + 1} are both named '{names[j]}' in the header; give every column a "
                + $"unique name{(IsNumeric(given, dialect) ? ", or, if the first line is a row, use --no-header." : ".")}";
            if (!lenient) throw new ImputationDataException($"{name}: {twice}", names[j]);
            string other = Free($"{names[j]} (column {j + 1})", given, positions);
            findings.Add(new Finding(FindingSeverity.Problem, "column-named-twice",
                $"{char.ToUpperInvariant(twice[0])}{twice[1..].TrimEnd('.')}. Here the second is called '{other}'.", [names[j], other]));
            positions.Add(names[j] = other, j);
        }
        return new CsvHeader(names, findings);
    }

    private static string MadeUp(int column) => $"column{TextFormat.Exact(column + 1)}";

    private static string Free(string name, string[] given, Dictionary<string, int> taken)
    {
        string free = name;
        for (int k = 2; given.Contains(free) || taken.ContainsKey(free); k++) free = $"{name}.{TextFormat.Exact(k)}";
        return free;
    }

    /// <summary>Whether the header consists of numbers only; it is then probably not a header.</summary>
    private static bool IsNumeric(string[] names, CsvDialect dialect) =>
        names.All(name => name.Length == 0 || CsvNumber.TryParse(name, dialect.DecimalComma, out _));
}
