namespace Imputation.Text;

/// <summary>Column names in sentences.</summary>
internal static partial class TextFormat
{
    /// <summary>'a', 'b' and 'c'; long lists are cut after <paramref name="most"/> with the number left out.</summary>
    public static string Names(IEnumerable<string> names, int most = 12)
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

    /// <summary>A message in which words of more than 500 characters are cut: a cell or name of thousands of characters, which somebody's
    /// file contains, is not worth repeating.</summary>
    public static string WithoutLongWords(string message)
    {
        const int longest = 500, kept = 100;
        if (message.Length <= longest) return message;
        return string.Join(' ', message.Split(' ').Select(word => word.Length <= longest ? word : $"{Cut(word, kept)}{word[^1]}"));
    }

    /// <summary>The name that a misspelt one most likely means: one that differs only in case or blanks, else in few letters; null
    /// where none is close.</summary>
    public static string? Nearest(string name, IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.FirstOrDefault(n => Plain(n) == Plain(name)) is { } same) return same;
        (string? nearest, int least) = (null, int.MaxValue);
        foreach (string candidate in all)
        {
            int distance = Distance(Plain(name), Plain(candidate));
            if (distance < least) (nearest, least) = (candidate, distance);
        }
        return least <= Math.Min(Math.Max(1, name.Length / 3), name.Length - 1) ? nearest : null;
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant() is { Length: > 0 } plain
        ? plain : name;

    /// <summary>" Did you mean 'x'?" with the nearest of some names, or nothing where none is near.</summary>
    public static string Hint(string name, IEnumerable<string> names) => Nearest(name, names) is { } nearest
        ? $" Did you mean '{nearest}'?" : "";

    /// <summary>Letters inserted, dropped, replaced or swapped with their neighbours between two words (optimal string alignment, Damerau
    /// 1964).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
