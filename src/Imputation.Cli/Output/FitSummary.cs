using Imputation.Text;

namespace Imputation.Cli.Output;

/// <summary>Summary of a fitted model.</summary>
internal static class FitSummary
{
    private static readonly HashSet<string> ToldElsewhere = ["identifier", "constant-column", "cells-still-missing", "model-chosen"];

    /// <summary>Each column's part in the model: those modelled in one breath, every other by name and reason.</summary>
    public static void Columns(Summary account, IReadOnlyList<ColumnUse> dispositions)
    {
        string[] modelled = [.. dispositions.Where(d => d.Role == ColumnRole.Modelled).Select(d => d.Name)];
        account.Line("Columns", modelled.Length == 0 ? "none modelled"
            : $"{TextFormat.Count(modelled.Length)} modelled: {TextFormat.NameList(modelled)}");
        foreach (var group in dispositions.Where(d => d.Role != ColumnRole.Modelled)
            .GroupBy(d => Role(d.Role) + (d.Note.Length == 0 ? "" : $" ({d.Note})")))
        {
            account.Line("", $"{TextFormat.NameList(group.Select(d => d.Name))}: {group.Key}");
        }
    }

    /// <summary>Missing cells, patterns, prior, outcome, log-likelihood, and where the starts ended.</summary>
    public static void Fit(Summary account, FittedModel fit, CovariancePrior asked)
    {
        long cells = (long)fit.Report.RowCount * fit.TableColumns.Count();
        account.Line("Missing", $"{TextFormat.Count(fit.Report.MissingCellCount)} of {TextFormat.Count(cells)} modelled cells "
            + $"({TextFormat.Percent(fit.Report.MissingCellCount, cells)}), "
            + $"in {TextFormat.Count(fit.Report.PatternCount, "pattern")}; {TextFormat.Count(fit.Report.CompleteRowCount)} of "
                + $"{TextFormat.Count(fit.Report.RowCount, "row")} complete");
        if (fit.Report.Comparison is { } choice) Choice(account, choice, choice.TakenBy(fit), fit as StackFit);
        account.Line("Prior", fit.HasLikelihood ? Prior(fit.Report, asked, fit.ModelName) : "of each model its own");
        account.Line("Fit", Outcome(fit));
        if (!fit.HasLikelihood) account.Line("Log-likelihood", "none: a combination of models predicts, and has no likelihood");
        else account.Line("Log-likelihood", double.IsPositiveInfinity(fit.Report.LogLikelihood)
            ? "infinite: the sample's covariance is singular"
            : TextFormat.Fixed(fit.Report.LogLikelihood, 4) + (fit.Report.Objective == fit.Report.LogLikelihood
            ? ""
            : $" (objective with the prior {TextFormat.Fixed(fit.Report.Objective, 4)})"));
        if (fit.Report.Runs.Count > 1 && fit.Report.Runs.Select(run => run.Start).Distinct().Count() is > 1 and var starts)
        {
            account.Line("Starts", fit.Report.EndPoints.Count == 0
                ? $"{TextFormat.Count(starts)} starts, none of which came to a proper end"
                : $"{TextFormat.Count(starts)} starts ended at {TextFormat.Count(fit.Report.EndPoints.Count, "distinct point")}: "
                + TextFormat.List([.. fit.Report.EndPoints.Select(end => $"objective {TextFormat.Fixed(end.Objective, 4)} (reached "
                    + $"{(end.StartCount == 1 ? "once" : TextFormat.Count(end.StartCount, "time"))})")], most: 5));
        }
    }

    /// <summary>The models that were compared; the chosen one has an arrow, and combined ones have their mean weights.</summary>
    private static void Choice(Summary account, ModelComparison choice, ModelCandidate taken, StackFit? stack)
    {
        account.Line("Model", $"{(stack is null ? choice.Best.Name : "a combination")}: "
            + $"{TextFormat.Count(choice.Candidates.Count)} compared on "
            + $"{TextFormat.Count(choice.HiddenCellCount, "hidden cell")}; loss 1 is that of the column's distribution");
        static string Number(double x) => double.IsNaN(x) ? "" : TextFormat.Fixed(x, 4);
        bool numbers = choice.Candidates.Any(c => !double.IsNaN(c.NumberError)), categories = choice.Candidates.Any(
            c => !double.IsNaN(c.BrierScore));
        string[] Weight(ModelCandidate c) => stack is null ? [] : [stack.WeightOf(c.Name) is { } w ? TextFormat.Fixed(w, 2) : ""];
        account.Table(["", "model", .. stack is null ? Array.Empty<string>() : [">weight"], ">loss",
            .. numbers ? new[] { ">error (sd)" } : [], .. categories ? new[] { ">Brier" } : [], ">log density", "outcome"],
            choice.All.Select(c => (IReadOnlyList<string>)
            [
                ReferenceEquals(c, taken) ? "->" : "", c.Name, .. Weight(c), Number(c.Loss),
                .. numbers ? new[] { Number(c.NumberError) } : [],
                .. categories ? new[] { Number(c.BrierScore) } : [], Number(c.LogScore),
                c.Failure.Length > 0 ? c.Failure : double.IsNaN(c.LossError) || ReferenceEquals(c, choice.Candidates[0]) ? ""
                    : $"± {Number(c.LossError)}",
            ]));
        if (stack is null && choice.HiddenCellCount > 0) account.Line("Why", BestModelOptions.Why(choice));
    }

