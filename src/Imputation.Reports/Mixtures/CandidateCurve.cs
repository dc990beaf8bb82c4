using Imputation.Diagnostics;
using Imputation.Text;

namespace Imputation.Reports.Mixtures;

/// <summary>The mixtures that were compared, and the criterion by their numbers of components.</summary>
internal static class CandidateCurve
{
    public static DiagnosticEntry Of(MixtureChoice choice)
    {
        bool hidden = choice.Criterion == MixtureCriterion.Hidden;
        string criterion = choice.Criterion switch
        {
            MixtureCriterion.Bic => "BIC",
            MixtureCriterion.Icl => "ICL",
            _ => "Negative log density of hidden cells",
        };
        MixtureCandidate chosen = choice.Candidates.First(c => IsChosen(choice, c));
        return new DiagnosticEntry("number", "Number of components", new DiagnosticResult
        {
            Verdict = Verdict(choice, hidden ? "largest log density of hidden cells" : $"smallest {criterion}"),
            Charts = choice.Candidates.Count == 1 ? [] : [Curve(choice, criterion)],
            Tables =
            [
                new DiagnosticTable("Candidates", [new("Components", CellFormat.Count), new("Log-likelihood"),
                    new("Parameters", CellFormat.Count), new("BIC"), new("ICL"),
                    .. hidden ? (TableColumn[])[new("Log density of hidden cells")] : [], new("Above the chosen"),
                    new("Outcome", CellFormat.Text)],
                    [.. choice.Candidates.Select(c => (IReadOnlyList<object?>)[c.Components, c.Fit.Report.LogLikelihood,
                        c.Fit.Report.ParameterCount, c.Fit.Report.Bic, c.Fit.Icl, .. hidden ? (object?[])[c.HiddenLogDensity] : [],
                        c.Score - chosen.Score, c.Outcome + (IsChosen(choice, c) ? ", chosen" : "")])]),
            ],
            Method = "BIC: −2 log-likelihood + parameters × log rows; the log-likelihood is that of the observed cells. ICL adds twice the "
                + "entropy of the rows' probabilities, so that components must be apart (Biernacki, Celeux and Govaert 2000). Smaller is "
                + "better; 'Above the chosen' is the difference in the criterion that was asked for." + (hidden ? " Log density: the mean "
                + "for 10 % of the observed cells, hidden from a fit of their own; larger is better." : ""),
        });
    }

    private static string Verdict(MixtureChoice choice, string best)
    {
        int k = choice.Best.Components.Count, sound = choice.Candidates.Count(c => c.IsSound), all = choice.Candidates.Count;
        if (all == 1) return $"{TextFormat.Count(k, "component")}, as asked; no other number was tried.";
        return $"Of {choice.Candidates[0].Components} to {choice.Candidates[^1].Components} components, {k} {(k == 1 ? "has" : "have")} "
            + $"the {best}" + (sound == all ? "." : sound == 0 ? "; none of the fits converged to a proper end."
                : $" among the {sound} of {all} fits that converged to a proper end.");
    }

    private static XyChart Curve(MixtureChoice choice, string criterion)
    {
        MixtureCandidate[] scored = [.. choice.Candidates.Where(c => double.IsFinite(c.Score))];
        ChartSeries Series(string name, SeriesKind kind, Func<MixtureCandidate, bool> which)
        {
            MixtureCandidate[] own = [.. scored.Where(which)];
            return new ChartSeries(name, kind, [.. own.Select(c => (double)c.Components)], [.. own.Select(c => c.Score)]);
        }
        ChartSeries[] series =
        [
            Series(criterion, SeriesKind.Line, _ => true),
            Series("chosen", SeriesKind.Points, c => IsChosen(choice, c)),
            Series("converged", SeriesKind.Points, c => c.IsSound && !IsChosen(choice, c)),
            Series("not converged or improper", SeriesKind.Points, c => !c.IsSound && !IsChosen(choice, c)),
        ];
        return new XyChart($"{criterion} by number of components", "number of components", $"{criterion} (smaller is better)",
            [.. series.Where(s => s.X.Count > 0)]);
    }

    private static bool IsChosen(MixtureChoice choice, MixtureCandidate candidate) => ReferenceEquals(candidate.Fit, choice.Best);
}
