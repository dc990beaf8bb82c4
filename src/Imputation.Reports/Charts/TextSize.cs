using System.Globalization;
using Imputation.Text;

namespace Imputation.Reports.Charts;

/// <summary>About how wide text is in the sans-serif fonts that systems have; rather too wide than too narrow. Exact widths are known to
/// browsers only.</summary>
internal static class TextSize
{
    /// <summary>Width in the unit of the font's size.</summary>
    public static double Width(string text, double size)
    {
        double width = 0;
        foreach (char c in text) width += Width(c);
        return width * size;
    }

    /// <summary>A text cut so that it fits into a width.</summary>
    public static string Fitted(string text, double size, double width)
    {
        if (Width(text, size) <= width) return text;
        int length = text.Length - 1;
        double rest = Width(text, size) + size;
        while (length > 1 && rest > width) rest -= Width(text[length--]) * size;
        return TextFormat.Cut(text, length + 1);
    }

    private static double Width(char c) => c switch
    {
        'i' or 'l' or 'j' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.32,
        'f' or 't' or 'r' or ' ' or '-' or '(' or ')' or '[' or ']' or 'I' or '\u202F' => 0.40,
        'm' or 'w' or 'M' or 'W' or '@' or '%' or '…' or '\uFFFD' => 0.97,
        '<' or '>' or '=' or '+' or '~' or '#' or '&' or '×' or '\u2212' => 0.84,
        >= 'A' and <= 'Z' => 0.70,
        >= '0' and <= '9' => 0.62,
        < '\u0300' => 0.62,
        >= '\u1100' and <= '\u11FF' or >= '\u2E80' and <= '\uD7FF' or >= '\uF900' and <= '\uFAFF' or >= '\uFF00' and <= '\uFFEF' => 1.05,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
            : 0.65,
    };
}
