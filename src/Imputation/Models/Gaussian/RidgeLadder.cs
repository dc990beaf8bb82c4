namespace Imputation.Models.Gaussian;

/// <summary>Degrees of freedom of the ridge priors that are tried one after the other, weakest first, where a weaker prior does not do.
/// </summary>
internal static class RidgeLadder
{
    private static readonly double[] s_steps = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    /// <summary>Columns for each degree of freedom of the weakest ridge that is tried for a wide table.</summary>
    private const int ColumnsPerDegree = 10;

    /// <summary>The weakest ridge that is tried for a table of fewer rows than three times its columns.</summary>
    /// <remarks>Simulated tables of 300 × 200 with 20 % missing cells (factors, weak and strong, and autoregression) were filled best under
    /// 10 to 100 degrees of freedom, for strong factors nearly as well under 30 as under 10. Under 1 to 3 the errors were up to half as
    /// large again, and EM took ten times as many iterations.</remarks>
    public static double Wide(int columnCount) => Math.Ceiling((double)columnCount / ColumnsPerDegree);

    /// <summary>A first one, and those stronger than it; all for 0.</summary>
    public static IEnumerable<double> From(double first) => s_steps.Where(df => df > first).Prepend(first).Where(df => df > 0);

    /// <summary>Those that are stronger than a prior.</summary>
    /// <param name="prior">The prior that does not do.</param>
    /// <param name="least">The weakest that is worth the try.</param>
    public static double[] Above(CovariancePrior prior, double least)
    {
        double own = prior.Kind == CovariancePriorKind.Ridge ? prior.DegreesOfFreedom : 0;
        return [.. s_steps.Where(df => df >= least && df > own)];
    }
}
