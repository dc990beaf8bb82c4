using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Whether the data determine the estimates, and whether the estimates were found: identifiability and convergence.</summary>
/// <remarks> EM's linear rate is the largest fraction of missing information (Dempster, Laird and Rubin 1977, §3; Schafer 1997,
/// §3.3.3): the share of the complete-data information that is missing for the worst-determined combination of parameters. The
/// certificate is that of the fit: estimated distance still to go, and norm of the score. Near-collinearity by the condition number
/// of the fitted correlations; Belsley, Kuh and Welsch (1980, §3.2) look closer from a condition index, its square root, of 30. The
/// findings of the fit are passed on as they are.</remarks>
internal sealed class ConvergenceDiagnostic : IMissingnessDiagnostic
{
    private const double SuspectCondition = 900, SlowRate = 0.9;

    private const int MostPairs = 50, MostTraces = 12, MostPoints = 300;

    /// <inheritdoc/>
    public string Name => "convergence";

    /// <inheritdoc/>
    public string Title => "Identifiability and convergence";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Fit;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        FittedModel fit = context.Fit;
        IReadOnlyList<(int First, int Second)> apart = context.MatrixPatterns?.NeverObservedTogether() ?? [];
        CovarianceCondition? condition = CovarianceCondition.Of(fit);
        int starts = fit.Report.Runs.Select(r => r.Start).Distinct().Count();
        int agreeing = fit.Report.EndPoints.Count == 0 ? 0 : fit.Report.EndPoints[0].StartCount;
        var tables = new List<DiagnosticTable> { Certificate(fit, condition, starts) };
        if (fit.Report.Comparison is { } choice) tables.Add(Compared(choice, choice.TakenBy(fit)));
        if (fit is StackFit stack) tables.Add(Weights(stack));
        if (fit.Report.Runs.Count > 1) tables.Add(Runs(fit));
        if (apart.Count > 0) tables.Add(NeverObservedTogether(context, apart));
        if (fit.Report.Relations.Count > 0) tables.Add(Relations(fit));
        XyChart? trace = Trace(fit);
        return new DiagnosticResult
        {
            Verdict = Verdict(fit, apart.Count, starts, agreeing),
            // The diagnostic of codes has its own place.
            Findings = [.. Judge(fit, condition, starts).Concat(fit.Report.Findings.Where(f => f.Code != "suspicious-code"))
                .OrderByDescending(f => f.Severity)],
            Values =
            [
                new("converged", fit.Report.Outcome == EmOutcome.Converged ? 1 : 0), new("iterations", fit.Report.IterationCount),
                    new("evaluations", fit.Report.EStepCount),
                new("remaining", fit.Report.EstimatedDistance), new("rate", fit.Report.ConvergenceRate),
                    new("scoreNorm", fit.Report.ScoreNorm), new("logLikelihood", fit.Report.LogLikelihood),
                    new("objective", fit.Report.Objective),
                new("conditionNumber", condition?.Number ?? double.NaN), new("smallestEigenvalue", condition?.Smallest ?? double.NaN),
                new("neverObservedTogether", apart.Count), new("relations", fit.Report.Relations.Count),
                new("starts", starts), new("runs", fit.Report.Runs.Count), new("endPoints", fit.Report.EndPoints.Count),
                    new("runsAtBest", agreeing),
                new("priorDegreesOfFreedom", fit.Report.Prior.Kind == CovariancePriorKind.None ? 0 : fit.Report.Prior.DegreesOfFreedom),
            ],
            Tables = tables,
            Charts = trace is null ? [] : [trace],
            Method = "Convergence rate: largest eigenvalue of the EM map's derivative at the estimates, by Lanczos' method "
                + "(Dempster, Laird and Rubin 1977). Condition number: largest over smallest eigenvalue of the fitted correlations."
                + (fit.Report.Method == FitMethod.Complete ? " Nothing is missing: the estimates are the sample's mean and covariance."
                    : fit.Report.Method == FitMethod.Monotone
                    ? " The pattern is monotone: the estimates come from a sequence of regressions, without iteration (Anderson 1957)."
                    : ""),
        };
    }

    private static string Verdict(FittedModel fit, int apart, int starts, int agreeing)
    {
        string open = apart > 0 ? $" {TextFormat.Count(apart, "correlation is", "correlations are")} not identified: the columns "
            + $"are never observed together." : "";
        string prior = fit.Report.Prior.Kind == CovariancePriorKind.None ? "" : $" A prior was used ({fit.Report.Prior}).";
        string restarts = starts < 2 ? "" : $" {agreeing} of {TextFormat.Count(fit.Report.Runs.Count, "run")} from "
            + $"{TextFormat.Count(starts, "start")} reach the same maximum" + (fit.Report.EndPoints.Count > 1
                ? $", others end at {TextFormat.Count(fit.Report.EndPoints.Count - 1, "other point")}" : "")
            + ".";
        return fit.Report.Outcome switch
        {
            EmOutcome.Unbounded => "There are no estimates: "
                + (fit.Report.Findings.Any(f => f.Code == "near-singular") ? "the covariance became singular to double precision."
                    : "the likelihood has no maximum.") + open + prior,
            EmOutcome.Converged when fit.Report.Method == FitMethod.Complete =>
                "Nothing is missing in the modelled columns: the estimates are exact." + prior,
            EmOutcome.Converged when fit.Report.Method == FitMethod.Monotone =>
                "The estimates are exact: the pattern is monotone, so no iteration was needed." + Lost(fit) + open,
            EmOutcome.Converged => $"EM converged, to within {TextFormat.Number(fit.Report.EstimatedDistance, 2)} standard "
                + $"deviations of the maximum."
                + Lost(fit) + restarts + open + prior,
            _ => $"EM did not converge to the requested tolerance: {Words(fit.Report.Outcome)}." + open + prior,
        };
    }

    private static string Lost(FittedModel fit) => double.IsNaN(fit.Report.ConvergenceRate) || fit.Report.ConvergenceRate >= 1 ? ""
        : $" The worst fraction of missing information is {TextFormat.Percent(fit.Report.ConvergenceRate)}.";

    private static string Words(EmOutcome outcome) => outcome switch
    {
        EmOutcome.Converged => "converged",
        EmOutcome.MaxIterations => "iteration limit reached",
        EmOutcome.Stalled => "no further progress in floating point",
        EmOutcome.ObjectiveDecreased => "a step lowered the objective",
        EmOutcome.Unbounded => "the likelihood is unbounded, or the covariance singular to double precision",
        _ => "cancelled",
    };

    private static IEnumerable<Finding> Judge(FittedModel fit, CovarianceCondition? condition, int starts)
    {
        if (fit.Report.ConvergenceRate is > SlowRate and < 1)
        {
            yield return new Finding(FindingSeverity.Warning, "much-information-missing",
                $"The worst fraction of missing information is {TextFormat.Percent(fit.Report.ConvergenceRate)}: for that "
                    + $"combination of parameters the data are worth "
                    + $"{TextFormat.Number(Math.Max(1, (1 - fit.Report.ConvergenceRate) * fit.Report.RowCount))} complete rows, not "
                    + $"{TextFormat.Count(fit.Report.RowCount, "row")}.",
                [], "Do not interpret single correlations of columns that are rarely observed together; for standard errors use "
                    + "multiple imputation with many imputations.")
            {
                Evidence = $"worst fraction of missing information {TextFormat.Number(fit.Report.ConvergenceRate)}",
            };
        }
        if (condition is { Number: > SuspectCondition } && fit.Report.Relations.Count == 0 && fit.Report.Outcome != EmOutcome.Unbounded)
        {
            string[] names = [.. condition.Columns.Select(c => c.Name)];
            yield return new Finding(FindingSeverity.Warning, "near-collinear",
                (names.Length > 1 ? TextFormat.Names(names, 6) : "Some columns") + " are nearly collinear: values filled into one of "
                    + "them depend on small differences between the others, and partial regression coefficients are unstable.",
                names, "Leave out one of them, or use a ridge prior (--prior ridge:1).")
            {
                Evidence = $"condition number of the correlations {TextFormat.Number(condition.Number)}; smallest eigenvalue "
                    + $"{TextFormat.Number(condition.Smallest)}",
            };
        }
        if (starts == 1 && fit.Report.Method == FitMethod.Iterated && fit.Report.ConvergenceRate > 0.5
            && fit.Report.Outcome == EmOutcome.Converged && fit.Report.Prior.Kind == CovariancePriorKind.None)
        {
            yield return new Finding(FindingSeverity.Note, "one-start",
                "EM was run from one starting point; with this much missing information the likelihood can have several maxima, and "
                    + "no others were searched for.", [], "Use more starts, such as --restarts 10.");
        }
    }

    private static DiagnosticTable Certificate(FittedModel fit, CovarianceCondition? condition, int starts)
    {
        var rows = new List<IReadOnlyList<object?>>();
        void Add(string what, string value, string meaning) => rows.Add([what, value, meaning]);
        string Found(double value) => double.IsNaN(value) ? "not computed" : TextFormat.Number(value);
        Add("Outcome", Words(fit.Report.Outcome), fit.Report.Method switch
        {
            FitMethod.Complete => "no iteration needed: no cell is missing",
            FitMethod.Monotone => "no iteration needed: the pattern is monotone",
            _ => "how the best run of EM ended"
        });
        Add("Distance to the maximum", Found(fit.Report.EstimatedDistance), "estimated, in standard deviations of the columns");
        Add("Score norm", Found(fit.Report.ScoreNorm), "norm of the gradient of the log-likelihood at the estimates; 0 at a maximum");
        Add("Convergence rate", Found(fit.Report.ConvergenceRate), "worst fraction of missing information over all combinations of "
            + "parameters: 0 none missing, 1 all missing");
        Add("Iterations", TextFormat.Count(fit.Report.IterationCount), "of the best run");
        Add("E-steps", TextFormat.Count(fit.Report.EStepCount), "passes over the data in all runs, including those that verify the "
            + "maximum");
        Add("Starts", TextFormat.Count(starts), starts == 1 ? "one; no other maxima were searched for"
            : $"{TextFormat.Count(fit.Report.EndPoints.Count, "distinct end")}, "
            + $"{TextFormat.Count(fit.Report.EndPoints.Count == 0 ? 0 : fit.Report.EndPoints[0].StartCount)} of "
                + $"{TextFormat.Count(fit.Report.Runs.Count, "run")} at the best");
        Add("Log-likelihood", TextFormat.Fixed(fit.Report.LogLikelihood, 4), "of the observed cells, at the estimates");
        Add("Prior", fit.Report.Prior.Kind == CovariancePriorKind.None ? "none" : fit.Report.Prior.ToString() ?? "",
            fit.Report.Prior.Kind == CovariancePriorKind.None ? "maximum likelihood"
            : "shrinks the covariance towards its prior guess, and identifies what the data do not");
        Add("Condition number", condition is null ? "not computed" : Found(condition.Number),
            "of the correlation matrix: 1 for uncorrelated columns, above 900 for near-collinearity");
        Add("Rows, columns, patterns", $"{TextFormat.Count(fit.Report.RowCount)}, {TextFormat.Count(fit.Columns.Count)}, "
            + $"{TextFormat.Count(fit.Report.PatternCount)}", "modelled");
        return new DiagnosticTable("Convergence of the fit", [new("Quantity", CellFormat.Text), new("Value", CellFormat.Text),
            new("Meaning", CellFormat.Text)], rows);
    }

    private static DiagnosticTable Weights(StackFit stack) => new(
        "Weights of the combined models",
        [new("Column", CellFormat.Text), .. stack.Names.Select(name => new TableColumn(name))],
        [.. stack.Columns.Select(name => (IReadOnlyList<object?>)[name, .. stack.WeightsOf(name).Select(w => (object?)w)])])
    {
        Note = "Predictions of a cell are weighted means of the models' predictions: weights of at least 0 that add up to 1, with the "
            + "least squared error on hidden cells, drawn towards the simplest model where few cells were hidden.",
    };

    private static DiagnosticTable Compared(ModelComparison choice, ModelCandidate taken) => new(
        "Models compared",
        [new("Model", CellFormat.Text), new("Taken", CellFormat.Text), new("Loss"), new("Standard error of the difference"),
            new("Error of numbers (sd)"), new("Brier score"), new("Log density"), new("Outcome", CellFormat.Text)],
        [.. choice.All.Select((c, i) => (IReadOnlyList<object?>)[c.Name, ReferenceEquals(c, taken), c.Loss, i == 0 ? null : c.LossError,
            c.NumberError, c.BrierScore, c.LogScore, c.Failure])])
    {
        Note = $"On {TextFormat.Count(choice.HiddenCellCount, "hidden cell")}. Loss: continuous ranked probability score of numbers, Brier "
            + "score of categories, over that of the column's own distribution, mean of the columns; the first model is taken where no "
            + "other is better by a standard error. Log density: mean of a hidden cell, in the units of the data.",
    };

    private static DiagnosticTable Runs(FittedModel fit) => new(
        "Each run",
        [new("Start", CellFormat.Text), new("Outcome", CellFormat.Text), new("Iterations", CellFormat.Count),
            new("E-steps", CellFormat.Count), new("Objective"),
            new("Below the best"), new("End point", CellFormat.Count)],
        [.. fit.Report.Runs.OrderByDescending(r => r.Objective).ThenBy(r => r.Start).Select(r =>
            (IReadOnlyList<object?>)[StartName(r.Start), Words(r.Outcome), r.IterationCount, r.EStepCount, r.Objective,
                Math.Max(0, fit.Report.Objective - r.Objective), r.EndPoint is { } end ? end + 1 : null])])
    {
        Note = "Runs with the same end point agree to 1e-4 standard deviations. A start that reaches a saddle point continues in two "
            + "directions, as two runs.",
    };

    private static DiagnosticTable NeverObservedTogether(DiagnosticContext context, IReadOnlyList<(int First, int Second)> apart) => new(
        "Pairs of columns never observed together",
        [new("Column", CellFormat.Text), new("With", CellFormat.Text)],
        [.. apart.Take(MostPairs).Select(d => (IReadOnlyList<object?>)[context.Matrix!.ColumnNames[d.First],
            context.Matrix.ColumnNames[d.Second]])])
    {
        Note = "No row has both: the data do not identify their correlation."
            + (apart.Count > MostPairs ? $" {TextFormat.Count(apart.Count - MostPairs, "pair")} left out." : ""),
    };

    private static DiagnosticTable Relations(FittedModel fit) => new(
        "Exact relations among columns",
        [new("Relation", CellFormat.Text), new("Rows in which it holds", CellFormat.Count)],
        [.. fit.Report.Relations.Select(r => (IReadOnlyList<object?>)[r.ToString(), r.RowCount])]);

    private static string StartName(int start) => start == 0 ? "first" : $"random {start}";

    /// <summary>How far below the best end each iteration of each run was; null where there were too few iterations to draw.</summary>
    private static XyChart? Trace(FittedModel fit)
    {
        var runs = fit.Report.Traces.Count == fit.Report.Runs.Count
            ? fit.Report.Traces.Select((trace, i) => (fit.Report.Runs[i].Start, Trace: trace)).ToArray()
            : [(Start: fit.Report.Trace.Count > 0 ? fit.Report.Trace[0].Start : 0, fit.Report.Trace)];
        if (fit.Report.Method != FitMethod.Iterated || fit.Report.Outcome == EmOutcome.Unbounded) return null;
        double best = runs.SelectMany(r => r.Trace).Where(t => double.IsFinite(t.Objective)).Select(t => t.Objective)
            .DefaultIfEmpty(double.NaN).Max();
        double rounding = 1e-13 * (1 + Math.Abs(best)); // below it a gap is nothing but noise
        var series = new List<ChartSeries>();
        foreach ((int start, IReadOnlyList<EmIteration> trace) in runs.Take(MostTraces))
        {
            EmIteration[] shown = [.. trace.Where(t => best - t.Objective > rounding)];
            if (shown.Length > MostPoints)
                shown = [.. Enumerable.Range(0, MostPoints).Select(i => shown[(int)((long)i * (shown.Length - 1) / (MostPoints - 1))])];
            if (shown.Length < 2) continue;
            string name = StartName(start) + " start";
            int same = series.Count(s => s.Name == name || s.Name.StartsWith(name + ", ", StringComparison.Ordinal));
            series.Add(new ChartSeries(same == 0 ? name : $"{name}, branch {same + 1}", SeriesKind.Line,
                [.. shown.Select(t => (double)t.Iteration)], [.. shown.Select(t => Math.Log10(best - t.Objective))]));
        }
        if (series.Count == 0) return null;
        return new XyChart("Convergence by start", "Iteration", "log10 of the distance of the objective from its best value", series)
        {
            Description = "Distance of the objective (log-likelihood, plus log prior if there is one) from its best value at each "
                + "iteration, on a logarithmic scale. A line that falls steadily converges; one that levels off is at a lower "
                + "maximum or has stalled."
                + (runs.Length > MostTraces ? $" The first {MostTraces} of {TextFormat.Count(runs.Length, "run")} are shown." : "")
                + (fit.Report.Traces.Count != fit.Report.Runs.Count && fit.Report.Runs.Count > 1
                    ? " Only the trace of the best run was kept." : ""),
        };
    }
}
