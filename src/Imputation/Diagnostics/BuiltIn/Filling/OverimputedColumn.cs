namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>How well the hidden cells of a column, or of all columns on the scale of their standard deviations, were predicted.</summary>
/// <param name="Count">Number of cells.</param>
/// <param name="Rmse">Root of the mean squared error.</param>
/// <param name="RmseOfMean">The same of the column's mean as the prediction.</param>
/// <param name="Coverage50">Share of cells within the 50 % prediction interval.</param>
/// <param name="Coverage80">The same for 80 %.</param>
/// <param name="Coverage95">The same for 95 %.</param>
/// <param name="Score">Mean CRPS.</param>
/// <param name="ScoreOfColumn">The same of the distribution of the column's other cells as the prediction.</param>
internal sealed record OverimputedColumn(int Count, double Rmse, double RmseOfMean, double Coverage50, double Coverage80, double Coverage95,
    double Score, double ScoreOfColumn)
{
    /// <summary>Error relative to the column mean's: 0 at best, 1 where nothing is gained.</summary>
    public double Ratio => Rmse / RmseOfMean;

    /// <summary>1 − CRPS over that of the column's distribution: 1 at best, 0 where nothing is gained.</summary>
    public double Skill => 1 - Score / ScoreOfColumn;

    /// <summary>Of some cells, each measured in a unit.</summary>
    public static OverimputedColumn Of(IReadOnlyCollection<PredictedCell> cells, Func<PredictedCell, double> unit)
    {
        double Mean(Func<PredictedCell, double> of) => cells.Count == 0 ? double.NaN : cells.Average(of);
        return new OverimputedColumn(cells.Count,
            Math.Sqrt(Mean(c => Math.Pow((c.Truth - c.Mean) / unit(c), 2))),
                Math.Sqrt(Mean(c => Math.Pow((c.Truth - c.ColumnMean) / unit(c), 2))),
            Mean(c => c.IsWithin(c.HalfWidths.Of50) ? 1 : 0), Mean(c => c.IsWithin(c.HalfWidths.Of80) ? 1 : 0),
            Mean(c => c.IsWithin(c.HalfWidths.Of95) ? 1 : 0),
            Mean(c => c.Score / unit(c)), Mean(c => c.ColumnScore / unit(c)));
    }
}
