using Imputation.Numerics.Linear;

namespace Imputation.Models.Gaussian;

/// <summary>Moments with their standardised form: standard deviations, correlations and the Cholesky factor of the correlations.
/// Computed once for a fit, and used by filling, diagnostics, regressions and standard errors.</summary>
internal sealed class GaussianMoments(double[] mean, double[,] covariance) : ModelMoments(mean, covariance)
{
    private Standard? _all;

    /// <summary>Moments of some columns on the scale where all means are 0 and all variances 1.</summary>
    /// <param name="Center">Means, in the units of the data.</param>
    /// <param name="Scale">Standard deviations, in the units of the data.</param>
    /// <param name="Correlations">Row by row.</param>
    /// <param name="Parameters">Means 0 and the correlations, factored; null where these are not positive definite.</param>
    public sealed record Standard(double[] Center, double[] Scale, double[] Correlations, GaussianParameters? Parameters);

    /// <summary>The moments as Gaussian ones.</summary>
    public static GaussianMoments Of(ModelMoments moments) =>
        moments as GaussianMoments ?? new GaussianMoments(moments.Mean, moments.Covariance);

    /// <summary>All columns, standardised.</summary>
    public Standard Standardised => _all ??= Make([.. Enumerable.Range(0, Mean.Length)]);

    /// <summary>Some of the columns, standardised.</summary>
    /// <param name="columns">Indices, ascending.</param>
    public Standard Marginal(int[] columns) => columns.Length == Mean.Length ? Standardised : Make(columns);

    private Standard Make(int[] columns)
    {
        double[] correlations = Correlations.Of(Covariance, columns, out double[] scale);
        return new Standard(Array.ConvertAll(columns, j => Mean[j]), scale, correlations,
            GaussianParameters.Create(new double[columns.Length], correlations));
    }
}
