using CsvHelper;

namespace Imputation.Files.Csv;

/// <summary>The first record of a CSV file as column names.</summary>
internal static class CsvHeader
{
    /// <summary>The names, without surrounding blanks; none empty, no two alike.</summary>
    public static string[] Read(CsvRecords records, CsvDialect dialect, string name)
    {
        CsvReader reader = records.Reader;
        var names = new string[records.Width];
        var positions = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
        for (int j = 0; j < names.Length; j++)
        {
            names[j] = dialect.Text.GetString(reader.GetSpan(j)).Trim();
            if (names[j].Length == 0)
                throw new ImputationDataException(
                    $"{name}: column {j + 1} of {names.Length} has no name in the header. Give it one"
                    + (Numeric(records, dialect) ? "; if the first line contains data, add a header line above it." : j == 0
                        ? "; if it contains the row names that R writes, name it 'id' or write the file with row.names = FALSE."
                        : j == names.Length - 1 ? ", or remove the delimiter at the end of the lines." : "."));
            if (!positions.TryAdd(names[j], j))
                throw new ImputationDataException(
                    $"{name}: columns {positions[names[j]] + 1} and {j + 1} are both named '{names[j]}' in the header; give every column "
                        + "a unique name"
                    + (Numeric(records, dialect) ? ", or, if the first line contains data, add a header line above it." : "."), names[j]);
        }
        return names;
    }

    /// <summary>Whether the header consists of numbers only; it is then probably not a header.</summary>
    private static bool Numeric(CsvRecords records, CsvDialect dialect)
    {
        for (int j = 0; j < records.Width; j++)
            if (records.Reader.GetSpan(j) is { IsEmpty: false } text && !CsvNumber.TryParse(text, dialect.DecimalComma, out _))
                return false;
        return true;
    }
}
