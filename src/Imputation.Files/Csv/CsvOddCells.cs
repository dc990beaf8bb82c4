namespace Imputation.Files.Csv;

/// <summary>The cells of a column that are not plain numbers, and what they may be: numbers with signs or separators, infinities, lists of
/// answers, numbers with another decimal mark, texts.</summary>
internal sealed class CsvOddCells
{
    private const int LongestList = 64;

    /// <summary>Texts, and styled numbers of another style than the first.</summary>
    public NonNumericCells Texts { get; } = new();

    public NonNumericCells Infinities { get; } = new();

    /// <summary>Numbers in <see cref="Style"/>.</summary>
    public NonNumericCells Styled { get; } = new();

    /// <summary>The style of the first styled number; null where there is none.</summary>
    public CsvNumberStyle? Style { get; private set; }

    /// <summary>The value of the first styled number.</summary>
    public double FirstStyled { get; private set; }

    /// <summary>Whether some styled numbers have other signs or another separator than the first.</summary>
    public bool StylesDiffer { get; private set; }

    /// <summary>Whether the thousands separator cannot be a decimal mark.</summary>
    public bool IsCertain { get; private set; }

    /// <summary>Number of cells with thousands separators.</summary>
    public int GroupedCount { get; private set; }

    /// <summary>Texts that are numbers where the comma is the decimal mark.</summary>
    public int DecimalCommaCount { get; private set; }

    /// <summary>Whether some of these are neither a list of answers nor a number with thousands separators: 12,5 or 3,05.</summary>
    public bool HasDecimalComma { get; private set; }

    /// <summary>Texts that may be the answers a person chose, such as 1,4 or 2;3;5: small whole numbers in ascending order.</summary>
    public int ListCount { get; private set; }

    /// <summary>Whether some of these have more than two answers.</summary>
    public bool HasLongList { get; private set; }

    /// <summary>The separator of the answers; 0 where it differs or there are none.</summary>
    public char ListSeparator { get; private set; }

    public int Count => Texts.Count + Infinities.Count + Styled.Count;

    /// <summary>Takes a number with signs or separators.</summary>
    public void AddStyled(int row, ReadOnlySpan<byte> text, double value, CsvNumberStyle style, bool certain)
    {
        Take(style, value, style.Group.Length > 0 ? 1 : 0, certain);
        Styled.Add(row, text);
    }

    /// <summary>Takes a text.</summary>
    public void AddText(int row, ReadOnlySpan<byte> text, CsvDialect dialect)
    {
        Texts.Add(row, text);
        if (text.Length > LongestList) return;
        Span<char> chars = stackalloc char[LongestList];
        chars = chars[..dialect.Text.GetChars(text, chars)];
        bool list = IsList(chars, out char separator, out int length);
        if (list)
        {
            ListSeparator = ListCount++ == 0 || ListSeparator == separator ? separator : '\0';
            HasLongList |= length > 2;
        }
        if (dialect.DecimalComma) return;
        bool plain = CsvNumber.TryParse(text, true, out _);
        if (!plain
            && !(CsvStyledNumber.TryParse(chars, ',', '.', out _, out _, out bool certain) && certain && chars.Contains(','))) return;
        DecimalCommaCount++;
        HasDecimalComma |= !plain || !list;
    }

    /// <summary>Takes over the cells of later rows.</summary>
    public void Append(CsvOddCells next)
    {
        Texts.Append(next.Texts);
        Infinities.Append(next.Infinities);
        if (next.Style is not null) Take(next.Style, next.FirstStyled, next.GroupedCount, next.IsCertain);
        Styled.Append(next.Styled);
        StylesDiffer |= next.StylesDiffer;
        DecimalCommaCount += next.DecimalCommaCount;
        HasDecimalComma |= next.HasDecimalComma;
        if (next.ListCount > 0) ListSeparator = ListCount == 0 || ListSeparator == next.ListSeparator ? next.ListSeparator : '\0';
        ListCount += next.ListCount;
        HasLongList |= next.HasLongList;
    }

    private void Take(CsvNumberStyle style, double value, int grouped, bool certain)
    {
        GroupedCount += grouped;
        IsCertain |= certain && grouped > 0;
        if (Style is null)
        {
            (Style, FirstStyled) = (style, value);
            return;
        }
        StylesDiffer |= !Style.HasSignsOf(style) || (Style.Group.Length > 0 && style.Group.Length > 0 && Style.Group != style.Group);
        if (Style.Group.Length == 0) Style = Style with { Group = style.Group };
    }

    /// <summary>Whole numbers up to 99 in ascending order with the same separator between them.</summary>
    private static bool IsList(ReadOnlySpan<char> text, out char separator, out int length)
    {
        (separator, length) = ('\0', 0);
        int last = -1;
        for (int i = 0; i < text.Length;)
        {
            int start = i, number = 0;
            while (i < text.Length && char.IsAsciiDigit(text[i])) number = 10 * number + text[i++] - '0';
            if (i - start is 0 or > 2 || number <= last || (number > 0 && text[start] == '0') || (number == 0 && length == 0)) return false;
            (last, length) = (number, length + 1);
            if (i == text.Length) break;
            if (text[i] is not (',' or ';' or '|' or ' ') || (separator != '\0' && text[i] != separator)) return false;
            separator = text[i++];
            if (separator != ' ')
                while (i < text.Length && text[i] == ' ') i++;
            if (i == text.Length) return false;
        }
        return length > 1;
    }
}
