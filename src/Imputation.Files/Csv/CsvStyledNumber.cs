using System.Globalization;

namespace Imputation.Files.Csv;

/// <summary>Numbers with thousands separators, a percent sign or a currency sign.</summary>
internal static class CsvStyledNumber
{
    private const int Longest = 64;

    private const char EuroInWindows1252 = '\u0080';  // such bytes are read as Latin-1

    private static readonly CsvNumberStyle s_plain = new("", "", "");

    private static readonly string[] s_codes =
        ["EUR", "USD", "GBP", "JPY", "CHF", "CNY", "INR", "CAD", "AUD", "SEK", "NOK", "DKK", "kr", "zł"];

    /// <summary>Reads a number that has such a sign or separator; false where a text has none or is no number.</summary>
    /// <remarks>Every separator is followed by exactly three digits, all are the same, and the first digit is not a 0.</remarks>
    /// <param name="text">The cell without surrounding blanks.</param>
    /// <param name="decimalSign">Point or comma.</param>
    /// <param name="thousands">The only separator that counts; null for any that the decimal sign leaves.</param>
    /// <param name="value">The number without its sign: 16 for 16%.</param>
    /// <param name="style">How it is written.</param>
    /// <param name="certain">Whether the separator, if there is one, cannot be a decimal sign.</param>
    public static bool TryParse(ReadOnlySpan<char> text, char decimalSign, char? thousands, out double value, out CsvNumberStyle style,
        out bool certain)
    {
        (value, style, certain) = (double.NaN, s_plain, false);
        if (text.Length > Longest || !text.ContainsAnyInRange('0', '9')) return false;
        int i = 0;
        bool negative = TakeMinus(text, ref i);
        string prefix = TakeSign(text, ref i, after: false);
        if (!negative) negative = TakeMinus(text, ref i);
        Span<char> number = stackalloc char[Longest + 1];
        int length = 0, groups = 0;
        if (negative) number[length++] = '-';
        int first = i;
        while (i < text.Length && char.IsAsciiDigit(text[i])) number[length++] = text[i++];
        int digits = i - first;
        char group = '\0';
        while (digits is >= 1 and <= 3 && i + 3 < text.Length && IsSeparator(text[i], decimalSign, thousands)
            && (groups == 0 || text[i] == group) && AreDigits(text.Slice(i + 1, 3)))
        {
            if (text[first] == '0' || (i + 4 < text.Length && char.IsAsciiDigit(text[i + 4]))) return false;
            group = text[i];
            text.Slice(i + 1, 3).CopyTo(number[length..]);
            length += 3;
            i += 4;
            groups++;
        }
        bool decimals = digits > 0 && i + 1 < text.Length && text[i] == decimalSign && char.IsAsciiDigit(text[i + 1]);
        if (decimals)
        {
            number[length++] = '.';
            for (i++; i < text.Length && char.IsAsciiDigit(text[i]); i++) number[length++] = text[i];
        }
        string suffix = TakeSign(text, ref i, after: true);
        if (i < text.Length || digits == 0 || (prefix.Length > 0 && suffix.Length > 0)
            || (groups == 0 && prefix.Length == 0 && suffix.Length == 0)) return false;
        style = new CsvNumberStyle(prefix, suffix, groups == 0 ? "" : group.ToString());
        certain = groups != 1 || decimals || prefix.Length > 0 || suffix.Length > 0 || group is not (',' or '.');
        return double.TryParse(number[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private static bool IsSeparator(char c, char decimalSign, char? thousands) => thousands is { } one
        ? c == one || (one == ' ' && (c is '\u00A0' or '\u202F'))
        : c != decimalSign && (c is ',' or '.' or ' ' or '\'' or '\u00A0' or '\u202F' or '\u2019');

    private static bool AreDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool TakeMinus(ReadOnlySpan<char> text, ref int i)
    {
        if (i >= text.Length || text[i] is not ('-' or '\u2212')) return false;
        i++;
        return true;
    }

    /// <summary>A currency sign, such as $, US$, € or EUR, or behind the digits %; with the blanks between it and them.</summary>
    private static string TakeSign(ReadOnlySpan<char> text, ref int i, bool after)
    {
        int start = i, at = i;
        if (after)
            while (at < text.Length && IsBlank(text[at])) at++;
        int sign = at, letters = at;
        while (letters < text.Length && letters - at < 2 && char.IsAsciiLetterUpper(text[letters])) letters++;
        if (letters < text.Length && IsCurrency(text[letters])) at = letters + 1;
        else if (after && at < text.Length && text[at] == '%') at++;
        else at += CodeLength(text[at..]);
        if (at == sign) return "";
        if (!after)
            while (at < text.Length && IsBlank(text[at])) at++;
        i = at;
        return text[start..at].ToString();
    }

    private static bool IsCurrency(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.CurrencySymbol || c == EuroInWindows1252;

    private static int CodeLength(ReadOnlySpan<char> text)
    {
        foreach (string code in s_codes)
            if (text.StartsWith(code, StringComparison.Ordinal)) return code.Length;
        return 0;
    }

    private static bool IsBlank(char c) => c is ' ' or '\u00A0' or '\u202F';
}
