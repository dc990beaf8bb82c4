using Imputation.Diagnostics.BuiltIn.Model;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Statistics;
using Imputation.Text;
using MathNet.Numerics.Distributions;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>Overimputation: observed cells are hidden, predicted as missing ones are, and compared with their true values (Honaker, King
/// and Blackwell 2011).</summary>
/// <remarks> Each row hides the cells that another row lacks, so that the predictions use as little information as those of cells
/// that are missing. Five-fold cross-validation: the cells of one fifth of the rows are hidden at a time and the model is refitted
/// without them, under the prior of the fit to all cells. Where that would take long only one part is hidden, and where even that
/// would, or the model was fitted to other rows, the parameters are those of the fit to all cells: then the result is slightly
/// optimistic, and <see cref="DiagnosticResult.Method"/> reports this. Reported are the error against that of the column's mean, the
/// share of cells in prediction intervals, which allow for the uncertainty of the estimates as the ledger's limits do, and the
/// continuous ranked probability score of the conditional distribution (Gneiting and Raftery 2007, §4.2), against that of the
/// distribution of the column's other cells. Cells that an exact relation determines are left out. Good prediction of hidden cells does not
/// prove good prediction of missing ones: these may differ in ways that the observed cells do not show (MNAR).</remarks>
internal sealed class OverimputationDiagnostic : IMissingnessDiagnostic
{
    private const int MostCharts = 6, MostPoints = 300, FewestJudged = 30, FewestCells = 10, FewLevels = 10;

    /// <summary>Level of the exact test of all cells together where they come from few rows.</summary>
    private const double LevelOfFew = 0.01;

    /// <summary>Cells of the matrix up to which all rows are taken.</summary>
    private const int MostCells = 1_000_000;

    /// <inheritdoc/>
    public string Name => "overimputation";

    /// <inheritdoc/>
    public string Title => "Overimputation: prediction of hidden observed cells";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Fit;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] rows = EvenSubsample.Take(context.SampledRows(), Math.Max(100, MostCells / Math.Max(1, context.Fit.Columns.Count)));
        if (GaussianRows.Of(context.Fit, context.Table, rows) is not { } fitted)
            return new DiagnosticResult
            {
                Verdict = context.Fit.Moments is null
                    ? $"Not computed: the model ({context.Fit.Description}) has no means and covariances to predict with."
                    : "Not computed: the covariance of the model is singular.",
            };
        var predicted = new PredictedCells(context, fitted);
        if (predicted.Cells.Count == 0)
            return new DiagnosticResult
            {
                Verdict = "Not computed: no row has two observed cells, so that one could be hidden and predicted from the other."
            };

        // Those with the most to fill first.
        var columns = predicted.Cells.GroupBy(c => c.Column).Select(g => (Index: g.Key, Name: fitted.Matrix.ColumnNames[g.Key],
            Cells: g.ToArray()))
            .OrderByDescending(c => context.Table[c.Name].MissingCount).ThenBy(c => c.Index)
            .Select(c => (c.Name, c.Cells, Result: OverimputedColumn.Of(c.Cells, _ => 1))).ToArray();
        OverimputedColumn all = OverimputedColumn.Of(predicted.Cells.ToArray(), c => fitted.Scale[c.Column]);
        List<Finding> findings = Judge(context, columns, all, predicted.Cells.Select(c => c.Row).Distinct().Count(), rows);
        return new DiagnosticResult
        {
            Verdict = Verdict(all, findings, predicted.Cells.Select(c => c.Row).Distinct().Count()),
            Findings = findings,
            Values =
            [
                new("hiddenCells", all.Count), new("rmseRatio", all.Ratio), new("coverage50", all.Coverage50),
                    new("coverage80", all.Coverage80), new("coverage95", all.Coverage95),
                new("crps", all.Score), new("crpsOfColumn", all.ScoreOfColumn), new("crpsSkill", all.Skill),
                    new("refits", predicted.Turns - predicted.FixedTurns),
            ],
            Tables = [Table(columns, all)],
            Charts = [.. columns.Take(MostCharts).Select(c => Plot(c.Name, c.Cells, fitted.Rows))],
            Method = Method(context, predicted, rows),
        };
    }

    private static string Verdict(OverimputedColumn all, List<Finding> findings, int rowCount)
    {
        string interval = $"of {TextFormat.Count(all.Count, "hidden cell")}, {TextFormat.Percent(all.Coverage95)} are in their 95 % "
            + $"interval and {TextFormat.Percent(all.Coverage50)} in their 50 % interval";
        string error = all.Ratio > 1 ? "the RMSE is no smaller than that of the column mean"
            : $"the RMSE is {TextFormat.Percent(all.Ratio)} of that of the column mean";
        Finding[] off = [.. findings.Where(f => f.Code.StartsWith("intervals-", StringComparison.Ordinal)
            && f.Code != "intervals-discrete")];
        string[] wrong = [.. off.SelectMany(f => f.Columns).Distinct()];
        if (all.Count < FewestCells) return $"Too few cells could be hidden to assess the coverage of the model's intervals: "
            + $"{interval}; {error}.";
        if (off.Length > 0 && wrong.Length == 0)
            return $"The model's intervals are {(off[0].Code == "intervals-too-narrow" ? "too narrow" : "too wide")} overall: "
                + $"{interval}; {error}.";
        string few = rowCount < FewestJudged ? $" {TextFormat.Count(rowCount, "row")} have power only against gross errors." : "";
        return wrong.Length == 0 ? $"The coverage of the model's intervals shows no clear error: {interval}; {error}.{few}"
            : $"The model's intervals have the wrong coverage for {TextFormat.Names(wrong, 6)}: {interval}; {error}.";
    }

    private static string Method(DiagnosticContext context, PredictedCells predicted, int[] rows)
    {
        string how = predicted.Turns switch
        {
            0 => context.Fit.Report.RowCount == context.Table.RowCount
                ? "The parameters are from the fit to all cells, including the hidden ones, because refitting would take long: the "
                    + "result is slightly optimistic."
                : "The parameters are those of the given model.",
            1 => "Cells in a fifth of the rows were hidden, and the model was refitted without them.",
            _ => "Five-fold cross-validation: cells in each fifth of the rows were hidden in turn, and the model was refitted "
                + "without them.",
        };
        if (predicted.FixedTurns > 0) how += $" In {TextFormat.Count(predicted.FixedTurns, "fold")} the refit failed and the fit to "
            + $"all cells was used, which makes the result slightly optimistic.";
        return $"Each row hides the observed cells that another row, drawn with seed {context.RunOptions.Seed}, lacks; they are "
            + $"predicted from the rest of the row. {how} "
            + "Intervals allow for the uncertainty of the estimates (Student's t), as the ledger's limits do. "
            + (predicted.WithoutIntervalCount == 0 ? "" : $"{TextFormat.Count(predicted.WithoutIntervalCount, "cell")} for which the "
                + "estimates leave fewer than one degree of freedom are left out. ")
            + "Honaker, King and Blackwell (2011); CRPS: Gneiting and Raftery (2007)."
            + TextFormat.Sample(rows.Length, context.Table.RowCount, context.RunOptions.Seed);
    }

    private static List<Finding> Judge(DiagnosticContext context, (string Name, PredictedCell[] Cells, OverimputedColumn Result)[] columns,
        OverimputedColumn all, int rowCount, int[] rows)
    {
        var judged = columns.Where(c => c.Result.Count >= FewestJudged).ToArray();
        var findings = new List<Finding>();

        // A share is off where it differs by more than chance does in any of so many columns, and by enough to matter.
        double z = -TruncatedNormal.Quantile(context.Options.SignificanceLevel / (4 * Math.Max(1, judged.Length)));
        int Off(double share, double nominal, int count, double matters) =>
            Math.Abs(share - nominal) <= Math.Max(matters, z * Math.Sqrt(nominal * (1 - nominal) / count) + 0.5 / count) ? 0
                : Math.Sign(share - nominal);
        (string Name, OverimputedColumn Result, int At50, int At95)[] found =
            [.. judged.Select(c => (c.Name, c.Result, Off(c.Result.Coverage50, 0.5, c.Result.Count, 0.05),
            Off(c.Result.Coverage95, 0.95, c.Result.Count, 0.02)))];
        void Add(string code, Func<(string Name, OverimputedColumn Result, int At50, int At95), bool> applies, FindingSeverity severity,
            Func<string, string> sentence, string advice, Func<OverimputedColumn, string> evidence)
        {
            var concerned = found.Where(applies).ToArray();
            if (concerned.Length == 0) return;
            string[] names = [.. concerned.Select(c => c.Name)];
            findings.Add(new Finding(severity, code, sentence(TextFormat.Names(names, 6)), names, advice)
            {
                Evidence = TextFormat.List(concerned, 6, c => $"'{c.Name}': {evidence(c.Result)}{Shape(context, c.Name, rows)}"),
            });
        }
        string Coverage(OverimputedColumn r) => $"{TextFormat.Percent(r.Coverage50)} of {TextFormat.Count(r.Count, "cell")} in the 50 % "
            + $"interval, {TextFormat.Percent(r.Coverage80)} in the 80 %, {TextFormat.Percent(r.Coverage95)} in the 95 %";

        bool HeavyTails((string Name, OverimputedColumn Result, int At50, int At95) c) => c.At50 > 0 && c.At95 <= 0;
        HashSet<string> graded = [.. found.Where(HeavyTails).Select(c => c.Name)
            .Where(name => ShapeOf(context, name, rows) is { DistinctCount: <= FewLevels })];
        Add("intervals-heavy-tails", c => HeavyTails(c) && !graded.Contains(c.Name), FindingSeverity.Warning,
            names => $"The prediction errors of {names} are heavy-tailed: intervals are too wide for most cells and too narrow for "
                + $"extreme ones.",
            "Check the extreme values for errors and codes; transform the column or use a model with heavy tails.", Coverage);
        Add("intervals-discrete", c => HeavyTails(c) && graded.Contains(c.Name), FindingSeverity.Note,
            names => $"The 50 % interval covers too many hidden cells of {names}, which is explained by the few distinct values of "
                + $"the scale.",
            "The filled values are usable. If only values of the scale are allowed, round within bounds or use predictive mean "
                + "matching.", Coverage);
        Add("intervals-too-narrow", c => c.At95 < 0 && c.At50 <= 0, FindingSeverity.Warning,
            names => $"The intervals of {names} are too narrow: their coverage of hidden cells is below nominal.",
            "Treat the intervals of filled cells as too narrow. If rows are few, use fewer columns or a ridge prior; otherwise check "
                + "the shape of the columns.", Coverage);
        Add("intervals-too-wide", c => c.At95 > 0 && c.At50 >= 0, FindingSeverity.Note,
            names => $"The intervals of {names} are too wide: their coverage of hidden cells is above nominal.",
            "The intervals of filled cells are conservative; this is common for bounded or discrete columns.", Coverage);
        Add("intervals-wrong-shape", c => c.At50 < 0 && c.At95 >= 0, FindingSeverity.Warning,
            names => $"The prediction errors of {names} are not normal: the 50 % interval covers too few hidden cells, as with two "
                + $"groups or few levels.",
            "The normal model fills such columns with intermediate values. Fill with draws (--method draw) and round (--round).", Coverage);
        Add("no-skill", c => 1 - c.Result.Ratio * c.Result.Ratio < 0.02, FindingSeverity.Note,
            names => $"The other columns hardly predict {names}: filled values are close to the column mean.",
            "Add correlated columns if there are any; fill with draws (--method draw) to preserve the variance.",
            r => $"RMSE {TextFormat.Number(r.Rmse)}, of the column mean {TextFormat.Number(r.RmseOfMean)}");

        // All columns together, where none by itself has cells enough. Cells of a row go together: they count as one.
        // Few rows have no normal approximation, but far too few hits show in an exact test.
        int OffOfFew(double share, double nominal) => all.Count >= FewestCells
            && Binomial.CDF(nominal, rowCount, Math.Ceiling(share * rowCount)) < LevelOfFew ? -1 : 0;
        (int at50, int at95) = rowCount < FewestJudged ? (OffOfFew(all.Coverage50, 0.5), OffOfFew(all.Coverage95, 0.95))
            : (Off(all.Coverage50, 0.5, rowCount, 0.03), Off(all.Coverage95, 0.95, rowCount, 0.015));
        if ((at50 != 0 || at95 != 0) && !findings.Any(f => f.Code.StartsWith("intervals-", StringComparison.Ordinal)))
        {
            bool narrow = at95 < 0 || (at95 == 0 && at50 < 0);
            findings.Add(new Finding(narrow ? FindingSeverity.Warning : FindingSeverity.Note, narrow ? "intervals-too-narrow"
                : "intervals-too-wide",
                $"Over all columns, the coverage of the intervals is {(narrow ? "below" : "above")} nominal: the intervals are too "
                    + $"{(narrow ? "narrow" : "wide, at least for most cells")}.",
                [], narrow ? "Treat the intervals of filled cells as too narrow. If rows are few, use fewer columns or a ridge prior." : "")
            { Evidence = Coverage(all) });
        }
        return findings;
    }

    /// <summary>What a column looks like, where that may explain its intervals.</summary>
    private static string Shape(DiagnosticContext context, string name, int[] rows)
    {
        ColumnShape? shape = ShapeOf(context, name, rows);
        return shape switch
        {
            { IsDiscrete: true } => $" ({shape.DistinctCount} distinct values)",
            { IsTwoPart: true } => $" ({TextFormat.Percent(shape.AtZero)} of its values are 0)",
            { IsSkewed: true } => $" (skewness {TextFormat.Number(shape.Skewness)})",
            { IsHeavyTailed: true } => $" (excess kurtosis {TextFormat.Number(shape.ExcessKurtosis)})",
            _ => "",
        };
    }

    private static ColumnShape? ShapeOf(DiagnosticContext context, string name, int[] rows) =>
        ColumnShapes.Of([(NumericColumn)context.Table[name]], rows, context.Cancellation)[0].Shape;

    private static DiagnosticTable Table((string Name, PredictedCell[] Cells, OverimputedColumn Result)[] columns, OverimputedColumn all)
    {
        IReadOnlyList<object?> Row(string name, OverimputedColumn r) => [name, r.Count, r.Rmse, r.RmseOfMean, r.Ratio, r.Coverage50,
            r.Coverage80, r.Coverage95, r.Score, r.ScoreOfColumn, r.Skill];
        return new DiagnosticTable("Prediction of hidden cells, by column",
            [new("Column", CellFormat.Text), new("Hidden cells", CellFormat.Count), new("RMSE"), new("RMSE of column mean"),
                new("Ratio"),
                new("In 50 % interval", CellFormat.Share), new("In 80 % interval", CellFormat.Share),
                new("In 95 % interval", CellFormat.Share), new("CRPS"), new("CRPS of column"), new("Skill")],
            [Row("all, in standard deviations", all), .. columns.Select(c => Row(c.Name, c.Result))])
        {
            Note = "Ratio: RMSE over that of predicting the column mean; 1 if the model predicts no better. CRPS: continuous ranked "
                + "probability score, in the units of the column. CRPS of column: with the empirical distribution of its other cells "
                + "as the prediction. Skill: 1 − CRPS / CRPS of column.",
        };
    }

    private static XyChart Plot(string name, PredictedCell[] cells, int[] rows)
    {
        PredictedCell[] taken = [.. EvenSubsample.Take(cells, MostPoints).OrderBy(c => c.Truth)];
        double low = taken.Min(c => Math.Min(c.Truth, c.Mean)), high = taken.Max(c => Math.Max(c.Truth, c.Mean));
        return new XyChart($"Overimputation: {name}", $"True value of {name}", $"Predicted {name}, with 95 % interval",
        [
            new ChartSeries("true = predicted", SeriesKind.Reference, [low, high], [low, high]),
            new ChartSeries("hidden cells", SeriesKind.Points, [.. taken.Select(c => c.Truth)], [.. taken.Select(c => c.Mean)])
            {
                Lower = [.. taken.Select(c => c.Mean - c.HalfWidths.Of95)],
                Upper = [.. taken.Select(c => c.Mean + c.HalfWidths.Of95)],
                Labels = [.. taken.Select(c => $"row {rows[c.Row] + 1}")],
            },
        ])
        {
            Description = $"Each point is a hidden observed cell of '{name}': its prediction with 95 % interval against its true "
                + $"value. An interval that crosses the diagonal covers the true value: "
                + $"in {taken.Count(c => c.IsWithin(c.HalfWidths.Of95))} of {TextFormat.Count(taken.Length, "cell")}"
                + (taken.Length < cells.Length ? $" shown of {TextFormat.Count(cells.Length, "cell")}." : "."),
        };
    }
}
