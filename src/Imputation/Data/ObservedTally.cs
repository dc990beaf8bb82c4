namespace Imputation.Data;

/// <summary>What is known of a column's observed values after some of its rows: counted part by part, so that a column need not be in
/// memory.</summary>
internal sealed class ObservedTally
{
    /// <summary>Most values of a scale.</summary>
    private const int MostValues = 20;

    /// <summary>Observed cells for each value, on average, from which few values are a scale and not a short column.</summary>
    private const int CellsPerValue = 3;

    /// <summary>Skewness from which amounts that are all positive have their end at 0: that of a sum of 16 waiting times. Samples of 100
    /// from a symmetrical distribution exceed it in 2 % of cases.</summary>
    private const double Skewed = 0.5;

    private double _mean, _second, _third; // sums of powers of deviations from the mean
    private HashSet<double>? _values = [];
    private bool _areWhole = true;

    /// <summary>Number of observed cells.</summary>
    public long Count { get; private set; }

    /// <summary>Smallest observed value; +∞ before there is one.</summary>
    public double Lowest { get; private set; } = double.PositiveInfinity;

    /// <summary>Largest observed value; −∞ before there is one.</summary>
    public double Highest { get; private set; } = double.NegativeInfinity;

    /// <summary>Counts the observed cells of a column, or of a part of it.</summary>
    public void Add(NumericColumn column)
    {
        ReadOnlySpan<double> cells = column.Values;
        double sum = 0;
        long count = 0;
        _areWhole &= column.Decimals is null or 0; // whole sums of money have decimals
        foreach (double x in cells)
        {
            if (double.IsNaN(x)) continue;
            count++;
            sum += x;
            Lowest = Math.Min(Lowest, x);
            Highest = Math.Max(Highest, x);
            _areWhole &= x == Math.Floor(x);
            if (_values is not null && _values.Add(x + 0.0) && _values.Count > MostValues) _values = null;
        }
        if (count == 0) return;
        double mean = sum / count, second = 0, third = 0;
        foreach (double x in cells)
        {
            if (double.IsNaN(x)) continue;
            double d = x - mean;
            second += d * d;
            third += d * d * d;
        }
        Merge(count, mean, second, third);
    }

    /// <summary>What the values are like; null where nothing is observed.</summary>
    public ObservedValues? Result()
    {
        if (Count == 0) return null;
        bool amounts = Lowest >= 0 && (Lowest == 0 || _third / Count / Math.Pow(_second / Count, 1.5) > Skewed);
        double[] scale = _values is not null && Count >= CellsPerValue * _values.Count ? [.. _values.Order()] : [];
        return new ObservedValues(Lowest, Highest, _areWhole, amounts, scale);
    }

    /// <summary>The moments of both parts (Pébay 2008, eq. 2.1).</summary>
    private void Merge(long count, double mean, double second, double third)
    {
        double n = Count, m = count, total = n + m, apart = mean - _mean;
        _third += third + apart * apart * apart * n * m * (n - m) / (total * total) + 3 * apart * (n * second - m * _second) / total;
        _second += second + apart * apart * n * m / total;
        _mean += apart * m / total;
        Count += count;
    }
}
