namespace Imputation.Numerics.Linear;

/// <summary>Converts a covariance matrix to correlations.</summary>
internal static class Correlations
{
    /// <summary>The correlation matrix, row-major, and the standard deviations.</summary>
    /// <param name="covariance">Square and symmetric.</param>
    /// <param name="deviations">Square roots of its diagonal.</param>
    public static double[] Of(double[,] covariance, out double[] deviations) =>
        Of(covariance, [.. Enumerable.Range(0, covariance.GetLength(0))], out deviations);

    /// <summary>The same for some of its columns.</summary>
    public static double[] Of(double[,] covariance, ReadOnlySpan<int> columns, out double[] deviations)
    {
        int p = columns.Length;
        deviations = new double[p];
        for (int j = 0; j < p; j++) deviations[j] = Math.Sqrt(covariance[columns[j], columns[j]]);
        var correlation = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) correlation[i * p + j] = i == j ? 1
                : covariance[columns[i], columns[j]] / (deviations[i] * deviations[j]);
        return correlation;
    }
}
