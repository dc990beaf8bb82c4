namespace Imputation.Statistics;

/// <summary>Some of many, spread evenly over them.</summary>
internal static class EvenSubsample
{
    /// <summary>All elements, or an even subsample of the given size that includes the first, in order.</summary>
    public static T[] Take<T>(IReadOnlyList<T> items, int most) =>
        items.Count <= most ? [.. items] : [.. Enumerable.Range(0, most).Select(i => items[(int)((long)i * items.Count / most)])];
}
