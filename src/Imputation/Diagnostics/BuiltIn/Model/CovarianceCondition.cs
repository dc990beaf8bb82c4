using Imputation.Models.Gaussian;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>How near a fitted covariance is to having a column that others determine.</summary>
/// <param name="Number">Condition number of the correlation matrix: largest over smallest eigenvalue; infinite where the smallest is not
/// above 0.</param>
/// <param name="Smallest">Its smallest eigenvalue: the variance of the combination of standardised columns, of length 1, that varies
/// least.</param>
/// <param name="Columns">The columns that weigh in that combination, the heaviest first, with their weights.</param>
internal sealed record CovarianceCondition(double Number, double Smallest, IReadOnlyList<(string Name, double Weight)> Columns)
{
    /// <summary>Weight from which on a column is named.</summary>
    private const double Weighty = 0.25;

    /// <summary>Most columns of which the eigenvalues are computed: their time grows with the cube.</summary>
    private const int MostColumns = 600;

    /// <summary>Of a fit; null where it has more columns than that, or a covariance that is not one.</summary>
    public static CovarianceCondition? Of(FittedModel fit)
    {
        int p = fit.Columns.Count;
        if (p > MostColumns || fit.Moments is not { } moments) return null;
        GaussianMoments.Standard standard = GaussianMoments.Of(moments).Standardised;
        double[] correlation = standard.Correlations, scale = standard.Scale;
        if (scale.Any(s => !(s > 0 && double.IsFinite(s)))) return null;
        Evd<double> eigen = Matrix<double>.Build.Dense(p, p, correlation).Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(z => z.Real)];
        int least = Array.IndexOf(values, values.Min());
        return new CovarianceCondition(values[least] > 0 ? values.Max() / values[least] : double.PositiveInfinity, values[least],
            [.. Enumerable.Range(0, p).Select(j => (fit.Columns[j], eigen.EigenVectors[j, least])).Where(c => Math.Abs(c.Item2) >= Weighty)
                .OrderByDescending(c => Math.Abs(c.Item2))]);
    }
}
