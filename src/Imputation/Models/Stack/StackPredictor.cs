namespace Imputation.Models.Stack;

/// <summary>Predictions of observed cells from the other observed cells of their rows by a combination of models. A workspace for one
/// thread.</summary>
internal sealed class StackPredictor(StackPart[] parts, ICellPredictor[] predictors) : ICellPredictor
{
    private readonly double[][] _cells = Array.ConvertAll(parts, p => new double[p.Width]);

    /// <inheritdoc/>
    public bool Begin(ReadOnlySpan<int> observed, ReadOnlySpan<int> missing)
    {
        bool all = true;
        for (int m = 0; m < parts.Length; m++)
        {
            int[] seen = parts[m].Own(observed);
            Array.Sort(seen);
            all &= predictors[m].Begin(seen, parts[m].Own(missing));
        }
        return all;
    }

    /// <inheritdoc/>
    public void Given(ReadOnlySpan<double> cells)
    {
        for (int m = 0; m < parts.Length; m++)
        {
            parts[m].Copy(cells, _cells[m]);
            predictors[m].Given(_cells[m]);
        }
    }

    /// <inheritdoc/>
    public double LeavingOut(int column)
    {
        double sum = 0, weights = 0;
        for (int m = 0; m < parts.Length; m++)
        {
            double weight = parts[m].Weights[column];
            if (!(weight > 0) || predictors[m].LeavingOut(parts[m].Places[column]) is not (var own and not double.NaN)) continue;
            (sum, weights) = (sum + weight * own, weights + weight);
        }
        return sum / weights; // NaN where no model predicts it
    }
}
