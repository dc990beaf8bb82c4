namespace Imputation.Models.Stack;

/// <summary>Weights of models in each column.</summary>
/// <param name="Overall">Those of a column that has none of its own: one for each model.</param>
/// <param name="Columns">Weights by column.</param>
internal sealed record ColumnWeights(double[] Overall, IReadOnlyDictionary<string, double[]> Columns)
{
    /// <summary>The weights in a column.</summary>
    public double[] Of(string column) => Columns.GetValueOrDefault(column, Overall);

    /// <summary>The weights of some of the models.</summary>
    public ColumnWeights Only(int[] models) => new(Only(Overall, models), Columns.ToDictionary(c => c.Key, c => Only(c.Value, models)));

    private static double[] Only(double[] weights, int[] models)
    {
        double sum = models.Sum(m => weights[m]);
        return [.. models.Select(m => sum > 0 ? weights[m] / sum : 1.0 / models.Length)];
    }
}
