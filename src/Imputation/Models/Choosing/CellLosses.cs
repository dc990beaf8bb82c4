namespace Imputation.Models.Choosing;

/// <summary>What a model lost on hidden cells.</summary>
internal sealed class CellLosses
{
    private readonly Dictionary<string, ColumnLosses> _columns = [];
    private double _logDensity;
    private int _logCount;

    /// <summary>The hidden cells of each column.</summary>
    public IReadOnlyDictionary<string, ColumnLosses> Columns => _columns;

    /// <summary>The hidden cells of a column, to be added to.</summary>
    /// <param name="column">The column.</param>
    /// <param name="levels">Number of its levels; 0 for a column of numbers.</param>
    public ColumnLosses Of(string column, int levels)
    {
        if (!_columns.TryGetValue(column, out ColumnLosses? cells)) _columns[column] = cells = new ColumnLosses(levels);
        return cells;
    }

    /// <summary>Adds the log density of some cells.</summary>
    public void AddLogScore(double logDensity, int count) => (_logDensity, _logCount) = (_logDensity + logDensity, _logCount + count);

    /// <summary>The candidate with what was found; the difference from the first is that of the same cells.</summary>
    public ModelCandidate Describe(ModelCandidate candidate, CellLosses first)
    {
        if (_columns.Count == 0) return candidate with { Failure = "no cell could be hidden" };
        double loss = 0, variance = 0;
        foreach ((string name, ColumnLosses cells) in _columns)
        {
            loss += cells.Losses.Sum() / cells.Baseline / _columns.Count;
            if (!first._columns.TryGetValue(name, out ColumnLosses? other) || !cells.Keys.SequenceEqual(other.Keys)) continue;
            double[] differences = [.. cells.Losses.Zip(other.Losses, (a, b) => a - b)];
            double mean = differences.Average();
            variance += differences.Sum(d => (d - mean) * (d - mean)) / Math.Pow(cells.Baseline * _columns.Count, 2);
        }
        return candidate with
        {
            Score = loss,
            Loss = loss,
            LossError = Math.Sqrt(variance),
            NumberError = Math.Sqrt(MeanSquare(category: false)),
            BrierScore = MeanSquare(category: true),
            SquaredError = _columns.Values.Average(c => c.Residuals.Sum(r => r * r) / c.SquaredBaseline),
            LogScore = _logCount > 0 ? _logDensity / _logCount : double.NaN,
        };
    }

    private double MeanSquare(bool category) => _columns.Values.Where(c => c.IsCategory == category)
        .Select(c => c.Residuals.Sum(r => r * r) / c.Keys.Count).DefaultIfEmpty(double.NaN).Average();
}

/// <summary>What a model lost on the hidden cells of a column, by split and row.</summary>
/// <param name="levels">Number of its levels; 0 for a column of numbers.</param>
internal sealed class ColumnLosses(int levels)
{
    /// <summary>Whether the column is a category.</summary>
    public bool IsCategory => levels > 0;

    /// <summary>Residuals of a cell.</summary>
    public int Width => Math.Max(1, levels);

    /// <summary>Split and row of each cell.</summary>
    public List<(int Split, int Row)> Keys { get; } = [];

    /// <summary>CRPS or Brier score of each.</summary>
    public List<double> Losses { get; } = [];

    /// <summary>Sum of the same losses of a prediction by the column's distribution.</summary>
    public double Baseline { get => field > 0 ? field : double.Epsilon; private set; }

    /// <summary>Sum of the squared errors of such a prediction, about.</summary>
    public double SquaredBaseline => IsCategory ? Baseline : Keys.Count;

    /// <summary>Prediction less truth of each: of a number in standard deviations of the cells that were left, of a category one for each
    /// level, of its probability.</summary>
    public List<double> Residuals { get; } = [];

    /// <summary>Adds a cell.</summary>
    public void Add(int split, int row, double loss, double baseline, ReadOnlySpan<double> residuals)
    {
        Keys.Add((split, row));
        Losses.Add(loss);
        Residuals.AddRange(residuals);
        Baseline += baseline;
    }

    /// <summary>Puts the cells in the order of split and row; they come in that of the model's patterns.</summary>
    public void Sort()
    {
        int[] order = [.. Enumerable.Range(0, Keys.Count).OrderBy(i => Keys[i])];
        (int, int)[] keys = [.. order.Select(i => Keys[i])];
        double[] losses = [.. order.Select(i => Losses[i])],
            residuals = [.. order.SelectMany(i => Enumerable.Range(i * Width, Width).Select(k => Residuals[k]))];
        for (int i = 0; i < keys.Length; i++) (Keys[i], Losses[i]) = (keys[i], losses[i]);
        for (int k = 0; k < residuals.Length; k++) Residuals[k] = residuals[k];
    }
}
