namespace Imputation.Data;

/// <summary>What the observed values of a numeric column are like, as far as filled values should be like them.</summary>
/// <param name="Lowest">Smallest observed value.</param>
/// <param name="Highest">Largest observed value.</param>
/// <param name="AreWhole">Whether all are whole numbers.</param>
/// <param name="AreAmounts">Whether they look like amounts that cannot be negative: none is, and 0 occurs or large values stretch
/// away.</param>
/// <param name="Scale">The values of a scale, ascending: few, each of them often; empty of any other column.</param>
internal sealed record ObservedValues(double Lowest, double Highest, bool AreWhole, bool AreAmounts, IReadOnlyList<double> Scale)
{
    /// <summary>Of a column; null where nothing is observed.</summary>
    public static ObservedValues? Of(NumericColumn column)
    {
        var tally = new ObservedTally();
        tally.Add(column);
        return tally.Result();
    }
}
