namespace Imputation.Models.Choosing;

/// <summary>What a model lost on hidden cells, in an order that does not depend on the model.</summary>
internal sealed class CellLosses
{
    private readonly Dictionary<string, Cells> _columns = [];
    private double _logDensity;
    private int _logCount;

    private sealed class Cells(bool isCategory)
    {
        public bool IsCategory => isCategory;

        public List<double> Losses { get; } = [];

        public double Baseline { get; set; }

        public double Squares { get; set; }
    }

    /// <summary>Adds a cell.</summary>
    /// <param name="column">Its column.</param>
    /// <param name="loss">CRPS or Brier score.</param>
    /// <param name="baseline">The same of the column's distribution.</param>
    /// <param name="square">Squared error in standard deviations, or the Brier score.</param>
    /// <param name="isCategory">Which of these.</param>
    public void Add(string column, double loss, double baseline, double square, bool isCategory)
    {
        if (!_columns.TryGetValue(column, out Cells? cells)) _columns[column] = cells = new Cells(isCategory);
        cells.Losses.Add(loss);
        cells.Baseline += baseline;
        cells.Squares += square;
    }

    /// <summary>Adds the log density of some cells.</summary>
    public void AddLogScore(double logDensity, int count) => (_logDensity, _logCount) = (_logDensity + logDensity, _logCount + count);

    /// <summary>The candidate with what was found; the difference from the first is that of the same cells.</summary>
    public ModelCandidate Describe(ModelCandidate candidate, CellLosses first)
    {
        if (_columns.Count == 0) return candidate with { Failure = "no cell could be hidden" };
        double loss = 0, variance = 0;
        foreach ((string name, Cells cells) in _columns)
        {
            double baseline = cells.Baseline > 0 ? cells.Baseline : double.Epsilon;
            loss += cells.Losses.Sum() / baseline / _columns.Count;
            if (!first._columns.TryGetValue(name, out Cells? other) || other.Losses.Count != cells.Losses.Count) continue;
            double[] differences = [.. cells.Losses.Zip(other.Losses, (a, b) => a - b)];
            double mean = differences.Average();
            variance += differences.Sum(d => (d - mean) * (d - mean)) / (baseline * baseline * _columns.Count * _columns.Count);
        }
        double MeanOf(bool category, Func<Cells, double> value) => _columns.Values.Where(c => c.IsCategory == category).Select(value)
            .DefaultIfEmpty(double.NaN).Average();
        return candidate with
        {
            Score = loss,
            Loss = loss,
            LossError = Math.Sqrt(variance),
            NumberError = Math.Sqrt(MeanOf(false, c => c.Squares / c.Losses.Count)),
            BrierScore = MeanOf(true, c => c.Squares / c.Losses.Count),
            LogScore = _logCount > 0 ? _logDensity / _logCount : double.NaN,
        };
    }
}
