using System.Text;

namespace Imputation.Files.Html;

/// <summary>Text of strangers made fit to be shown: what cannot be seen, or would turn the text around it, is shown as a mark.</summary>
internal static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with control characters as pictures of them, and with a replacement mark for what XML has no place for and for
    /// the marks that override the direction of writing. Line breaks stay.</summary>
    public static string Of(string text)
    {
        int first = FirstUnfit(text);
        if (first < 0) return text;
        var fit = new StringBuilder(text, 0, first, text.Length + 8);
        for (int i = first; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) fit.Append(c).Append(text[++i]);
            else fit.Append(Fit(c));
        }
        return fit.ToString();
    }

    /// <summary>A name cut to a length with an ellipsis; never through a pair of surrogates or before a combining mark.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        int end = Math.Max(1, length - 1);
        while (end > 1 && (char.IsLowSurrogate(text[end]) || IsCombining(text[end]))) end--;
        return $"{text.AsSpan(0, end).TrimEnd()}…";
    }

    private static int FirstUnfit(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]) || Fit(text[i]) != text[i]) return i;
        return -1;
    }

    private static char Fit(char c) => c switch
    {
        '\n' => c,
        < ' ' => (char)('\u2400' + c), // the picture of the control character
        '\u007F' => '\u2421',
        >= '\u0080' and <= '\u009F' => Replacement,
        >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' => Replacement,
        '\uFFFE' or '\uFFFF' => Replacement,
        _ => char.IsSurrogate(c) ? Replacement : c,
    };

    private static bool IsCombining(char c) =>
        char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.EnclosingMark;
}
