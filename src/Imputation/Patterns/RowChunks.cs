namespace Imputation.Patterns;

/// <summary>Rows divided into a few parts of about equal length, the same for any number of threads.</summary>
internal static class RowChunks
{
    private const int LeastRows = 1 << 14, Most = 8;

    /// <summary>In how many parts.</summary>
    public static int Count(int rows) => Math.Clamp(rows / LeastRows, 1, Most);

    /// <summary>The first row of a part, and the end.</summary>
    public static (int From, int To) Bounds(int part, int count, int rows) =>
        ((int)((long)rows * part / count), (int)((long)rows * (part + 1) / count));
}
