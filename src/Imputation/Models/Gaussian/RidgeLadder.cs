namespace Imputation.Models.Gaussian;

/// <summary>Degrees of freedom of the ridge priors that are tried one after the other, weakest first, where a weaker prior does not do.
/// </summary>
internal static class RidgeLadder
{
    private static readonly double[] s_steps = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<double> Steps => s_steps;

    /// <summary>Those that are stronger than a prior.</summary>
    /// <param name="prior">The prior that does not do.</param>
    /// <param name="least">The weakest that is worth the try.</param>
    public static double[] Above(CovariancePrior prior, double least)
    {
        double own = prior.Kind == CovariancePriorKind.Ridge ? prior.DegreesOfFreedom : 0;
        return [.. s_steps.Where(df => df >= least && df > own)];
    }
}
