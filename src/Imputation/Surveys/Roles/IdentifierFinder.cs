namespace Imputation.Surveys.Roles;

/// <summary>Columns that number the rows, whatever their name: whole numbers, complete, all different and ascending.</summary>
/// <remarks>A table may be sorted by a measurement, such as a dose or a year. What other columns depend on, or what is named as a time, is
/// one. Columns that the table is sorted by, such as the number of a household, do not depend on the number of a row.</remarks>
internal static class IdentifierFinder
{
    /// <summary>Fewest rows: in fewer, sorted measurements are not rare.</summary>
    private const int FewestRows = 12;

    /// <summary>Share of another column's variance that a number of rows does not explain.</summary>
    private const double MostExplained = 0.4;

    private static readonly HashSet<string> s_times = new(StringComparer.OrdinalIgnoreCase)
    {
        "year", "yr", "date", "time", "t", "day", "month", "week", "quarter", "wave", "age", "period", "hour", "minute", "second", "x",
    };

    /// <summary>Whether a column numbers the rows.</summary>
    public static bool Is(NumericColumn column, IReadOnlyList<NumericColumn> others)
    {
        ReadOnlySpan<double> values = column.Values;
        if (values.Length < FewestRows || column.MissingCount > 0 || s_times.Contains(column.Name)) return false;
        for (int i = 0; i < values.Length; i++)
            if (values[i] != Math.Floor(values[i]) || (i > 0 && !(values[i] > values[i - 1]))) return false;
        foreach (NumericColumn other in others)
            if (!ReferenceEquals(other, column) && Explained(values, other.Values) > MostExplained && !Sorts(other)) return false;
        return true;
    }

    /// <summary>Whether the rows lie in the order of this column, a number of which many rows have the same.</summary>
    private static bool Sorts(NumericColumn column)
    {
        double last = double.NaN;
        int observed = 0, different = 0, falls = 0;
        foreach (double value in column.Values)
        {
            if (double.IsNaN(value)) continue;
            observed++;
            if (value < last) falls++;
            if (value != last) different++;
            last = value;
        }
        return falls == 0 && different <= observed / 2;
    }

    /// <summary>Squared correlation over the rows in which both are observed; 0 where nothing varies.</summary>
    public static double Explained(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double r = Correlation(x, y);
        return r * r;
    }

    /// <summary>The correlation over the rows in which both are observed; 0 where nothing varies.</summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double n = 0, meanX = 0, meanY = 0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (double.IsNaN(x[i]) || double.IsNaN(y[i])) continue;
            n++;
            double dx = x[i] - meanX, dy = y[i] - meanY;
            meanX += dx / n;
            meanY += dy / n;
            xx += dx * (x[i] - meanX);
            yy += dy * (y[i] - meanY);
            xy += dx * (y[i] - meanY);
        }
        return n > 2 && xx > 0 && yy > 0 ? xy / Math.Sqrt(xx) / Math.Sqrt(yy) : 0;
    }
}
