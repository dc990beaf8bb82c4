using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Imputation.Files.Csv;

/// <summary>Lexical form of a cell's text.</summary>
internal enum CsvShape
{
    /// <summary>Not a number.</summary>
    Text,

    /// <summary>Sign and digits.</summary>
    Whole,

    /// <summary>A number with a decimal sign or an exponent.</summary>
    Real,
}

/// <summary>Numbers as text: decimal point or comma, no thousands separators, independent of the culture.</summary>
internal static class CsvNumber
{
    /// <summary>Maximum number of bytes that <see cref="Format"/> writes.</summary>
    public const int MaxLength = 32;

    /// <summary>Whether a text has only characters that occur in numbers; the parser decides whether it is a number.</summary>
    /// <remarks>The parsers below take 1,000 for 1000 and "NaN" for a number; this keeps both from them.</remarks>
    public static CsvShape ShapeOf(ReadOnlySpan<byte> text, byte decimalSign)
    {
        bool real = false, digit = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte c = text[i];
            if (char.IsAsciiDigit((char)c)) digit = true;
            else if (c == decimalSign || (digit && c is (byte)'e' or (byte)'E')) real = true;
            else if (c is not ((byte)'-' or (byte)'+') || (i > 0 && !real)) return CsvShape.Text;
        }
        return !digit ? CsvShape.Text : real ? CsvShape.Real : CsvShape.Whole;
    }

    /// <summary>Reads plain numbers: a sign, and a decimal sign among few enough digits. False means only that the text is not
    /// plain.</summary>
    /// <remarks>Up to 2⁵³ the digits are exact as a double, and so is a power of ten up to 10²², so that their quotient is rounded once
    /// (Clinger 1990). Most cells are such numbers, and this reads them in a third of the time that a parser for all numbers
    /// takes.</remarks>
    public static bool TryParsePlain(ReadOnlySpan<byte> text, byte decimalSign, out double value, out CsvShape shape)
    {
        if (text.Length is >= 4 and <= 8 && TryParseWord(text, decimalSign, out value, out shape)) return true;

        const int mostDigits = 18, longest = 20;
        value = double.NaN;
        shape = CsvShape.Whole;
        bool signed = text.Length > 0 && text[0] is (byte)'-' or (byte)'+';
        if (text.Length > longest) return false;
        ulong digits = 0;
        int i = signed ? 1 : 0, count = -i;
        for (; i < text.Length && text[i] - (uint)'0' is <= 9 and var digit; i++) digits = 10 * digits + digit;
        count += i;
        int decimals = 0;
        if (i < text.Length && text[i] == decimalSign)
        {
            shape = CsvShape.Real;
            int first = ++i;
            for (; i < text.Length && text[i] - (uint)'0' is <= 9 and var digit; i++) digits = 10 * digits + digit;
            decimals = i - first;
            count += decimals;
        }
        if (i < text.Length || count is 0 or > mostDigits || digits > 1UL << 53) return false;
        value = digits / PowersOfTen[decimals];
        if (text[0] == '-') value = -value;
        return true;
    }

    /// <summary>The same for four to eight bytes, the length of most cells, all at once and almost without branches that a processor
    /// could mispredict.</summary>
    private static bool TryParseWord(ReadOnlySpan<byte> text, byte decimalSign, out double value, out CsvShape shape)
    {
        const ulong ones = 0x0101010101010101, highs = 0x8080808080808080;
        int count = text.Length;
        // The first byte is the lowest. A minus becomes a zero.
        ulong word = BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << (
            8 * (count - 4)));
        ulong minus = (byte)word == (byte)'-' ? 1u : 0u;
        word ^= minus * ('-' ^ '0');

        // The first byte that is the decimal sign becomes zero here; only bytes above it may be taken for zeros wrongly.
        ulong unlike = word ^ (ones * decimalSign), sign = (unlike - ones) & ~unlike & highs;
        int decimals = 0;
        shape = CsvShape.Whole;
        if (sign != 0)
        {
            shape = CsvShape.Real;
            int place = BitOperations.TrailingZeroCount(sign) / 8;
            ulong before = (1UL << (8 * place)) - 1;
            word = (word & before) | ((word >> 8) & ~before);
            count--;
            decimals = count - place;
        }

        // Leading zeros make it eight digits, which are combined to pairs, then fours, then one number.
        ulong digits = (word ^ (ones * '0')) << (8 * (8 - count));
        bool plain = (((digits + 0x7676767676767676) | digits) & highs) == 0;
        digits = ((digits * (1 + (10 << 8))) >> 8) & 0x00FF00FF00FF00FF;
        digits = ((digits * (1 + (100 << 16))) >> 16) & 0x0000FFFF0000FFFF;
        digits = (digits * (1 + (10000UL << 32))) >> 32;
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits((long)digits / PowersOfTen[decimals]) | (minus << 63));
        return plain;
    }

    private static ReadOnlySpan<double> PowersOfTen =>
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

    /// <summary>Exactly rounded; false where the text is not a number. A magnitude beyond all doubles gives an infinity.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, bool decimalComma, out double value)
    {
        if (ShapeOf(text, decimalComma ? (byte)',' : (byte)'.') == CsvShape.Text)
        {
            value = double.NaN;
            return false;
        }
        if (!decimalComma) return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        Span<byte> point = text.Length <= 64 ? stackalloc byte[64] : new byte[text.Length];
        point = point[..text.Length];
        text.Replace(point, (byte)',', (byte)'.');
        return double.TryParse(point, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The same for a text in a string.</summary>
    public static bool TryParse(string text, bool decimalComma, out double value) => TryParse(Encoding.UTF8.GetBytes(text), decimalComma,
        out value);

    /// <summary>The shortest text that reads back to the same number.</summary>
    public static ReadOnlySpan<byte> Format(double value, bool whole, bool decimalComma, Span<byte> buffer)
    {
        int length;
        if (whole) ((long)value).TryFormat(buffer, out length, default, CultureInfo.InvariantCulture);
        else if (!ShortestDecimal.TryFormat(value, buffer, out length))
            value.TryFormat(buffer, out length, "R", CultureInfo.InvariantCulture);
        if (decimalComma) buffer[..length].Replace((byte)'.', (byte)',');
        return buffer[..length];
    }
}
