namespace Imputation.Cli.Options;

/// <summary>Finds what was probably meant.</summary>
internal static class Spelling
{
    /// <summary>" Did you mean 'x'?" with the nearest of the known words, or nothing where none is near.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        string? near = known.MinBy(candidate => Distance(word, candidate));
        return near is not null && Distance(word, near) <= Math.Min(Math.Max(1, word.Length / 3), word.Length - 1)
            ? $" Did you mean '{near}'?" : "";
    }

    /// <summary>Optimal-string-alignment distance: insertions, deletions, changes and swaps of neighbours; case costs nothing.</summary>
    private static int Distance(string a, string b)
    {
        a = a.ToLowerInvariant();
        b = b.ToLowerInvariant();
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
