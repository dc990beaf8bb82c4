using System.Globalization;
using Imputation.Numerics.Distributions;

namespace Imputation.Surveys;

/// <summary>Texts whose levels are numbered in their names, such as G1 to G5, I to III or 18-24 to 65+, and in order: other columns grow
/// or fall with the number.</summary>
/// <remarks>Regions may be numbered too. Levels are taken to be in order only where most of what they explain of a number, the one of
/// which they explain most, goes with their order.</remarks>
internal static class NumberedLevels
{
    private const double Significance = 1e-4, LeastLinear = 0.75;

    private static readonly char[] s_digits = [.. "0123456789"];

    private static readonly List<string> s_roman = [.. from tens in (string[])["", "X", "XX", "XXX"]
        from ones in (string[])["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"] select tens + ones];

    /// <summary>The levels in order, and the column that shows it; null where they are not numbered, or nothing goes with the
    /// number.</summary>
    public static (Categories Levels, string By)? Of(TextColumn column, IEnumerable<NumericColumn> numbers)
    {
        if (Numbered(Categories.Of(column)) is not { } levels) return null;
        double most = 0, linear = 0;
        string by = "";
        int[] level = [.. Enumerable.Range(0, column.Count).Select(row => column[row] is { } value ? levels.IndexOf(value) : -1)];
        foreach (NumericColumn number in numbers)
        {
            (double explained, double inOrder) = Explained(level, levels.Levels.Count, number.Values);
            if (explained > most) (most, linear, by) = (explained, inOrder, number.Name);
        }
        return linear > LeastLinear * most ? (levels, by) : null;
    }

    /// <summary>The levels in the order of the numbers in their names; null where these have none, or one twice.</summary>
    private static Categories? Numbered(Categories found)
    {
        if (found.Levels.Count < 3) return null;
        foreach (Func<string, (string Name, long Number)?> read in (Func<string, (string, long)?>[])[AtEnd, AtStart, Roman])
        {
            (string Name, long Number)?[] parts = [.. found.Levels.Select(l => read((string)l.Value))];
            if (Array.TrueForAll(parts, p => p is not null && p.Value.Name == parts[0]!.Value.Name)
                && parts.DistinctBy(p => p!.Value.Number).Count() == parts.Length)
                return new Categories(found.Levels.Zip(parts).OrderBy(l => l.Second!.Value.Number).Select(l => l.First), isOrdered: true);
        }
        return null;
    }

    /// <summary>G3: the number is all that differs.</summary>
    private static (string, long)? AtEnd(string text) =>
        text.TrimEnd(s_digits) is { Length: > 0 } name && Number(text.AsSpan(name.Length)) is { } number ? (name, number) : null;

    /// <summary>3 = often, 25-34: the words after a number may differ.</summary>
    private static (string, long)? AtStart(string text) =>
        text.TrimStart(s_digits) is { Length: > 0 } rest && Number(text.AsSpan(0, text.Length - rest.Length)) is { } number
            ? ("", number) : null;

    /// <summary>Stage III: a Roman number below 40, alone or as a word at the end.</summary>
    private static (string, long)? Roman(string text)
    {
        int start = text.LastIndexOf(' ') + 1, number = s_roman.IndexOf(text[start..]);
        return number > 0 ? (text[..start], number) : null;
    }

    private static long? Number(ReadOnlySpan<char> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The share of a number's variance that levels explain, and that their places explain; 0 where chance could explain
    /// it.</summary>
    private static (double All, double InOrder) Explained(int[] level, int count, ReadOnlySpan<double> values)
    {
        double[] sum = new double[count], n = new double[count];
        double total = 0, mean = 0, squares = 0, place = 0, places = 0, product = 0;
        for (int row = 0; row < level.Length; row++)
        {
            if (level[row] < 0 || double.IsNaN(values[row])) continue;
            double x = values[row], k = level[row], dx = x - mean, dk = k - place;
            total++;
            mean += dx / total;
            place += dk / total;
            squares += dx * (x - mean);
            places += dk * (k - place);
            product += dx * (k - place);
            sum[level[row]] += x;
            n[level[row]]++;
        }
        if (!(squares > 0) || !(places > 0)) return (0, 0);
        double between = 0;
        int seen = 0;
        for (int k = 0; k < count; k++)
        {
            if (n[k] == 0) continue;
            between += n[k] * Math.Pow(sum[k] / n[k] - mean, 2);
            seen++;
        }
        double df = total - seen, within = squares - between;
        if (seen < 3 || df < 1 || (within > 0
            && FTail.Log(between / (seen - 1) / (within / df), seen - 1, df) > Math.Log(Significance))) return (0, 0);
        return (between / squares, product * product / (squares * places));
    }
}
