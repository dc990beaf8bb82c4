using System.Globalization;
using Imputation.Em;
using Imputation.Text;

namespace Imputation.Models.Mixture;

/// <summary>What the fit of a mixture should say about itself.</summary>
internal static class MixtureFindings
{
    /// <summary>The findings, the most important first.</summary>
    public static IReadOnlyList<Finding> Of(EmFit<MixtureParameters> em, MixtureEm model, MixtureData data, int k, int parameterCount)
    {
        var findings = new List<Finding>();
        string? improper = model.WhyImproper(em.Parameters);
        if (improper is not null)
            findings.Add(new Finding(FindingSeverity.Problem, FitReport.ImproperEndCode,
                $"No start came to a proper end: {improper}.", [], $"Use fewer components than {TextFormat.Count(k)}"
                    + (data.Layout.NumberCount == 0 ? "." : model.IsBounded ? ", or a simpler shape."
                        : ", a simpler shape, or a prior such as ridge:1.")));
        else if (em.Outcome != EmOutcome.Converged)
            findings.Add(new Finding(FindingSeverity.Problem, "not-converged", $"EM ended with {em.Outcome} after "
                + $"{TextFormat.Count(em.IterationCount, "iteration")}.", [], "Allow more iterations."));
        else if (model.IsBounded && model.FewRows(em.Parameters) is { } few)
            findings.Add(new Finding(FindingSeverity.Warning, "small-component", $"Under the prior {few}: the data show fewer components "
                + $"than {TextFormat.Count(k)}.", [], "Use fewer components, or no prior."));
        if (em.Improper.Count > 0 && improper is null)
        {
            EmImproperEnd<MixtureParameters> highest = em.Improper.MaxBy(e => e.Objective)!;
            int higher = em.Improper.Count(e => e.Objective > em.Objective);
            findings.Add(new Finding(FindingSeverity.Note, "improper-ends", string.Create(CultureInfo.InvariantCulture,
                $"{em.Improper.Count} of {em.Runs.Count} runs came to an improper end, {(higher == 0 ? "none" : higher)} of them with a "
                + $"higher objective than the fit's {em.Objective:F4}; at the highest, {highest.Objective:F4}, {highest.Reason}. ")
                + (model.IsBounded ? "They are no answer."
                    : "The likelihood of a mixture is unbounded at such points, and they are no answer."), []));
        }
        if (k > 1 && em.EndPoints.Count > 0 && em.EndPoints[0].StartCount == 1 && em.EndPoints.Count > 1)
            findings.Add(new Finding(FindingSeverity.Note, "reached-once", $"The best end was reached from one of "
                + $"{TextFormat.Count(em.Runs.Count, "run")}; there may be a better one.", [], "Use more starts."));
        if (data.Layout.NumberCount == 0)
        {
            double tables = 1;
            for (int c = 0; c < data.Layout.CategoryCount; c++) tables = Math.Min(1e9, tables * data.Layout.LevelCount(c));
            if (parameterCount > tables - 1)
                findings.Add(new Finding(FindingSeverity.Warning, "not-identified", string.Create(CultureInfo.InvariantCulture,
                    $"{k} classes have {parameterCount} parameters, and the answers only {tables - 1} independent frequencies: the classes "
                    + $"are not identified. Probabilities of missing answers are."), [], "Use fewer classes."));
        }
        if (em.FlatDirections.Count > 0)
            findings.Add(new Finding(FindingSeverity.Warning, "flat-likelihood",
                "The likelihood is flat along a direction: other parameters describe the data as well.", [], "Use fewer components."));
        if (k > 1 && model.Beside(em.Parameters) is not null)
            findings.Add(new Finding(FindingSeverity.Warning, "coincident-components",
                "Two components coincide: the data show no more than one in their place.", [], "Use fewer components."));
        if (em.Saddles.Count > 0)
            findings.Add(new Finding(FindingSeverity.Note, "saddles", $"{TextFormat.Count(em.Saddles.Count, "saddle point")} "
                + $"{(em.Saddles.Count == 1 ? "was" : "were")} met and left.", []));
        return findings;
    }
}
