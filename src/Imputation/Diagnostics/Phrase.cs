using System.Globalization;

namespace Imputation.Diagnostics;

/// <summary>Numbers and counts in the sentences of diagnostics, the same in every country.</summary>
internal static class Phrase
{
    /// <summary>12,345.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 row, 12,345 rows.</summary>
    public static string Count(long count, string noun, string? plural = null) => $"{Count(count)} {(count == 1 ? noun : plural ?? noun + "s")}";

    /// <summary>A number to some significant digits; a minus sign as typed.</summary>
    public static string Number(double value, int digits = 4) =>
        double.IsNaN(value) ? "unknown" : value.ToString("G" + digits, CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E+0", "e+").Replace('E', 'e');

    /// <summary>A number with so many decimals.</summary>
    public static string Fixed(double value, int decimals = 2) =>
        double.IsNaN(value) ? "unknown" : (Math.Round(value, decimals) + 0.0).ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>4.8 %; what is not quite nothing and not quite all never looks like it.</summary>
    public static string Percent(long part, long whole)
    {
        if (part == 0 || whole == 0) return "0 %";
        if (part == whole) return "100 %";
        double share = 100.0 * part / whole;
        return share < 0.05 ? "<0.1 %" : share >= 99.95 ? ">99.9 %" : share.ToString("0.0", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>Parts of a sentence joined, as many as are worth reading: a; b and 3 more.</summary>
    public static string List<T>(IReadOnlyCollection<T> parts, int most, Func<T, string> text, string separator = "; ") =>
        string.Join(separator, parts.Take(most).Select(text)) + (parts.Count > most ? $" and {Count(parts.Count - most)} more" : "");
}
