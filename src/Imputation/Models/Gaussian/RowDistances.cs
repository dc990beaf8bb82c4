using Imputation.Numerics.Linear;
using Imputation.Numerics.Threading;

namespace Imputation.Models.Gaussian;

/// <summary>How far rows lie from a fitted model.</summary>
internal static class RowDistances
{
    /// <summary>(x_O − μ_O)ᵀ Σ_OO⁻¹ (x_O − μ_O) of each given row; NaN where nothing is observed or Σ_OO cannot be factored.</summary>
    /// <param name="fitted">The model and the rows.</param>
    /// <param name="threads">Most threads; 0 for one per processor. The result does not depend on it.</param>
    /// <param name="cancellation">Cancels.</param>
    public static double[] Squared(GaussianRows fitted, int threads, CancellationToken cancellation)
    {
        int p = fitted.Parameters.Count;
        var squared = new double[fitted.Matrix.RowCount];
        ParallelWork.For(fitted.Patterns.Count, ParallelWork.Options(threads, cancellation), () => new double[p * p + p], (k, work) =>
        {
            Pattern(fitted, k, work, squared);
            return work;
        });
        return squared;
    }

    private static void Pattern(GaussianRows fitted, int pattern, double[] work, double[] squared)
    {
        int[] observed = fitted.Patterns[pattern].Observed;
        int p = fitted.Parameters.Count, o = observed.Length;
        ReadOnlySpan<int> rows = fitted.Patterns.RowsOf(pattern);
        Span<double> factor = work.AsSpan(0, o * o), d = work.AsSpan(p * p, o);
        Cholesky.Pick(fitted.Parameters.Covariance, p, observed, factor);
        bool usable = o > 0 && Cholesky.Factor(factor, o, o);
        foreach (int row in rows)
        {
            for (int a = 0; a < o; a++) d[a] = fitted.Deviation(row, observed[a]);
            squared[row] = usable ? Cholesky.Mahalanobis(factor, d) : double.NaN;
        }
    }
}
