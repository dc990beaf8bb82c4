using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Numerics.Kernels;
using Imputation.Numerics.Linear;
using Imputation.Patterns;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>A row's distance from the model.</summary>
/// <param name="Index">Index among the given rows.</param>
/// <param name="Size">Number of observed columns.</param>
/// <param name="Squared">Squared Mahalanobis distance of its observed part.</param>
/// <param name="LogP">Natural logarithm of the probability that a chi-squared number with as many degrees of freedom is larger.</param>
internal readonly record struct RowDistance(int Index, int Size, double Squared, double LogP);

/// <summary>Rows by how far they lie from the model, and by which of their cells.</summary>
internal static class OutlyingRows
{
    /// <summary>Every row that has a distance, the most outlying first.</summary>
    public static RowDistance[] Sorted(GaussianRows fitted, double[] squared) =>
    [
        .. Enumerable.Range(0, squared.Length).Where(i => !double.IsNaN(squared[i])).Select(i =>
        {
            int size = fitted.Parameters.Count - fitted.Patterns.MissingCountOf(fitted.Patterns.PatternOf(i));
            return new RowDistance(i, size, squared[i], TailProbability.LogChiSquared(squared[i], size));
        }).OrderBy(r => r.LogP).ThenBy(r => r.Index)
    ];

    /// <summary>The cells of a row with the largest conditional residuals given its other cells: column, value, expected, and by how
    /// many conditional standard deviations, (Σ_OO⁻¹ d)ⱼ / √(Σ_OO⁻¹)ⱼⱼ.</summary>
    public static (string Column, double Value, double Expected, double Deviations)[] Cells(GaussianRows fitted, int row, int most)
    {
        MissingPattern pattern = fitted.Patterns[fitted.Patterns.PatternOf(row)];
        int[] observed = pattern.Observed;
        int p = fitted.Parameters.Count, o = observed.Length;
        double[] factor = new double[o * o], precision = new double[o * o], d = new double[o];
        for (int a = 0; a < o; a++) d[a] = fitted.Deviation(row, observed[a]);
        Cholesky.Pick(fitted.Parameters.Covariance, p, observed, factor);
        if (!Cholesky.Factor(factor, o, o)) return [];
        Cholesky.Invert(factor, o, o, precision);
        return [.. Enumerable.Range(0, o).Select(a =>
        {
            double pull = Dot.Product(precision.AsSpan(a * o, o), d), q = precision[a * o + a];
            int j = observed[a];
            return (fitted.Matrix.ColumnNames[j], fitted.Matrix[row, j], fitted.Center[j] + fitted.Scale[j] * (d[a] - pull / q),
                pull / Math.Sqrt(q));
        }).OrderByDescending(c => Math.Abs(c.Item4)).Take(most)];
    }
}
