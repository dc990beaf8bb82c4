using System.Globalization;

namespace Imputation.Models.MarkovChains;

/// <summary>Findings about a run of data augmentation.</summary>
internal static class DataAugmentationFindings
{
    /// <summary>Autocorrelation from which on successive draws resemble each other, and part of a start's error that is too much.</summary>
    private const double TooAlike = 0.1, TooMuchStart = 0.01;

    /// <summary>The findings, most important first.</summary>
    public static IEnumerable<Finding> Of(IReadOnlyList<string> names, CovariancePrior asked, CovariancePrior prior,
        DataAugmentationSchedule schedule, double rate, IReadOnlyList<DataAugmentationTrace> traces, bool allTraces)
    {
        DataAugmentationTrace[] unsettled = [.. traces.Where(t => t.RHat > DataAugmentationResult.SettledRHat)
            .OrderByDescending(t => t.RHat)];
        double left = Math.Pow(rate, schedule.BurnIn);
        if (unsettled.Length > 0)
        {
            // A chain that is slow and short shows a large R-hat also where it began as it should: then the burn-in is judged by the rate.
            DataAugmentationTrace most = unsettled[0];
            bool begunWell = left <= TooMuchStart;
            int kept = schedule.IterationCount - schedule.BurnIn + 1;
            string differ = $"{(schedule.Chains > 1 ? "the chains, or their halves," : "the halves of the chain")} still differ in "
                + $"{Listed(unsettled)}";
            yield return new Finding(begunWell ? FindingSeverity.Note : FindingSeverity.Warning, begunWell ? "chains-short"
                : "chains-not-settled",
                begunWell
                    ? string.Create(CultureInfo.InvariantCulture,
                        $"Convergence of the chains cannot be assessed from {kept} iterations after the burn-in, because they mix slowly: "
                        + $"{differ}. By the convergence rate of EM the burn-in is long enough: it leaves {100 * left:0.#} % of the "
                        + $"distance of a starting point from the centre.")
                    : $"The chains have not converged: {differ}. The draws depend on the starting points.",
                Columns(names, unsettled),
                begunWell
                    ? string.Create(CultureInfo.InvariantCulture,
                        $"Run longer chains: more draws, fewer chains, or more thinning (such as {2L * schedule.Thinning}); if this does "
                        + $"not help, leave out columns that are rarely observed together, or fit with a stronger ridge prior.")
                    : string.Create(CultureInfo.InvariantCulture,
                        $"Use a longer burn-in and more thinning, such as a burn-in of {2L * schedule.BurnIn} and a thinning of "
                        + $"{2L * schedule.Thinning}; if this does not help, leave out columns that are rarely observed together, or fit "
                        + $"with a ridge prior."))
            {
                Evidence = string.Create(CultureInfo.InvariantCulture,
                    $"R-hat {most.RHat:0.00} of {most.Name}, {unsettled.Length} of {traces.Count} above "
                    + $"{DataAugmentationResult.SettledRHat}; effective sample size {most.EffectiveDrawCount:0}"),
            };
        }
        if (left > TooMuchStart)
        {
            yield return new Finding(FindingSeverity.Warning, "burn-in-short",
                rate >= 1
                    ? string.Create(CultureInfo.InvariantCulture,
                        $"Some combination of the parameters is not identified: no burn-in is known to be long enough; {schedule.BurnIn} "
                        + $"iterations were used.")
                    : string.Create(CultureInfo.InvariantCulture,
                        $"The burn-in of {Iterations(schedule.BurnIn)} is too short: it leaves {100 * left:0.#} % of the distance of a "
                        + $"starting point from the centre, because the worst fraction of missing information is {100 * rate:0.##} %."),
                [], rate >= 1 ? "Fit with a ridge prior (ridge:1), or leave out columns that are never observed together."
                    : string.Create(CultureInfo.InvariantCulture,
                        $"Use a burn-in of {schedule.BurnInNeeded:0}, or fit with a ridge prior."))
            {
                Evidence = string.Create(CultureInfo.InvariantCulture, $"rate of EM {rate:G4}"),
            };
        }
        DataAugmentationTrace? worst = traces is [.., { Kind: DataAugmentationTraceKind.WorstLinearFunction } last] ? last : null;
        double alike = Math.Pow(rate, schedule.Thinning);
        if (alike > TooAlike && schedule.DrawCount > schedule.Chains && rate < 1)
        {
            yield return new Finding(FindingSeverity.Warning, "draws-alike",
                string.Create(CultureInfo.InvariantCulture,
                    $"Successive draws of a chain are autocorrelated (about {alike:0.00} for the worst-determined combination of "
                    + $"parameters). The between-imputation variance and pooled standard errors are then too small."),
                [], string.Create(CultureInfo.InvariantCulture,
                    $"Use a thinning of {schedule.ThinningNeeded:0} iterations, or as many chains as draws."))
            {
                Evidence = worst is null ? "" : string.Create(CultureInfo.InvariantCulture,
                    $"autocorrelation at lag {schedule.Thinning} found "
                    + $"{worst.Autocorrelation(schedule.Thinning):0.00}"),
            };
        }
        if (asked.Kind == CovariancePriorKind.None)
        {
            yield return new Finding(FindingSeverity.Note, "prior-for-draws",
                "The model was fitted by maximum likelihood, but posterior draws need a prior: Jeffreys' noninformative prior "
                    + "|Σ|^(−(p+1)/2) was used.", [])
            {
                Evidence = string.Create(CultureInfo.InvariantCulture, $"prior {prior}"),
            };
        }
        if (!allTraces)
        {
            yield return new Finding(FindingSeverity.Note, "traces-left-out",
                traces.Count > 1 ? "Traces of the covariances were not kept because there are too many; R-hat covers the means, "
                    + "variances and the worst linear function." : "Traces of means and covariances were not kept because there are "
                    + "too many; R-hat covers only the worst linear function.", []);
        }
    }

    private static string Iterations(int count) => count == 1 ? "1 iteration" : string.Create(CultureInfo.InvariantCulture,
        $"{count} iterations");

    private static string Listed(DataAugmentationTrace[] traces) =>
        traces.Length <= 4 ? string.Join(", ", traces.Select(t => t.Name)) : string.Join(", ", traces.Take(3).Select(t => t.Name))
            + string.Create(CultureInfo.InvariantCulture, $" and {traces.Length - 3} more");

    private static string[] Columns(IReadOnlyList<string> names, DataAugmentationTrace[] traces) =>
        [.. traces.Where(t => t.First >= 0).SelectMany(t => new[] { t.First, t.Second }).Distinct().Select(j => names[j])];

}
