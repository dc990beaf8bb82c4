namespace Imputation.Files.Spss;

/// <summary>Dates and times as stored, seconds since 14 October 1582, and as .NET has them. Null where .NET's type cannot hold the
/// value.</summary>
internal static class SpssTime
{
    private static readonly long s_start = new DateTime(1582, 10, 14).Ticks;

    public static object? Date(double seconds) =>
        seconds % 86400 == 0 && Moment(seconds) is DateTime moment ? DateOnly.FromDateTime(moment) : null;

    public static object? Moment(double seconds)
    {
        double ticks = Math.Round(seconds * TimeSpan.TicksPerSecond);
        return ticks >= -s_start && ticks < DateTime.MaxValue.Ticks - s_start ? new DateTime(s_start + (long)ticks) : null;
    }

    public static object? Duration(double seconds)
    {
        double ticks = Math.Round(seconds * TimeSpan.TicksPerSecond);
        return Math.Abs(ticks) < 9e18 ? new TimeSpan((long)ticks) : null;
    }

    /// <summary>The seconds of a value that one of these made; null for any other.</summary>
    public static double? Seconds(object value) => value switch
    {
        DateOnly date => (date.ToDateTime(TimeOnly.MinValue).Ticks - s_start) / (double)TimeSpan.TicksPerSecond,
        DateTime moment => (moment.Ticks - s_start) / (double)TimeSpan.TicksPerSecond,
        TimeSpan duration => duration.Ticks / (double)TimeSpan.TicksPerSecond,
        double seconds => seconds,
        _ => null,
    };
}
