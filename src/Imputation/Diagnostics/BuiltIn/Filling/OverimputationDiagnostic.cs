using Imputation.Diagnostics.BuiltIn.Model;
using Imputation.Diagnostics.Charts;
using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Statistics;
using Imputation.Text;
using MathNet.Numerics.Distributions;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>Overimputation: observed cells are hidden, predicted as missing ones are, and compared with what stands there (Honaker, King
/// and Blackwell 2011).</summary>
/// <remarks>
/// A row hides what another row of the data lacks, so that the predictions have as little to go by as those of cells that are really
/// missing. The
/// rows are dealt into five parts; the cells of one part are hidden at a time and the model is fitted again without them, under the prior
/// of the fit
/// to all cells. Where that would take long only one part is hidden, and where even that would, or the model was fitted to other rows, the
/// parameters
/// stay as they are, having seen the hidden cells: then the result is a little too good, and <see cref="DiagnosticResult.Method"/> says so.
/// Reported are the error against that of the column's mean, the share of cells in central intervals of the conditional distribution, which
/// leave out
/// the uncertainty of the estimates as the ledger's do, and the continuous ranked probability score (Gneiting and Raftery 2007, §4.2),
/// against that of the
/// distribution of the column's other cells. Cells that an exact relation determines are left out. That the hidden cells are predicted well
/// does not
/// show that the missing ones are: these may differ in ways that no observed cell tells.
/// </remarks>
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
    public string Title => "Overimputation: hidden cells predicted";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Fit;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] rows = EvenSubsample.Take(context.SampledRows(), Math.Max(100, MostCells / Math.Max(1, context.Fit.Columns.Count)));
        if (GaussianRows.Of(context.Fit, context.Table, rows) is not { } fitted)
            return new DiagnosticResult { Verdict = "Nothing was hidden and predicted: the model has no usable covariance." };
        var predicted = new PredictedCells(context, fitted);
        if (predicted.Cells.Count == 0)
            return new DiagnosticResult
            {
                Verdict = "Nothing could be hidden and predicted: no row has two observed cells of which one "
                + "could do without the other."
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
        string interval = $"of {TextFormat.Count(all.Count, "hidden cell")}, {TextFormat.Percent(all.Coverage95)} lie in their 95 % "
            + "interval and "
            + $"{TextFormat.Percent(all.Coverage50)} in their 50 % interval";
        string error = all.Ratio > 1 ? "the error is no smaller than the column mean's"
            : $"the error is {TextFormat.Percent(all.Ratio)} of the column mean's";
        Finding[] off = [.. findings.Where(f => f.Code.StartsWith("intervals-", StringComparison.Ordinal)
            && f.Code != "intervals-discrete")];
        string[] wrong = [.. off.SelectMany(f => f.Columns).Distinct()];
        if (all.Count < FewestCells) return $"Too few cells could be hidden to judge the model's intervals: {interval}; {error}.";
        if (off.Length > 0 && wrong.Length == 0)
            return $"The model's intervals are {(off[0].Code == "intervals-too-narrow" ? "too narrow" : "too wide")} on the whole: "
                + $"{interval}; {error}.";
        string few = rowCount < FewestJudged ? $" {TextFormat.Count(rowCount, "row")} show only gross faults." : "";
        return wrong.Length == 0 ? $"No clear fault in the model's intervals: {interval}; {error}.{few}"
            : $"The model's intervals are off for {TextFormat.Names(wrong, 6)}: {interval}; {error}.";
    }

    private static string Method(DiagnosticContext context, PredictedCells predicted, int[] rows)
    {
        string how = predicted.Turns switch
        {
            0 => context.Fit.Report.RowCount == context.Table.RowCount
                ? "The parameters are those of the fit to all cells, the hidden ones included, because fitting again would take long: the "
                    + "result is a little too good."
                : "The parameters are those of the model as it was given.",
            1 => "The cells of a fifth of the rows were hidden, and the model fitted again without them.",
            _ => "The rows were dealt into five parts; the cells of each were hidden in turn, and the model fitted again without them.",
        };
        if (predicted.FixedTurns > 0) how += $" In {TextFormat.Count(predicted.FixedTurns, "turn")} that had no answer, and the fit to "
            + "all cells was used, "
            + "which makes the result a little too good.";
        return $"Observed cells are hidden where another row, drawn with seed {context.RunOptions.Seed}, lacks them, and predicted from the "
            + $"rest of their row. {how} "
            + "Intervals leave out the uncertainty of the estimates. Honaker, King and Blackwell (2011); CRPS: Gneiting and Raftery (2007)."
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
            + "interval, "
            + $"{TextFormat.Percent(r.Coverage80)} in the 80 %, {TextFormat.Percent(r.Coverage95)} in the 95 %";

        bool HeavyTails((string Name, OverimputedColumn Result, int At50, int At95) c) => c.At50 > 0 && c.At95 <= 0;
        HashSet<string> graded = [.. found.Where(HeavyTails).Select(c => c.Name)
            .Where(name => ShapeOf(context, name, rows) is { DistinctCount: <= FewLevels })];
        Add("intervals-heavy-tails", c => HeavyTails(c) && !graded.Contains(c.Name), FindingSeverity.Warning,
            names => $"Heavy tails in {names}: most cells are predicted better than the model says, and a few far worse; its intervals "
                + "are too wide for most cells and too narrow for the extreme ones.",
            "Look for errors and codes among the extreme values; a transformation or a model with heavy tails suits better.", Coverage);
        Add("intervals-discrete", c => HeavyTails(c) && graded.Contains(c.Name), FindingSeverity.Note,
            names => $"The intervals do not quite fit {names}, where few different values occur: more cells than there should be lie "
                + "close to their prediction, and not more within the wide interval; steps between the values explain that.",
            "Nothing is wrong with the values. Where only values of the scale may stand, round within bounds or use predictive "
                + "mean matching.", Coverage);
        Add("intervals-too-narrow", c => c.At95 < 0 && c.At50 <= 0, FindingSeverity.Warning,
            names => $"The model is too sure of itself in {names}: fewer hidden cells than there should be lie in its intervals.",
            "Take the intervals of filled cells as too narrow. Fewer columns, more rows or a ridge prior help where rows are few; "
                + "otherwise look at the shape of the columns.", Coverage);
        Add("intervals-too-wide", c => c.At95 > 0 && c.At50 >= 0, FindingSeverity.Note,
            names => $"The model is less sure of itself than it could be in {names}: more hidden cells than there should be lie in its "
                + "intervals.",
            "As where a column is bounded or has few values: the intervals of filled cells are on the safe side.", Coverage);
        Add("intervals-wrong-shape", c => c.At50 < 0 && c.At95 >= 0, FindingSeverity.Warning,
            names => $"Errors in {names} are not of the shape that the model has them: fewer hidden cells than there should be lie close "
                + "to their prediction, "
                + "as where values fall into two groups or few levels.",
            "A normal model fills such columns with values in between. Draws (--method draw), rounded to the values there are (--round), "
                + "suit better.", Coverage);
        Add("no-skill", c => 1 - c.Result.Ratio * c.Result.Ratio < 0.02, FindingSeverity.Note,
            names => $"The model knows next to nothing about {names} beyond the column's mean: what is filled in lies close to the mean, "
                + "whatever else the row says.",
            "Add columns that go together with it, if there are any; draws (--method draw) keep its spread.",
            r => $"error {TextFormat.Number(r.Rmse)}, of the mean {TextFormat.Number(r.RmseOfMean)}");

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
                $"All columns taken together, {(narrow ? "fewer" : "more")} hidden cells than there should be lie in their intervals: "
                    + $"the model is {(narrow ? "too sure of itself" : "less sure of itself than it could be, at least for most cells")}.",
                [], narrow ? "Take the intervals of filled cells as too narrow. With few rows for the columns a ridge prior, or fewer "
                    + "columns, help." : "")
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
            { IsDiscrete: true } => $" (it has {shape.DistinctCount} different values)",
            { IsTwoPart: true } => $" ({TextFormat.Percent(shape.AtZero)} of its values are 0)",
            { IsSkewed: true } => $" (it is skewed, {TextFormat.Number(shape.Skewness)})",
            { IsHeavyTailed: true } => $" (its excess kurtosis is {TextFormat.Number(shape.ExcessKurtosis)})",
            _ => "",
        };
    }

    private static ColumnShape? ShapeOf(DiagnosticContext context, string name, int[] rows) =>
        ColumnShapes.Of([(NumericColumn)context.Table[name]], rows, context.Cancellation)[0].Shape;

    private static DiagnosticTable Table((string Name, PredictedCell[] Cells, OverimputedColumn Result)[] columns, OverimputedColumn all)
    {
        IReadOnlyList<object?> Row(string name, OverimputedColumn r) => [name, r.Count, r.Rmse, r.RmseOfMean, r.Ratio, r.Coverage50,
            r.Coverage80, r.Coverage95, r.Score, r.ScoreOfColumn, r.Skill];
        return new DiagnosticTable("Hidden cells predicted, by column",
            [new("Column", CellFormat.Text), new("Hidden cells", CellFormat.Count), new("Error (RMSE)"), new("Error of the mean"),
                new("Ratio"),
                new("In 50 % interval", CellFormat.Share), new("In 80 % interval", CellFormat.Share),
                new("In 95 % interval", CellFormat.Share), new("CRPS"), new("CRPS of the column"), new("Skill")],
            [Row("all, in standard deviations", all), .. columns.Select(c => Row(c.Name, c.Result))])
        {
            Note = "Ratio: error over that of predicting the column's mean; 1 where the model knows nothing more. CRPS: "
                + "average distance between the predicted distribution and the truth, in the units of the column; of the column: "
                + "with the distribution of its other cells as the prediction. Skill: 1 − CRPS over that.",
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
                Lower = [.. taken.Select(c => c.Mean - OverimputedColumn.Normal95 * c.Deviation)],
                Upper = [.. taken.Select(c => c.Mean + OverimputedColumn.Normal95 * c.Deviation)],
                Labels = [.. taken.Select(c => $"row {rows[c.Row] + 1}")],
            },
        ])
        {
            Description = $"Each point is an observed cell of '{name}' that was hidden: its prediction, with the interval that should "
                + "hold it 95 times of 100, "
                + "against what stands there. The interval holds the truth where it crosses the diagonal: "
                + $"in {taken.Count(c => c.IsWithin(OverimputedColumn.Normal95))} of {TextFormat.Count(taken.Length, "cell")}"
                + (taken.Length < cells.Length ? $" shown of {TextFormat.Count(cells.Length, "cell")}." : "."),
        };
    }
}
