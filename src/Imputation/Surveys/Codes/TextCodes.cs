using System.Globalization;

namespace Imputation.Surveys.Codes;

/// <summary>Numbers used as codes among words: 99 or −9 in a column in which nothing else is a number.</summary>
internal static class TextCodes
{
    private static readonly HashSet<string> s_codes = ["99", "999", "9999", "-1", "-8", "-9", "-88", "-99", "-888", "-999", "-9999"];

    /// <summary>The codes of a column, the most frequent first; none where other cells are numbers too, or a code occurs once.</summary>
    public static IReadOnlyList<SuspiciousCode> Of(TextColumn column)
    {
        var counts = new Dictionary<string, int>();
        int words = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (column[row] is not { } text) continue;
            text = text.Trim();
            if (s_codes.Contains(text)) counts[text] = counts.GetValueOrDefault(text) + 1;
            else if (text.Length > 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return [];
            else words++;
        }
        return words < 10 ? [] : [.. counts.Where(c => c.Value >= 2).OrderByDescending(c => c.Value).ThenBy(c => c.Key,
            StringComparer.Ordinal).Select(c => new SuspiciousCode(double.NaN, c.Key, c.Value, double.NaN))];
    }
}
