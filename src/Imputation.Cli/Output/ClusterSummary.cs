using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Summary of the mixtures that were compared and of the components of the best.</summary>
internal static class ClusterSummary
{
    /// <summary>All candidates; the chosen one has an arrow.</summary>
    public static void Candidates(Summary account, MixtureChoice choice)
    {
        bool hidden = choice.Criterion == MixtureCriterion.Hidden;
        string criterion = choice.Criterion.ToString().ToLowerInvariant();
        account.Line("Candidates", $"{TextFormat.Count(choice.Candidates.Count)} compared by {criterion}; "
            + $"{(hidden ? "the largest log density of hidden cells" : "the smallest")} is chosen");
        account.Table(["", ">k", ">log-likelihood", ">parameters", ">BIC", ">ICL", .. hidden ? new[] { ">hidden" } : [], "outcome"],
            choice.Candidates.Select(c => (IReadOnlyList<string>)
            [
                ReferenceEquals(c.Fit, choice.Best) ? "->" : "", TextFormat.Count(c.Components),
                TextFormat.Fixed(c.Fit.Report.LogLikelihood, 3), TextFormat.Count(c.Fit.Report.ParameterCount),
                TextFormat.Fixed(c.Fit.Report.Bic, 2), TextFormat.Fixed(c.Fit.Icl, 2),
                .. hidden ? new[] { TextFormat.Fixed(c.HiddenLogDensity, 4) } : [],
                c.Outcome,
            ]));
    }

    /// <summary>Weight, rows and means of each component, and how many rows are undecided.</summary>
    public static void Components(Summary account, NormalMixtureFit fit, double[,] shares)
    {
        int n = shares.GetLength(0), k = shares.GetLength(1), undecided = 0;
        var rows = new int[k];
        for (int row = 0; row < n; row++)
        {
            int best = NormalMixtureFit.MostProbable(shares, row);
            rows[best]++;
            if (shares[row, best] < 0.9) undecided++;
        }
        account.Line("Components", $"{TextFormat.Count(k)}, the largest first; {TextFormat.Count(undecided, "row")} with a probability "
            + "below 0.9");
        account.TableInParts([">component", ">weight", ">rows", .. fit.Numbers.Select(name => ">" + name)],
            fit.Components.Select((c, index) => (IReadOnlyList<string>)
            [
                TextFormat.Count(index + 1), TextFormat.Fixed(c.Weight, 3), TextFormat.Count(rows[index]),
                .. c.Mean.Select(m => TextFormat.Compact(m, 4)),
            ]));
    }
}