    /// <summary>The findings that the user should see, the most important first; notes that repeat another line of the summary are left
    /// out.</summary>
    public static void Findings(Summary account, IEnumerable<Finding> findings)
    {
        foreach (Finding finding in findings.Where(f => f.Severity > FindingSeverity.Note || !ToldElsewhere.Contains(f.Code))
            .OrderByDescending(f => f.Severity))
        {
            string advice = finding.Code == "integers-became-numbers" ? "--integer rounds the filled values." : finding.Advice;
            account.Line(finding.Severity.ToString(), advice.Length == 0 ? finding.Sentence : $"{finding.Sentence}\n{advice}");
        }
    }

    /// <summary>How the fit ended, in words.</summary>
    public static string Outcome(FittedModel fit)
    {
        string spent = $"{TextFormat.Count(fit.Report.IterationCount, "iteration")} "
            + $"({TextFormat.Count(fit.Report.EStepCount, "E step")})";
        string certificate = double.IsFinite(fit.Report.ConvergenceRate) && double.IsFinite(fit.Report.EstimatedDistance)
            ? $"convergence rate {TextFormat.Compact(fit.Report.ConvergenceRate, 3)}, estimated distance to the maximum "
                + $"{TextFormat.Compact(fit.Report.EstimatedDistance, 2)} standard deviations"
            : !fit.HasLikelihood && double.IsFinite(fit.Report.EstimatedDistance)
                ? $"estimated distance to the maximum at most {TextFormat.Compact(fit.Report.EstimatedDistance, 2)} standard deviations"
                : "the distance to the maximum cannot be estimated";
        return fit.Report.Outcome switch
        {
            EmOutcome.Converged when fit.Report.Method == FitMethod.Complete =>
                "closed form (sample moments): no row is partly observed",
            EmOutcome.Converged when fit.Report.Method == FitMethod.Monotone => "closed form, no iteration: the pattern is monotone",
            EmOutcome.Converged => $"converged in {spent}\n{certificate}",
            EmOutcome.MaxIterations => $"NOT CONVERGED: stopped after {spent}; allow more with --max-iterations\n{certificate}",
            EmOutcome.Stalled => $"NOT CONVERGED: no further progress after {spent}\n{certificate}",
            EmOutcome.Unbounded when fit.Report.Findings.Any(f => f.Code == "near-singular") =>
                $"NO RESULT: the covariance became singular to double precision; stopped after {spent}; use a prior, such as --prior auto",
            EmOutcome.Unbounded => $"NO MAXIMUM: the likelihood is unbounded; stopped after {spent}"
                + fit switch
                {
                    StudentTFit => "", // it has no prior
                    NormalMixtureFit { Numbers.Count: 0 } => "; use fewer classes",
                    NormalMixtureFit => "; use a prior, such as --prior ridge:1, or fewer components", // auto is none
                    _ => "; use a prior, such as --prior auto",
                },
            EmOutcome.ObjectiveDecreased => $"NOT CONVERGED: a step lowered the objective after {spent}; this is a bug, please report "
                + $"it\n{certificate}",
            _ => $"NOT CONVERGED: {fit.Report.Outcome} after {spent}\n{certificate}",
        };
    }

    /// <summary>A prior and its weight.</summary>
    public static string Prior(CovariancePrior prior) => prior.Kind switch
    {
        CovariancePriorKind.None => "none: maximum likelihood",
        CovariancePriorKind.Ridge => $"{prior}: as strong as {TextFormat.Compact(prior.DegreesOfFreedom)} extra "
            + $"{(prior.DegreesOfFreedom == 1 ? "row" : "rows")} with no correlations",
        _ => prior.ToString(),
    };

    private static string Prior(FitReport report, CovariancePrior asked, string model)
    {
        string words = Prior(report.Prior);
        if (model != "normal") return words;
        if (asked.Kind != CovariancePriorKind.Auto) return words;
        return report.Prior.Kind == CovariancePriorKind.None
            ? report.Method == FitMethod.Complete ? $"{words} (auto: no cell is missing)"
                : report.Findings.Any(f => f.Code == "likelihood-unbounded") ? $"{words} (auto: a well-determined local maximum)"
                : $"{words} (auto: the data determine the estimates)"
            : $"{words}\n(auto: {(report.Findings.Any(f => f.Code == "prior-by-hidden-cells") ? "few rows; predicts hidden cells best"
                : "the weakest prior with a unique maximum")})";
    }

    /// <summary>The use of a column that is not simply modelled.</summary>
    public static string Role(ColumnRole role) => role switch
    {
        ColumnRole.Collinear => "modelled, collinear",
        ColumnRole.Constant => "constant, not modelled",
        ColumnRole.NothingObserved => "not modelled",
        ColumnRole.Identifier => "identifier, not modelled",
        ColumnRole.PassThrough => "not modelled",
        ColumnRole.Excluded => "not modelled",
        ColumnRole.Weight or ColumnRole.Group => "not modelled",
        _ => role.ToString(),
    };
}
