using System.Globalization;

namespace Imputation.Data;

/// <summary>Whether a column holds dates: of a date type, or text in which every observed cell is one.</summary>
internal static class DateText
{
    private const int Tried = 1000;

    private static readonly string[] s_days =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy", "d.M.yy", "d/M/yy", "M/d/yy",
        "d-MMM-yyyy", "d MMM yyyy", "MMM d, yyyy", "d-MMM-yy",
    ];

    private static readonly string[] s_times = ["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt"];

    private static readonly string[] s_forms =
    [
        .. s_days.SelectMany(day => s_times.Select(time => day + time)),
        .. s_times.Skip(1).Take(3).SelectMany(time => new[] { "yyyy-MM-dd'T'" + time.Trim(), "yyyy-MM-dd'T'" + time.Trim() + "K" }),
    ];

    /// <summary>Whether the observed cells are dates; those of the first thousand are looked at.</summary>
    public static bool AreDates(Column column)
    {
        if (column is ObjectColumn typed)
            return typed.Type == typeof(DateTime) || typed.Type == typeof(DateOnly) || typed.Type == typeof(DateTimeOffset);
        if (column is not TextColumn text) return false;
        int seen = 0;
        for (int row = 0; row < text.Count && seen < Tried; row++)
        {
            if (text[row] is not { } cell) continue;
            if (!Is(cell)) return false;
            seen++;
        }
        return seen > 0;
    }

    /// <summary>Whether a text is a date, with or without a time.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Length is >= 6 and <= 40 && char.IsAsciiLetterOrDigit(text[0])
            && DateTime.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }
}
