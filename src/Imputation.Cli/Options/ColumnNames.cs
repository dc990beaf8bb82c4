using Imputation.Data;

namespace Imputation.Cli.Options;

/// <summary>Column names as they come from the command line, checked against a table.</summary>
internal static class ColumnNames
{
    /// <summary>The names in values such as <c>a,b</c>. A value that is itself a column's name is that column, commas and all.</summary>
    public static IReadOnlyList<string> Resolve(string option, IEnumerable<string> values, IReadOnlyList<string> columns)
    {
        var names = new List<string>();
        foreach (string value in values)
        {
            if (columns.Contains(value)) names.Add(value);
            else names.AddRange(value.Split(',').Where(piece => piece.Trim().Length > 0).Select(piece => One(option, piece, columns)));
        }
        return [.. names.Distinct()];
    }

    /// <summary>The column of that name, blanks around it forgiven.</summary>
    /// <exception cref="UsageException">No such column; the message proposes the nearest and lists those there are.</exception>
    public static string One(string option, string name, IReadOnlyList<string> columns)
    {
        if (columns.Contains(name)) return name;
        if (columns.Contains(name.Trim())) return name.Trim();
        string? near = columns.MinBy(column => Distance(name.Trim(), column));
        string hint = near is not null && Distance(name.Trim(), near) <= Math.Max(1, name.Trim().Length / 3) ? $" Did you mean '{near}'?" : "";
        throw new UsageException($"{option}: there is no column '{name.Trim()}'.{hint} The columns are {List(columns)}.");
    }

    /// <summary>'a', 'b', 'c' and 20 more.</summary>
    public static string List(IReadOnlyList<string> names)
    {
        const int most = 40;
        string shown = string.Join(", ", names.Take(most).Select(name => $"'{name}'"));
        return names.Count > most ? $"{shown} and {names.Count - most} more" : shown;
    }

    /// <summary>Optimal-string-alignment distance, case ignored at no cost: insertions, deletions, changes, swaps.</summary>
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
