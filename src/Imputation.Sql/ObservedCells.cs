using Imputation.Data;

namespace Imputation.Sql;

/// <summary>What the observed values of a column that comes in batches are like; see <see cref="ObservedValues"/>.</summary>
/// <remarks>Third moments of batches are merged by Pébay (2008, eq. 1.5 and 1.6).</remarks>
internal sealed class ObservedCells
{
    private double _lowest = double.PositiveInfinity, _highest = double.NegativeInfinity, _mean, _second, _third;
    private long _count;
    private bool _isWhole = true;
    private HashSet<double>? _values = [];

    /// <summary>Whether every batch had an integer column.</summary>
    public bool IsInteger { get; private set; } = true;

    /// <summary>Adds the cells of a batch.</summary>
    public void Add(NumericColumn column)
    {
        ReadOnlySpan<double> cells = column.Values;
        IsInteger &= column.Kind == ColumnKind.Integer;
        _isWhole &= column.Decimals is null or 0;
        double sum = 0;
        int count = 0;
        foreach (double x in cells)
        {
            if (double.IsNaN(x)) continue;
            count++;
            sum += x;
            _lowest = Math.Min(_lowest, x);
            _highest = Math.Max(_highest, x);
            _isWhole &= x == Math.Floor(x);
            if (_values is not null && _values.Add(x + 0.0) && _values.Count > ObservedValues.MostValues) _values = null;
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

    /// <summary>The account; null where nothing is observed.</summary>
    public ObservedValues? Values()
    {
        if (_count == 0) return null;
        bool amounts = _lowest >= 0
            && (_lowest == 0 || _third / _count / Math.Pow(_second / _count, 1.5) > ObservedValues.Skewed);
        double[] scale = _values is not null && _count >= ObservedValues.CellsPerValue * _values.Count ? [.. _values.Order()] : [];
        return new ObservedValues(_lowest, _highest, _isWhole, amounts, scale);
    }

    private void Merge(double count, double mean, double second, double third)
    {
        double own = _count, n = own + count, d = mean - _mean;
        _third += third + d * d * d * own * count * (own - count) / n / n + 3 * d * (own * second - count * _second) / n;
        _second += second + d * d * own * count / n;
        _mean += d * count / n;
        _count += (long)count;
    }
}
