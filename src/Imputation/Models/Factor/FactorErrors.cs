namespace Imputation.Models.Factor;

/// <summary>The uncertainty of predictions from counts of observed cells.</summary>
/// <remarks>A column's mean and loadings are a regression on the factors, estimated from the n_j rows in which it is observed, with q + 1
/// coefficients: variance σ² · n_j / ν · (1 + (q + 1) / n_j), ν = n_j − q − 1 degrees of freedom, for a row with the average leverage. A
/// prior counts as the rows that its weight stands for.</remarks>
/// <param name="observedCounts">Observed cells of each of the model's columns.</param>
/// <param name="factorCount">q.</param>
/// <param name="priorWeight">Weight of the prior, in rows.</param>
internal sealed class FactorErrors(long[] observedCounts, int factorCount, double priorWeight) : IPredictionErrors
{
    /// <inheritdoc/>
    public bool IsByPattern => true;

    /// <inheritdoc/>
    public IPatternErrors For(int[] observed, int[] missing) =>
        new Pattern(Array.ConvertAll(missing, j => observedCounts[j] + priorWeight), factorCount + 1);

    private sealed class Pattern(double[] rows, int coefficientCount) : IPatternErrors
    {
        public double DegreesOfFreedom(int a) => rows[a] - coefficientCount;

        public double Factor(int a, ReadOnlySpan<double> deviations) =>
            Math.Sqrt((rows[a] + coefficientCount) / (rows[a] - coefficientCount));
    }
}
