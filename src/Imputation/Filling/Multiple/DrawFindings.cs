using System.Globalization;
using Imputation.Models;

namespace Imputation.Filling.Multiple;

/// <summary>Findings about the parameter draws of the imputations.</summary>
internal static class DrawFindings
{
    /// <summary>The findings on the draws made so far.</summary>
    /// <param name="draws">The draws; null where not made yet.</param>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<ParameterDraw?> draws)
    {
        var findings = new List<Finding>();
        ParameterDraw[] made = [.. draws.OfType<ParameterDraw>()];
        if (draws.Count == 1)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "one-imputation",
                "With one imputation the between-imputation variance cannot be estimated: standard errors are too small.", [],
                    "Make more imputations, such as 20."));
        }
        ParameterDraw[] redrawn = [.. made.Where(d => d.Redraws > 0 && d.Ridge == 0)], ridged = [.. made.Where(d => d.Ridge > 0)],
            unsettled = [.. made.Where(d => !d.Converged)];
        if (redrawn.Length > 0)
        {
            findings.Add(new Finding(redrawn.Sum(d => d.Redraws) > made.Length / 10 ? FindingSeverity.Warning : FindingSeverity.Note,
                "resamples-redrawn", string.Create(CultureInfo.InvariantCulture,
                $"{Of(redrawn.Length, made.Length)} redrew the bootstrap sample, {redrawn.Sum(d => d.Redraws)} "
                    + $"{(redrawn.Sum(d => d.Redraws) == 1 ? "time" : "times")} in all, because the model could not be estimated "
                        + $"from the first one: {Lacks(redrawn)}."),
                [], redrawn.Sum(d => d.Redraws) > made.Length / 10
                    ? "The model is weakly identified: the between-imputation variance is somewhat too small. Leave out a rarely "
                        + "observed column, or use a ridge prior (ridge:1)." : ""));
        }
        if (ridged.Length > 0)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "resamples-ridged", string.Create(CultureInfo.InvariantCulture,
                $"{Of(ridged.Length, made.Length)} used a ridge prior worth up to {ridged.Max(d => d.Ridge)} rows of uncorrelated columns, "
                    + $"because without it {Lacks(ridged)}."),
                [], "The model is weakly identified. Leave out a rarely observed column, or use a ridge prior for all "
                    + "(ridge:1)."));
        }
        if (unsettled.Length > 0)
        {
            findings.Add(new Finding(FindingSeverity.Warning, "refits-not-converged",
                $"{Of(unsettled.Length, made.Length)} used an estimate that had not converged.", [],
                    "Some parameters are weakly identified: leave out a rarely observed column, or use a ridge prior "
                    + "(ridge:1)."));
        }
        return findings;
    }

    /// <summary>Reasons why resamples were degenerate, most frequent first.</summary>
    private static string Lacks(ParameterDraw[] draws)
    {
        string[] lacks = [.. draws.GroupBy(d => d.Lack).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key)];
        return lacks.Length <= 3 ? string.Join("; ", lacks) : string.Create(CultureInfo.InvariantCulture,
            $"{string.Join("; ", lacks.Take(3))}; and {lacks.Length - 3} more reasons");
    }

    private static string Of(int count, int made) => string.Create(CultureInfo.InvariantCulture,
        $"{count} of {made} {(made == 1 ? "imputation" : "imputations")}");
}
