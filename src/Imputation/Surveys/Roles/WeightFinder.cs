using System.Text.RegularExpressions;

namespace Imputation.Surveys.Roles;

/// <summary>Columns that look like survey weights: named so, complete, positive, and with a mean of 1 or unrelated to what is
/// measured.</summary>
/// <remarks>People are weighed too. Weights of a survey have a mean of 1, or vary more than people do, and do not go with
/// height. Those with a mean of 1 may go with anything, as where the rich were asked more often.</remarks>
internal static partial class WeightFinder
{
    /// <summary>Largest share of another column's variance that a weight explains.</summary>
    private const double MostExplained = 0.2;

    /// <summary>Ratio of the largest to the smallest from which weights are not those of people.</summary>
    private const double WideRange = 5;

    /// <summary>Whether a column looks like weights.</summary>
    public static bool Is(NumericColumn column, IReadOnlyList<NumericColumn> others)
    {
        if (column.MissingCount > 0 || column.Count < 10 || !Named().IsMatch(column.Name)) return false;
        double lowest = double.PositiveInfinity, highest = 0, sum = 0;
        bool whole = true;
        foreach (double value in column.Values)
        {
            if (!(value > 0)) return false;
            (lowest, highest, sum) = (Math.Min(lowest, value), Math.Max(highest, value), sum + value);
            whole &= value == Math.Floor(value);
        }
        bool normed = !whole && Math.Abs(sum / column.Count - 1) < 0.05;
        return lowest < highest && (normed || (highest / lowest >= WideRange
            && !others.Any(o => !ReferenceEquals(o, column) && IdentifierFinder.Explained(column.Values, o.Values) > MostExplained)));
    }

    [GeneratedRegex(@"(^|[_.\- ])(w|wt|wts|wgt|weights?|[pafs]?weight|pw|finalwt|wtfinl|svywt|gewicht|gew|poids)\d*($|[_.\- ])"
        + "|(?-i:[a-z]W(t|gt|eight)$)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
