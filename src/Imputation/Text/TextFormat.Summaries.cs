using System.Globalization;
using System.Text;

namespace Imputation.Text;

/// <summary>Numbers, names and lists in the lines and tables of summaries, where there is less room than in a sentence.</summary>
internal static partial class TextFormat
{
    /// <summary>A number to some significant digits, in powers of ten where it has more before the point: 0.333333, 1.23457e+6.</summary>
    public static string Compact(double value, int digits = 6) =>
        double.IsNaN(value) ? "unknown" : value.ToString("G" + digits, CultureInfo.InvariantCulture).Replace("E-0", "e-").Replace("E+0",
            "e+").Replace('E', 'e');

    /// <summary>A number to some significant digits, trailing zeros kept, so that a column of them lines up.</summary>
    public static string Aligned(double value, int digits)
    {
        double magnitude = Math.Abs(value);
        if (magnitude is not 0 and (< 1e-4 or >= 1e9)) return Compact(value, digits);
        int decimals = magnitude == 0 ? digits - 1 : digits - 1 - (int)Math.Floor(Math.Log10(magnitude));
        return Fixed(value, Math.Clamp(decimals, 0, 9));
    }

    /// <summary>0.034, 1.2e-5: a p-value to four decimals, or to two digits where it is smaller.</summary>
    public static string Probability(double p) => p == 0 ? "<1e-300" : p is > 0 and < 1e-4 ? Compact(p, 2) : p is >= 0.9995 and < 1
        ? ">0.999" : p.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A name with its count, joined by a space that no line break parts.</summary>
    public static string NameAndCount(string name, long count) => $"{Name(name)}\u00A0{Count(count)}";

    /// <summary>A name in a list without quotes: in quotes where a blank or comma in it could be taken for the list's own.</summary>
    public static string Name(string name) => name.AsSpan().IndexOfAny(' ', ',') < 0 ? name : $"'{name}'";

    /// <summary>Names without quotes, as many as are worth reading.</summary>
    public static string NameList(IEnumerable<string> names, int most = 40) => List([.. names.Select(Name)], most);

    /// <summary>a, b, c and 20 more; never "and 1 more", which takes as much room as the item itself.</summary>
    public static string List(IReadOnlyList<string> items, int most = 40) =>
        items.Count <= most + 1 ? string.Join(", ", items) : $"{string.Join(", ", items.Take(most))} and {Count(items.Count - most)} more";

    /// <summary>A name cut to a length with an ellipsis; never through a pair of surrogates or before a combining mark.</summary>
    public static string Cut(string text, int length = 32)
    {
        if (text.Length <= length) return text;
        int end = Math.Max(1, length - 1);
        while (end > 1 && (char.IsLowSurrogate(text[end]) || IsCombining(text[end]))) end--;
        return $"{text.AsSpan(0, end).TrimEnd()}\u2026";
    }

    /// <summary>An identifier as words: columnsWithMissing is Columns with missing, t-tests is T tests.</summary>
    public static string Spoken(string name)
    {
        string words = string.Concat(name.Select((c, i) => c is '-' or '_' ? " " : char.IsUpper(c) && i > 0 && !char.IsUpper(name[i - 1])
            ? " " + char.ToLowerInvariant(c) : c.ToString()));
        return words.Length == 0 ? "" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>A name or text as one line: characters that would move the cursor, break the line, hide text or change its order are
    /// shown by their numbers, as in \u001b.</summary>
    public static string Printable(string text) => Printable(text, keepLines: false);

    /// <summary>The same of several lines; their line feeds and tabs stay.</summary>
    public static string PrintableLines(string text) => Printable(text, keepLines: true);

    private static string Printable(string text, bool keepLines)
    {
        StringBuilder? shown = null;
        int done = 0;
        for (int i = 0, length; i < text.Length; i += length)
        {
            bool isWhole = Rune.TryGetRuneAt(text, i, out Rune rune);
            length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && (!IsUnseen(rune) || (keepLines && IsLayout(text, i)))) continue;
            int code = isWhole ? rune.Value : text[i];
            (shown ??= new StringBuilder()).Append(text, done, i - done).Append(CultureInfo.InvariantCulture,
                $"{(code > 0xFFFF ? $"\\U{code:x8}" : $"\\u{code:x4}")}");
            done = i + length;
        }
        return shown is null ? text : shown.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Control and format characters (C0, DEL, C1, bidirectional and zero-width ones) and the separators of lines.</summary>
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsLayout(string text, int i) => text[i] is '\n' or '\t'
        || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n');

    private static bool IsCombining(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
}
