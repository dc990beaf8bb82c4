using System.Text;

namespace Imputation.Files.Csv;

/// <summary>How the numbers of a column are written besides their digits: $1,200 or 16 %.</summary>
/// <param name="Prefix">What is before the digits, such as a currency sign, blanks included.</param>
/// <param name="Suffix">What follows them, such as a percent sign, blanks included.</param>
/// <param name="Group">The thousands separator; empty where there is none.</param>
internal sealed record CsvNumberStyle(string Prefix, string Suffix, string Group)
{
    /// <summary>The sign that the numbers have; empty where they have none.</summary>
    public string Sign => (Prefix + Suffix).Trim();

    /// <summary>Whether two cells have the same signs, whatever the blanks between them and the digits.</summary>
    public bool HasSignsOf(CsvNumberStyle other) => Prefix.Trim() == other.Prefix.Trim() && Suffix.Trim() == other.Suffix.Trim();

    /// <summary>A number in this style.</summary>
    public byte[] Format(double value, bool whole, bool decimalComma, Encoding encoding)
    {
        Span<byte> buffer = stackalloc byte[CsvNumber.MaxLength];
        string digits = Encoding.ASCII.GetString(CsvNumber.Format(value, whole, decimalComma, buffer));
        var text = new StringBuilder();
        int start = digits[0] == '-' ? 1 : 0;
        if (start == 1) text.Append('-');
        text.Append(Prefix);
        int end = digits.AsSpan(start).IndexOfAnyExceptInRange('0', '9') is >= 0 and var sign ? start + sign : digits.Length;
        bool grouped = Group.Length > 0 && !digits.Contains('E', StringComparison.Ordinal);
        for (int i = start; i < digits.Length; i++)
        {
            if (grouped && i > start && i < end && (end - i) % 3 == 0) text.Append(Group);
            text.Append(digits[i]);
        }
        return encoding.GetBytes(text.Append(Suffix).ToString());
    }
}
