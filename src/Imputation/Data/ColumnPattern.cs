using System.Globalization;

namespace Imputation.Data;

/// <summary>Several columns named at once: <c>q*</c>, <c>q?</c>, or a range <c>A1-A5</c>.</summary>
/// <remarks>An exact name always wins. A range goes from one column to another in the order of the file, or, where an end is not a
/// column, over the numbers at the ends of names that are otherwise equal.</remarks>
internal static class ColumnPattern
{
    /// <summary>Whether a text may name more than one column.</summary>
    public static bool Is(string text) => text.AsSpan().ContainsAny('*', '?') || text.AsSpan(1 < text.Length ? 1 : 0).Contains('-');

    /// <summary>The columns that a text names, in the order of the file; none where it names none.</summary>
    /// <param name="text">A name, a pattern or a range.</param>
    /// <param name="names">The columns' names, in the order of the file.</param>
    public static IReadOnlyList<string> Match(string text, IReadOnlyList<string> names)
    {
        if (names.Contains(text)) return [text];
        text = text.Trim();
        if (names.Contains(text)) return [text];
        if (text.AsSpan().ContainsAny('*', '?')) return [.. names.Where(name => Matches(text, name))];
        for (int dash = text.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = text.IndexOf('-', dash + 1))
            if (Range(text[..dash].Trim(), text[(dash + 1)..].Trim(), names) is { Count: > 0 } range) return range;
        return [];
    }

    private static IReadOnlyList<string> Range(string from, string to, IReadOnlyList<string> names)
    {
        if (from.Length == 0 || to.Length == 0) return [];
        int first = IndexOf(names, from), last = IndexOf(names, to);
        if (first >= 0 && last >= 0)
            return [.. names.Skip(Math.Min(first, last)).Take(Math.Abs(last - first) + 1)];
        (string prefix, long low) = Numbered(from);
        (string other, long high) = Numbered(to);
        if (low < 0 || high < 0 || (other != prefix && other.Length > 0)) return [];
        return [.. names.Where(name => Numbered(name) is var (start, number) && start == prefix && number >= low && number <= high)];
    }

    /// <summary>A name as what comes before the digits at its end, and their number; −1 where there are none.</summary>
    private static (string Prefix, long Number) Numbered(string name)
    {
        int end = name.Length;
        while (end > 0 && char.IsAsciiDigit(name[end - 1])) end--;
        return long.TryParse(name.AsSpan(end), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? (name[..end], number) : (name, -1);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int j = 0; j < names.Count; j++)
            if (names[j] == name) return j;
        return -1;
    }

    /// <summary>Whether a name fits a pattern in which * is any text and ? any one character.</summary>
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || (pattern[p] != '*' && pattern[p] == name[n])))
            {
                p++;
                n++;
            }
            else if (p < pattern.Length && pattern[p] == '*') (star, resume) = (p++, n);
            else if (star >= 0) (p, n) = (star + 1, ++resume);
            else return false;
        }
        while (p < pattern.Length && pattern[p] == '*') p++;
        return p == pattern.Length;
    }
}
