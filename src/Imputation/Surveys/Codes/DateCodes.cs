using System.Globalization;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys.Codes;

/// <summary>Dates that are often codes for missing: the first or last day of a calendar or of a clock, apart from the other dates or heaped
/// among them.</summary>
/// <remarks>Columns of dates, text columns with mostly dates of one format, and whole numbers that read as year, month and day, such
/// as 19000101. At the ends the rule is <see cref="ApartRule"/>'s; among the others a sentinel counts where it is 1 % of the cells,
/// five at least, and five times as frequent as any other day.</remarks>
internal static class DateCodes
{
    private const double MostlyDates = 0.9;
    private const int Tried = 50;

    private static readonly HashSet<double> s_first = [.. new[] { new DateTime(1, 1, 1), new DateTime(1601, 1, 1), new DateTime(1753, 1, 1),
        new DateTime(1899, 12, 30), new DateTime(1899, 12, 31), new DateTime(1900, 1, 1), new DateTime(1970, 1, 1) }.Select(Day)];
    private static readonly HashSet<double> s_last = [.. new[] { new DateTime(2099, 12, 31), new DateTime(2999, 12, 31),
        new DateTime(9999, 12, 31), new DateTime(9999, 1, 1) }.Select(Day)];

    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy/MM/dd", "dd.MM.yyyy", "d.M.yyyy",
            "dd/MM/yyyy", "d/M/yyyy", "MM/dd/yyyy", "M/d/yyyy", "dd-MM-yyyy", "yyyyMMdd",
    ];

    /// <summary>The codes of a column and the range of its other dates in words; null where it holds no dates.</summary>
    public static (IReadOnlyList<SuspiciousCode> Codes, string Range)? Of(Column column)
    {
        if (Reader(column) is not { } read) return null;
        var days = new List<double>(column.Count - column.MissingCount);
        var texts = new Dictionary<double, string>();
        var others = new Dictionary<double, int>(); // numbers that are no dates, such as 0 and 99999999
        int unread = 0;
        for (int row = 0; row < column.Count; row++)
        {
            if (column.IsMissing(row)) continue;
            if (read(row) is { } date)
            {
                double day = Day(date);
                days.Add(day);
                if (s_first.Contains(day) || s_last.Contains(day)) texts.TryAdd(day, Written(column, row));
            }
            else
            {
                unread++;
                if (column is NumericColumn numeric) others[numeric[row]] = others.GetValueOrDefault(numeric[row]) + 1;
            }
        }
        if (days.Count == 0 || days.Count < MostlyDates * (days.Count + unread)) return null;
        double[] sorted = [.. days];
        Array.Sort(sorted);
        var runs = ValueRuns.Of(sorted);
        var codes = new List<SuspiciousCode>();
        while (runs.Values.Length > 1)
        {
            int q = runs.Values.Length;
            if (s_first.Contains(runs.Values[0]) && ApartRule.Holds(runs.Part(1, q).Mirrored(), -runs.Values[0], runs.Counts[0]))
            {
                codes.Add(new(runs.Values[0], texts[runs.Values[0]], runs.Counts[0], runs.Values[1]));
                runs = runs.Part(1, q);
            }
            else if (s_last.Contains(runs.Values[^1]) && ApartRule.Holds(runs.Part(0, q - 1), runs.Values[^1], runs.Counts[^1]))
            {
                codes.Add(new(runs.Values[^1], texts[runs.Values[^1]], runs.Counts[^1], runs.Values[^2]));
                runs = runs.Part(0, q - 1);
            }
            else
            {
                break;
            }
        }
        int heap = runs.Commonest, total = runs.Counts.Sum();
        if (runs.Values.Length > 1 && runs.Counts[heap] >= Math.Max(5, 0.01 * total) && s_first.Contains(runs.Values[heap])
            && runs.Counts.Where((_, i) => i != heap).Max() * 5 <= runs.Counts[heap])
            codes.Add(new(runs.Values[heap], texts[runs.Values[heap]], runs.Counts[heap], double.NaN));
        codes.AddRange(others.Where(o => NumericCodes.IsUsual(o.Key) && o.Value >= 2).OrderBy(o => o.Key)
            .Select(o => new SuspiciousCode(o.Key, TextFormat.Exact(o.Key), o.Value, double.NaN)));
        return (codes, $"from {Words(runs.Values[0])} to {Words(runs.Values[^1])}");
    }

    /// <summary>A day as 1999-12-31.</summary>
    public static string Words(double day) => DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static double Day(DateTime date) => (DateTime.SpecifyKind(date, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalDays;

    private static string Written(Column column, int row) => column switch
    {
        NumericColumn numeric => TextFormat.Exact(numeric[row]),
        TextColumn text => text[row]!.Trim(),
        _ => Words(Day(Date(column.Value(row))!.Value)),
    };

    private static DateTime? Date(object? value) => value switch
    {
        DateTime date => date,
        DateOnly day => day.ToDateTime(TimeOnly.MinValue),
        DateTimeOffset moment => moment.DateTime,
        _ => null,
    };

    /// <summary>How the cells of a column are read as dates, or null where the first ones are none.</summary>
    private static Func<int, DateTime?>? Reader(Column column)
    {
        int[] first = [.. Enumerable.Range(0, column.Count).Where(row => !column.IsMissing(row)).Take(Tried)];
        if (first.Length == 0) return null;
        bool Fits(Func<int, DateTime?> read) => first.Count(row => read(row) is not null) >= 0.5 * first.Length;
        switch (column)
        {
            case ObjectColumn when Date(column.Value(first[0])) is not null:
                return row => Date(column.Value(row));
            case NumericColumn { Kind: ColumnKind.Integer } numeric when Fits(row => Compact(numeric[row]))
                && first.Count(row => numeric[row] is > 16000000 and < 22000000) >= 0.5 * first.Length:
                return row => Compact(numeric[row]);
            case TextColumn text:
                foreach (string form in s_forms)
                    if (Fits(row => Read(text[row]!, form))) return row => Read(text[row]!, form);
                return null;
            default:
                return null;
        }
    }

    private static DateTime? Read(string text, string form) =>
        DateTime.TryParseExact(text.AsSpan().Trim(), form, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date) ? date
            : null;

    /// <summary>20240131 as a date.</summary>
    private static DateTime? Compact(double number)
    {
        if (!(number >= 10101 && number <= 99991231)) return null;
        (int year, int month, int day) = ((int)number / 10000, (int)number / 100 % 100, (int)number % 100);
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, day) : null;
    }
}
