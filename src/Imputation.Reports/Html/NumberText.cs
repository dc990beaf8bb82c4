using System.Globalization;
using Imputation.Diagnostics;

namespace Imputation.Reports.Html;

/// <summary>Numbers as a printed report has them: a true minus, commas between thousands, powers of ten.</summary>
internal static class NumberText
{
    private const string ThinSpace = "\u202F";
    private const string Minus = "\u2212";

    /// <summary>Numbers with more decimals are hard to compare by eye.</summary>
    private const int MostDecimals = 5;

    /// <summary>Most digits of a number of a column with common decimals, before and after the point together.</summary>
    private const int MostDigits = 8;

    /// <summary>A cell of a table or the value of a bar.</summary>
    public static string Of(object? value, CellFormat format) => value switch
    {
        null => "",
        string text => text,
        bool yes => yes ? "yes" : "no",
        double number => Of(number, format),
        float number => Of(number, format),
        decimal number => Of((double)number, format),
        int or long or short or byte => Whole(Convert.ToInt64(value, CultureInfo.InvariantCulture), format),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Of(double value, CellFormat format)
    {
        if (!double.IsFinite(value)) return NotFinite(value);
        return format switch
        {
            CellFormat.Count => Fixed(value, 0, isCount: true),
            CellFormat.Share => Share(value),
            CellFormat.PValue => PValue(value),
            _ => Significant(value, 4),
        };
    }

    /// <summary>With a number of decimals.</summary>
    public static string Fixed(double value, int decimals, bool isCount = false)
    {
        string digits = Math.Abs(value).ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        bool zero = digits.AsSpan().IndexOfAnyExcept('0', '.') < 0;
        return (value < 0 && !zero ? Minus : "") + Grouped(digits, isCount);
    }

    /// <summary>With a number of significant digits; powers of ten where zeros would have to be counted.</summary>
    public static string Significant(double value, int digits)
    {
        if (value == 0) return "0";
        if (!double.IsFinite(value)) return NotFinite(value);
        int exponent = Exponent(value, digits);
        if (exponent is > 6 or < -4) return Scientific(value, digits);
        string plain = Fixed(value, Math.Max(0, digits - 1 - exponent));
        return plain.Contains('.') ? plain.TrimEnd('0').TrimEnd('.') : plain;
    }

    /// <summary>Such as 3.1 × 10⁻⁷.</summary>
    public static string Scientific(double value, int digits)
    {
        string text = Math.Abs(value).ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int e = text.IndexOf('E');
        string mantissa = text[..e];
        if (mantissa.Contains('.')) mantissa = mantissa.TrimEnd('0').TrimEnd('.');
        string power = PowerOfTen(int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        return (value < 0 ? Minus : "") + (mantissa == "1" ? power : $"{mantissa}{ThinSpace}×{ThinSpace}{power}");
    }

    /// <summary>Common number of decimals of the numbers in a table column: as many as the one that needs most for three
    /// significant digits; −1 where they differ too much for that and each number needs its own number of decimals.</summary>
    public static int CommonDecimals(IEnumerable<double> values)
    {
        double most = 0;
        int decimals = 0;
        foreach (double value in values)
        {
            if (!double.IsFinite(value) || value == 0) continue;
            most = Math.Max(most, Math.Abs(value));
            decimals = Math.Max(decimals, NeededDecimals(value));
        }
        if (most == 0) return 0;
        int digitsBeforePoint = 1 + Math.Max(0, Exponent(most, 3));
        return digitsBeforePoint > MostDigits - 1 || decimals > MostDecimals || digitsBeforePoint + decimals > MostDigits ? -1 : decimals;
    }

    /// <summary>Decimals that show three significant digits of a number, or all of its digits where it has fewer.</summary>
    private static int NeededDecimals(double value)
    {
        int enough = 2 - Exponent(value, 3);
        if (enough > MostDecimals) return enough;
        int decimals = 0;
        while (decimals < enough && Math.Round(value, decimals) != value) decimals++;
        return decimals;
    }

    private static string NotFinite(double value) => double.IsNaN(value) ? "" : value > 0 ? "∞" : Minus + "∞";

    private static string Whole(long value, CellFormat format) =>
        format is CellFormat.Share or CellFormat.PValue ? Of((double)value, format)
        : (value < 0 ? Minus : "") + Grouped(value.ToString(CultureInfo.InvariantCulture).TrimStart('-'), format == CellFormat.Count);

    private static string Share(double value)
    {
        if (value is 0 or 1) return $"{Fixed(100 * value, 0)}{ThinSpace}%"; // none and all, not about
        if (value is > 0 and < 0.0005) return $"<{ThinSpace}0.1{ThinSpace}%";
        if (value is > 0.9995 and < 1) return $">{ThinSpace}99.9{ThinSpace}%";
        return Fixed(100 * value, 1) + ThinSpace + "%";
    }

    private static string PValue(double value) => value switch
    {
        0 => $"<{ThinSpace}{PowerOfTen(-300)}",
        < 0.001 and > 0 => Scientific(value, 2),
        > 0.999 and < 1 => $">{ThinSpace}0.999",
        _ => Fixed(value, 3),
    };

    /// <summary>Power of ten of the first digit, after rounding.</summary>
    private static int Exponent(double value, int digits)
    {
        string text = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return int.Parse(text.AsSpan(text.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    private static string PowerOfTen(int exponent) => "10" + string.Concat(exponent.ToString(CultureInfo.InvariantCulture)
        .Select(c => c switch
    {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        _ => (char)('⁰' + (c - '0')),
    }));

    /// <summary>Commas between thousands. Numbers of four digits, which may be years, get one only where they are counts.</summary>
    private static string Grouped(string digits, bool isCount = false)
    {
        int whole = digits.IndexOf('.') is >= 0 and var point ? point : digits.Length;
        if (whole <= 4 && !isCount) return digits;
        for (int i = whole - 3; i > 0; i -= 3) digits = digits.Insert(i, ",");
        return digits;
    }
}
