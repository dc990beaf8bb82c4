namespace Imputation.Models.Gaussian;

/// <summary>The uncertainty of predictions from counts of observed cells: for large tables, where it is next to nothing, and for models
/// read from files, whose data are gone.</summary>
/// <remarks>A prediction of column j from q observed ones is taken for that of a regression estimated from n_e rows with the row's
/// leverage at its average, (q + 1) / n_e: variance σ²_j|O · n_e / ν · (1 + (q + 1) / n_e), ν = n_e − q − 1 degrees of freedom. n_e is the
/// number of rows in which j is observed times the mean share of rows in which a predictor is. A prior counts as the rows that its
/// weight stands for.</remarks>
/// <param name="rowCount">Rows that were fitted.</param>
/// <param name="observedCounts">Observed cells of each of the model's columns.</param>
/// <param name="priorWeight">Weight of the prior, in rows.</param>
internal sealed class CountedErrors(int rowCount, IReadOnlyList<long> observedCounts, double priorWeight) : IPredictionErrors
{
    /// <inheritdoc/>
    public bool IsByPattern => true;

    /// <inheritdoc/>
    public IPatternErrors For(int[] observed, int[] missing)
    {
        double share = observed.Length == 0 ? 1 : observed.Average(k => (double)observedCounts[k] / rowCount);
        return new Pattern([.. missing.Select(j => observedCounts[j] * share + priorWeight)], observed.Length + 1);
    }

    private sealed class Pattern(double[] effective, int coefficientCount) : IPatternErrors
    {
        public double DegreesOfFreedom(int a) => effective[a] - coefficientCount;

        public double Factor(int a, ReadOnlySpan<double> deviations) =>
            Math.Sqrt((effective[a] + coefficientCount) / (effective[a] - coefficientCount));
    }
}
