using System.Globalization;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Models.Normal;

/// <summary>The use of each column of statistics of rows, by its number of values, mean and variance.</summary>
internal static class StatisticsUses
{
    /// <summary>Standard deviation of a column, relative to its mean, up to which its values are equal: rounding makes as much of equal
    /// ones.</summary>
    private const double Rounding = 1e-14;

    /// <summary>One for each column.</summary>
    /// <exception cref="ArgumentException">The selection names a column that the statistics do not have.</exception>
    public static IReadOnlyList<ColumnUse> Of(PatternStatistics statistics, ColumnSelection selection)
    {
        foreach (string name in selection.Include.Concat(selection.Exclude))
            if (!statistics.ColumnNames.Contains(name))
                throw new ArgumentException($"No column '{name}'; the statistics have {TextFormat.Names(statistics.ColumnNames)}.",
                    nameof(selection));
        long rows = statistics.RowCount;
        return [.. statistics.Columns().Select((column, j) => Of(statistics.ColumnNames[j], column, rows, selection))];
    }

    private static ColumnUse Of(string name, PatternMoments column, long rows, ColumnSelection selection)
    {
        ColumnUse As(ColumnRole role, string note = "") => new(name, ColumnKind.Number, role, (int)Math.Min(int.MaxValue, column.Weight),
            (int)Math.Min(int.MaxValue, rows - column.Weight), note);
        if (TableEncoder.WhyExcluded(selection, name) is { } why) return As(ColumnRole.Excluded, why);
        if (column.Weight == 0) return As(ColumnRole.NothingObserved, TableEncoder.NothingObserved);
        double deviation = Math.Sqrt(column.CoMoment(0, 0) / column.Weight), mean = column.Mean[0];
        if (deviation > Rounding * Math.Abs(mean)) return As(ColumnRole.Modelled);
        string text = mean.ToString("R", CultureInfo.InvariantCulture);
        return As(ColumnRole.Constant, TableEncoder.Always(text, column.Weight < rows)) with { Constant = mean };
    }
}
