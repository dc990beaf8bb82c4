namespace Imputation.Data;

/// <summary>Column names in sentences.</summary>
internal static class Names
{
    /// <summary>'a', 'b' and 'c'; long lists are cut after <paramref name="most"/> with the number left out.</summary>
    public static string List(IEnumerable<string> names, int most = 12)
    {
        string[] quoted = [.. names.Select(n => $"'{n}'")];
        if (quoted.Length > most) return $"{string.Join(", ", quoted[..most])} and {quoted.Length - most} more";
        return quoted.Length switch
        {
            0 => "none",
            1 => quoted[0],
            _ => $"{string.Join(", ", quoted[..^1])} and {quoted[^1]}",
        };
    }
}
