using System.Globalization;

namespace Imputation.Models.Normal;

/// <summary>Findings about standard errors.</summary>
internal static class InformationFindings
{
    /// <param name="fit">The fit.</param>
    /// <param name="names">The parameters in words.</param>
    /// <param name="determined">Of each parameter 1 where it is determined, +∞ where the objective is flat along it, NaN where it curves
    /// upward.</param>
    /// <param name="worst">The worst linear function.</param>
    /// <param name="fromMaximum">Standard errors to the maximum; 0 where that is near enough.</param>
    /// <param name="sums">Rows and log-likelihood.</param>
    public static IReadOnlyList<Finding> Of(NormalFit fit, string[] names, double[] determined, WorstLinearFunction worst,
        double fromMaximum, InformationSums sums)
    {
        var findings = new List<Finding>();
        int p = fit.Columns.Count;
        double difference = Math.Abs(sums.LogLikelihood - fit.Report.LogLikelihood);
        if (difference > 1e-6 * (1 + Math.Abs(fit.Report.LogLikelihood)))
        {
            findings.Add(new Finding(FindingSeverity.Problem, "other-data",
                string.Create(CultureInfo.InvariantCulture,
                    $"These are not the data that the model was fitted to: their log-likelihood is {sums.LogLikelihood:F4}, and that of "
                    + $"the fit {fit.Report.LogLikelihood:F4}. Standard errors are only valid for the data that were fitted."),
                [], "Give the table that was fitted, or fit this one."));
        }
        if (fromMaximum > 0)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "not-at-maximum",
                string.Create(CultureInfo.InvariantCulture,
                    $"The estimates are not at a maximum: some combination of them is about {fromMaximum:G2} of its standard errors away "
                    + $"from it. The standard errors apply to these estimates, not to the maximum."),
                [], "Fit to convergence: allow more iterations, or a smaller tolerance."));
        }
        Undetermined(double.IsPositiveInfinity, "not-determined", "The data do not determine the ",
            " along some of it the likelihood is flat. The standard error is infinite; those of other parameters are not affected.");
        Undetermined(double.IsNaN, "not-a-maximum", "The estimates are not at a maximum along the ",
            " the likelihood curves upward there, so there is no standard error.");
        if (worst.Fraction is > 0.9 and < 1)
        {
            findings.Add(new Finding(FindingSeverity.Note, "little-information",
                string.Create(CultureInfo.InvariantCulture,
                    $"The worst fraction of missing information is {worst.Fraction:P0}, for {worst.Description}: standard errors "
                        + $"that depend on it are imprecise, and the true uncertainty may be larger and asymmetric."),
                []));
        }
        if (fit.Report.Prior.Kind != CovariancePriorKind.None)
        {
            findings.Add(new Finding(FindingSeverity.Note, "prior-included",
                $"The model was fitted under a prior, {fit.Report.Prior}, and the standard errors include its information: they are "
                    + $"smaller than from the data alone.", []));
        }
        return findings;

        void Undetermined(Func<double, bool> which, string code, string before, string after)
        {
            int[] open = [.. Enumerable.Range(0, names.Length).Where(i => which(determined[i]))];
            if (open.Length == 0) return;
            string listed = string.Join(", the ", open.Take(6).Select(i => names[i])) + (open.Length > 6 ? $" and {open.Length - 6} more"
                : "");
            findings.Add(new Finding(FindingSeverity.Warning, code, $"{before}{listed}:{after}",
                [.. fit.Columns.Where((_, j) => open.Any(i => i < p ? i == j : Of(i - p) is var (a, b) && (a == j || b == j)))],
                "Leave out a column, or give a ridge prior (ridge:1, or auto for the weakest that helps)."));
        }
        static (int, int) Of(int pair)
        {
            int row = 0;
            while (pair > row) pair -= ++row;
            return (row, pair);
        }
    }
}
