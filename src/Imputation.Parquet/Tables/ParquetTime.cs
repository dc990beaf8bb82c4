using System.Buffers.Binary;
using Imputation.Parquet.Storage;

namespace Imputation.Parquet.Tables;

/// <summary>Dates and times as stored, and as .NET has them: a count of days or of parts of a second. Null where .NET's type cannot hold
/// the value.</summary>
internal static class ParquetTime
{
    private const long TicksPerDay = TimeSpan.TicksPerDay;
    private const int JulianDayOfEpoch = 2_440_588;
    private static readonly int s_epochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    public static object? Date(int days) => s_epochDay + (long)days is >= 0 and var day && day <= DateOnly.MaxValue.DayNumber
        ? DateOnly.FromDayNumber((int)day) : null;

    public static object? Time(long count, TimeUnit unit) => Ticks(count, unit) is >= 0 and < TicksPerDay and var ticks
        ? new TimeOnly(ticks) : null;

    public static object? Timestamp(long count, TimeUnit unit, bool utc) => Ticks(count, unit) is { } ticks ? Timestamp(ticks, utc) : null;

    /// <summary>The nanoseconds of a day, then the Julian day: how Spark and Impala wrote timestamps.</summary>
    public static object? Int96(ReadOnlySpan<byte> value)
    {
        long nanos = BinaryPrimitives.ReadInt64LittleEndian(value), days = BinaryPrimitives.ReadInt32LittleEndian(value[8..])
            - (long)JulianDayOfEpoch;
        return Ticks(nanos, TimeUnit.Nanos) is { } ticks && Math.Abs(days) < 4_000_000 && Math.Abs(nanos) < 10 * 86_400_000_000_000
            ? Timestamp(days * TicksPerDay + ticks, utc: false) : null;
    }

    public static int Days(DateOnly date) => date.DayNumber - s_epochDay;

    /// <summary>Ticks since 1970.</summary>
    public static long Ticks(DateTime time) => time.Ticks - DateTime.UnixEpoch.Ticks;

    private static object? Timestamp(long ticks, bool utc)
    {
        long since = DateTime.UnixEpoch.Ticks + ticks;
        return since >= 0 && since <= DateTime.MaxValue.Ticks && ticks < DateTime.MaxValue.Ticks
            ? new DateTime(since, utc ? DateTimeKind.Utc : DateTimeKind.Unspecified) : null;
    }

    private static long? Ticks(long count, TimeUnit unit) => unit switch
    {
        TimeUnit.Nanos => count % 100 == 0 ? count / 100 : null,
        TimeUnit.Micros => Math.Abs((double)count) < 9e17 ? count * 10 : null,
        _ => Math.Abs((double)count) < 9e14 ? count * 10_000 : null,
    };
}
