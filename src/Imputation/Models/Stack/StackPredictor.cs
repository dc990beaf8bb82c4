namespace Imputation.Models.Stack;

/// <summary>Predictions of observed cells from the other observed cells of their rows by a combination of models. A workspace for one
/// thread.</summary>
internal sealed class StackPredictor(StackConditional over, StackPart[] parts, ICellPredictor[] predictors) : ICellPredictor
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
        bool category = over.Columns[column] is not NumericColumn { Categories: null };
        double sum = 0;
        var votes = new double[category ? over.Columns[column].Levels.Levels.Count : 0];
        for (int m = 0; m < parts.Length; m++)
        {
            if (!(parts[m].Weights[column] > 0)) continue;
            double own = predictors[m].LeavingOut(parts[m].Places[column]);
            if (category && own >= 0 && own < votes.Length) votes[(int)own] += parts[m].Weights[column];
            else sum += parts[m].Weights[column] * own;
        }
        return category ? Array.IndexOf(votes, votes.Max()) : sum;
    }
}
