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
        double.IsNaN(value) ? "unknown" : value.ToString("G" + digits, CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E+0",
            "e+").Replace('E', 'e');

    /// <summary>A number with so many decimals.</summary>
    public static string Fixed(double value, int decimals) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>A number to so many significant digits, trailing zeros kept, so that a column of them lines up.</summary>
    public static string Aligned(double value, int digits)
    {
        double magnitude = Math.Abs(value);
        if (magnitude is not 0 and (< 1e-4 or >= 1e9)) return Number(value, digits);
        int decimals = magnitude == 0 ? digits - 1 : digits - 1 - (int)Math.Floor(Math.Log10(magnitude));
        return Fixed(value, Math.Clamp(decimals, 0, 9));
    }

    /// <summary>0.9; what is not quite nothing and not quite all never looks like it.</summary>
    public static string Percent(long part, long whole) => whole == 0 ? "0" : Percent((double)part / whole);

    /// <summary>The same of a share between 0 and 1.</summary>
    public static string Percent(double share)
    {
        double percent = 100 * share;
        if (percent is > 0 and < 0.05) return "<0.1";
        if (percent is < 100 and >= 99.95) return ">99.9";
        return percent.ToString(percent == 0 ? "0" : "0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>0.034, 1.2e-5; a p value to two digits.</summary>
    public static string Probability(double p) => p == 0 ? "<1e-300" : p is > 0 and < 1e-4 ? Number(p, 2) : p is >= 0.9995 and < 1
        ? ">0.999" : p.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A name with its count, which a line break does not part.</summary>
    public static string Pair(string name, long count) => $"{Name(name)}\u00A0{Count(count)}";

    /// <summary>A name in a list: in quotes where a blank or comma in it could be taken for the list's own.</summary>
    public static string Name(string name) => name.AsSpan().IndexOfAny(' ', ',') < 0 ? name : $"'{name}'";

    /// <summary>Names, as many as are worth reading.</summary>
    public static string Names(IEnumerable<string> names, int most = 40) => List([.. names.Select(Name)], most);

    /// <summary>a, b, c and 20 more.</summary>
    public static string List(IReadOnlyList<string> items, int most = 40) =>
        items.Count <= most + 1 ? string.Join(", ", items) : $"{string.Join(", ", items.Take(most))} and {Count(items.Count - most)} more";

    /// <summary>A name that a table has room for; the start of it where it is as long as a sentence.</summary>
    public static string Short(string name, int most = 32) => name.Length <= most ? name : name[..(most - 1)] + "\u2026";

    /// <summary>The name of a number in words: columnsWithMissing is Columns with missing.</summary>
    public static string Spoken(string name)
    {
        string words = string.Concat(name.Select((c, i) => c is '-' or '_' ? " " : char.IsUpper(c) && i > 0 && !char.IsUpper(name[i - 1])
            ? " " + char.ToLowerInvariant(c) : c.ToString()));
        return words.Length == 0 ? "" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>A name or text as one line: what would move the cursor or break the line is shown as a blank.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
