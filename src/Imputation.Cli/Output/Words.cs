using System.Globalization;

namespace Imputation.Cli.Output;

/// <summary>Numbers, counts and names in sentences, the same in every country.</summary>
internal static class Words
{
    /// <summary>12,345.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 cell, 12,345 cells.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A number to so many significant digits.</summary>
    public static string Number(double value, int digits = 6) =>
        double.IsNaN(value) ? "unknown" : value.ToString("G" + digits, CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E+0", "e+").Replace('E', 'e');

    /// <summary>A number with so many decimals.</summary>
    public static string Fixed(double value, int decimals) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>0.93 %; what is not quite nothing and not quite all never looks like it.</summary>
    public static string Percent(long part, long whole)
    {
        if (whole == 0) return "0 %";
        double share = 100.0 * part / whole;
        if (part > 0 && share < 0.01) return "< 0.01 %";
        if (part < whole && share > 99.99) return "> 99.99 %";
        return share.ToString(share is > 0 and < 10 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>a, b, c and 20 more.</summary>
    public static string List(IReadOnlyList<string> items, int most = 60) =>
        items.Count <= most + 1 ? string.Join(", ", items) : $"{string.Join(", ", items.Take(most))} and {items.Count - most} more";

    /// <summary>A name or text as one line: what would move the cursor or break the line is shown as a blank.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
