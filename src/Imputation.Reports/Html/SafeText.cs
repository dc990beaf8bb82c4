using System.Text;

namespace Imputation.Reports.Html;

/// <summary>Makes text from data safe to display: invisible characters and direction overrides are shown as marks.</summary>
internal static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with control characters as pictures of them, and with a replacement mark for characters that XML does not
    /// allow and for marks that override the writing direction. Line breaks stay.</summary>
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
}
