using System.Globalization;
using Imputation.Numerics.Distributions;

namespace Imputation.Surveys;

/// <summary>Texts whose levels are numbered in their names, such as G1 to G5, and in order: other columns grow or fall with the
/// number.</summary>
/// <remarks>Regions may be numbered too. Levels are taken to be in order only where most of what they explain of a number, the one of
/// which they explain most, goes with their order.</remarks>
internal static class NumberedLevels
{
    private const double Significance = 1e-4, LeastLinear = 0.75;

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

    /// <summary>The levels in the order of the numbers at the end of their names; null where these are not all that differs.</summary>
    private static Categories? Numbered(Categories found)
    {
        if (found.Levels.Count < 3) return null;
        var numbered = new List<(long Number, Category Level)>();
        string? prefix = null;
        foreach (Category level in found.Levels)
        {
            string text = (string)level.Value, start = text.TrimEnd("0123456789".ToCharArray());
            if (start.Length == 0 || start.Length == text.Length || (prefix ??= start) != start
                || !long.TryParse(text.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return null;
            numbered.Add((number, level));
        }
        return numbered.DistinctBy(n => n.Number).Count() < numbered.Count ? null
            : new Categories(numbered.OrderBy(n => n.Number).Select(n => n.Level), isOrdered: true);
    }

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
