using Imputation.Models.Gaussian;
using Imputation.Numerics.Distributions;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Model;

/// <summary>Whether a multivariate normal distribution describes the rows: their distances from it, skewness and kurtosis, outlying
/// rows, and the shape of each column.</summary>
/// <remarks> The squared Mahalanobis distance of the observed part of a row is χ² with as many degrees of freedom as cells are
/// observed (Little and Rubin 2019, §11.2; Little 1988, for patterns), if the model holds; its probability makes rows with different
/// columns comparable. Skewness and kurtosis in Mardia's manner for incomplete data: Mardia (1970, 1974), Yuan, Lambert and Fouladi
/// (2004). False alarms among outlying rows are controlled by Bonferroni's and by Benjamini and Hochberg's (1995) bounds. Columns
/// that exact relations determine are left out of distances. The parameters are estimated from the same rows, which draws outliers
/// towards them: with few rows for the columns distances are too small.</remarks>
internal sealed class ModelAdequacyDiagnostic : IMissingnessDiagnostic
{
    /// <summary>With many rows the slightest departure is significant; only effects of at least this size are reported.</summary>
    private const double RatioThatMatters = 0.1, SizeThatMatters = 0.2;

    private const int MostOutliers = 10, MostPoints = 500, TailPoints = 150, FewestRows = 10;

    /// <inheritdoc/>
    public string Name => "adequacy";

    /// <inheritdoc/>
    public string Title => "Model adequacy: multivariate normality";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Fit;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        FittedModel fit = context.Fit;
        int[] rows = context.SampledRows();
        var columns = fit.Columns.Select(name => context.Table.TryGetColumn(name, out Column? column) ? column as NumericColumn : null)
            .OfType<NumericColumn>();
        IReadOnlyList<(NumericColumn Column, ColumnShape? Shape)> shapes = ColumnShapes.Of(columns, rows, context.Cancellation);
        // A model that takes on a column's shape has nothing to fear from it.
        List<Finding> findings = [.. ColumnShapes.Findings([.. shapes.Where(s => !fit.HasShapeOf(fit.IndexOf(s.Column.Name)))])];
        string method = "Squared Mahalanobis distance of the observed part of each row under the fitted model, against chi-square with as "
            + "many degrees of freedom as "
            + "cells are observed. "
            + "Skewness and kurtosis after Mardia (1970, 1974), from incomplete rows: Yuan, Lambert and Fouladi (2004) for kurtosis, "
            + "third-order Hermite tensors for skewness; they assume cells missing completely at random."
            + TextFormat.Sample(rows.Length, context.Table.RowCount, context.RunOptions.Seed);
        DiagnosticResult Result(string verdict, IReadOnlyList<KeyValuePair<string, double>> values, IReadOnlyList<DiagnosticTable> tables,
            IReadOnlyList<Chart> charts) =>
            new()
            {
                Verdict = verdict,
                Findings = [.. findings.OrderByDescending(f => f.Severity)],
                Values = values,
                Tables = [.. tables, ColumnShapes.Table(shapes)],
                Charts = charts,
                Method = method
            };

        if (GaussianRows.Of(fit, context.Table, rows, determined: false) is not { } fitted)
        {
            string why = fit.Report.Outcome == EmOutcome.Unbounded
                ? "the likelihood has no maximum, so there are no estimates" : "the model has no covariance matrix";
            return Result($"Mahalanobis distances were not computed: {why}.", [], [], []);
        }
        double[] squared = RowDistances.Squared(fitted, context.RunOptions.Threads, context.Cancellation);
        RowDistance[] sorted = OutlyingRows.Sorted(fitted, squared);
        IncompleteMardia? mardia = IncompleteMardia.Of(fitted, squared, fit.Report.RowCount, context.RunOptions.Seed, context.Cancellation);
        if (mardia is null) return Result("Too few rows have observed values to assess the fit of the model.", [], [], []);
        if (GaussianRows.Determined(fit) is { Length: > 0 } left)
            method += $" {TextFormat.Names(left)} not used in distances: exact combinations of other columns.";

        string verdict = Judge(context, fitted, mardia, findings);
        DiagnosticTable outliers = Outliers(context, fitted, sorted, findings, out int beyondBonferroni, out int beyondFalseDiscovery);
        double beyond = sorted.Count(r => r.LogP < Math.Log(0.01)) / (double)sorted.Length;
        return Result(verdict,
        [
            new("rows", sorted.Length),
            new("kurtosisRatio", mardia.KurtosisRatio), new("kurtosisZ", mardia.KurtosisZ),
                new("kurtosisZAsymptotic", mardia.KurtosisZAsymptotic),
            new("kurtosisZCorrected", mardia.KurtosisZCorrected),
            new("kurtosisPValue", Math.Exp(mardia.KurtosisLogP)), new("kurtosisLog10PValue", TailProbability.Log10(mardia.KurtosisLogP)),
            new("skewness", mardia.Skewness), new("skewnessSize", mardia.SkewnessSize), new("skewnessStatistic", mardia.SkewnessStatistic),
            new("skewnessDegreesOfFreedom", mardia.SkewnessDegreesOfFreedom),
            new("skewnessPValue", Math.Exp(mardia.SkewnessLogP)), new("skewnessLog10PValue", TailProbability.Log10(mardia.SkewnessLogP)),
            new("shareBeyond99", beyond), new("outliersBonferroni", beyondBonferroni),
                new("outliersFalseDiscoveryRate", beyondFalseDiscovery),
        ], [Measures(mardia, beyond), outliers], [Quantiles(fitted, sorted)]);
    }

    private static string Judge(DiagnosticContext context, GaussianRows fitted, IncompleteMardia mardia, List<Finding> findings)
    {
        if (mardia.RowCount < Math.Max(FewestRows, fitted.Parameters.Count + 2))
            return $"Too few rows ({TextFormat.Count(mardia.RowCount)}, with {TextFormat.Count(fitted.Parameters.Count, "column")}) "
                + $"to test multivariate normality.";
        double level = Math.Log(context.Options.SignificanceLevel);
        bool heavy = mardia.KurtosisLogP < level && mardia.KurtosisRatio > 1 + RatioThatMatters, light = mardia.KurtosisLogP < level
            && mardia.KurtosisRatio < 1 - RatioThatMatters;
        bool skewed = mardia.SkewnessLogP < level && mardia.SkewnessSize > SizeThatMatters;
        string kurtosis = $"kurtosis {TextFormat.Number(mardia.KurtosisRatio)} times that of a normal distribution, "
            + $"{TextFormat.P(mardia.KurtosisLogP)}";
        string each = mardia.SkewnessSize >= 0.005 ? $", about {TextFormat.Number(mardia.SkewnessSize, 2)} per column" : "";
        string skewness = double.IsNaN(mardia.Skewness) ? ""
            : $"skewness {TextFormat.Number(mardia.Skewness)}{each}, {TextFormat.P(mardia.SkewnessLogP)}";
        string evidence = skewness.Length == 0 ? kurtosis : $"{kurtosis}; {skewness}";
        if (heavy || light)
        {
            findings.Add(new Finding(FindingSeverity.Warning, heavy ? "heavy-tails" : "light-tails", heavy
                ? "The rows have heavier tails than a multivariate normal distribution: outlying rows have too much influence on the "
                    + "estimates, and intervals of filled cells are too wide for most rows and too narrow for a few."
                : "The rows have lighter tails than a multivariate normal distribution, as with bounded, discrete or grouped columns.",
                [], heavy ? "Check the outlying rows and the column shapes below; transform skewed columns and correct errors."
                    : "Check the column shapes below.")
            { Evidence = kurtosis });
        }
        if (skewed)
        {
            findings.Add(new Finding(heavy ? FindingSeverity.Note : FindingSeverity.Warning, "skewness",
                "The rows are skewed relative to a multivariate normal distribution: columns are skewed or their relations are "
                    + "nonlinear. Filled means are then biased, most for unusual rows.",
                [], "Transform skewed columns (for example, take logarithms) before filling.")
            { Evidence = skewness });
        }
        string small = mardia.RowCount < 5 * fitted.Parameters.Count ? " With few rows relative to the columns the tests have "
            + "little power." : "";
        return (heavy, light, skewed) switch
        {
            (true, _, true) => $"The rows are not multivariate normal: heavy tails and skewness ({evidence}).{small}",
            (true, _, _) => $"The rows are not multivariate normal: heavy tails ({kurtosis}).{small}",
            (_, true, _) => $"The rows are not quite multivariate normal: light tails "
                + $"({kurtosis}).{small}",
            (_, _, true) => $"The rows are not quite multivariate normal: {skewness}.{small}",
            _ => $"No substantial departure from multivariate normality ({evidence}).{small}",
        };
    }

    private static DiagnosticTable Measures(IncompleteMardia mardia, double beyond) => new(
        "Mardia's kurtosis and skewness",
        [new("Measure", CellFormat.Text), new("Value"), new("Under normality"), new("Statistic"), new("Degrees of freedom"),
            new("p", CellFormat.PValue)],
        [
            ["Kurtosis, relative to a normal distribution", mardia.KurtosisRatio, 1.0, mardia.KurtosisZCorrected, null,
                Math.Exp(mardia.KurtosisLogP)],
            ["Skewness", mardia.Skewness, 0.0, mardia.SkewnessStatistic, mardia.SkewnessDegreesOfFreedom, Math.Exp(mardia.SkewnessLogP)],
            ["Share of rows beyond the 99 % quantile of chi-square", beyond, 0.01, null, null, null],
        ])
    {
        Note = "Kurtosis statistic: z, with the variance for incomplete data and a small-sample correction; with the variance of "
            + $"Yuan, Lambert and Fouladi (2004) z = {TextFormat.Number(mardia.KurtosisZ)}. Skewness statistic: chi-square.",
    };

    private static DiagnosticTable Outliers(DiagnosticContext context, GaussianRows fitted, RowDistance[] sorted, List<Finding> findings,
        out int bonferroni, out int falseDiscovery)
    {
        double[] adjusted = FalseDiscovery.Adjust([.. sorted.Select(r => r.LogP)]);
        double level = Math.Log(context.Options.SignificanceLevel), number = Math.Log(sorted.Length);
        bonferroni = sorted.Count(r => r.LogP + number < level);
        falseDiscovery = adjusted.Count(q => q < level);
        var rows = new List<IReadOnlyList<object?>>();
        string first = "";
        for (int i = 0; i < Math.Min(MostOutliers, sorted.Length); i++)
        {
            (string Column, double Value, double Expected, double Deviations)[] cells = OutlyingRows.Cells(fitted, sorted[i].Index, 3);
            string which = string.Join("; ", cells.Select((c, k) => k > 0 && Math.Abs(c.Deviations) < 2 ? ""
                : $"{c.Column} = {TextFormat.Number(c.Value)} (expected "
                + $"{TextFormat.Number(c.Expected)}, {TextFormat.Number(Math.Abs(c.Deviations))} sd away)").Where(t => t.Length > 0));
            int row = fitted.Rows[sorted[i].Index] + 1;
            if (i == 0) first = $"row {row}: {which}";
            rows.Add([row, sorted[i].Squared, sorted[i].Size, Math.Exp(sorted[i].LogP), Math.Exp(Math.Min(0, sorted[i].LogP + number)),
                Math.Exp(adjusted[i]), which]);
        }
        if (bonferroni > 0)
        {
            string listed = TextFormat.List(sorted[..bonferroni], MostOutliers, r => $"{fitted.Rows[r.Index] + 1}", ", ");
            findings.Add(new Finding(FindingSeverity.Warning, "outlying-rows",
                $"{TextFormat.Count(bonferroni, "row is an outlier", "rows are outliers")} at the Bonferroni-adjusted level for "
                    + $"{TextFormat.Count(sorted.Length, "row")}: {(bonferroni == 1 ? "row" : "rows")} {listed}.",
                [], "Check them for entry errors, wrong units or codes; if they are correct, compare the results with and without them.")
            {
                Evidence = $"{first}; {TextFormat.P(sorted[0].LogP)} unadjusted, "
                    + $"{TextFormat.P(Math.Min(0, sorted[0].LogP + number))} after Bonferroni adjustment for "
                    + $"{TextFormat.Count(sorted.Length, "row")}"
            });
        }
        return new DiagnosticTable("Outlying rows",
            [new("Row", CellFormat.Count), new("Squared distance"), new("Columns observed", CellFormat.Count), new("p", CellFormat.PValue),
                new("p, Bonferroni", CellFormat.PValue), new("False discovery rate", CellFormat.PValue),
                new("Cells with the largest conditional residuals", CellFormat.Text)],
            rows)
        {
            Note = "Rows are counted from 1. Bonferroni: probability that any row is this extreme. False discovery rate: expected "
                + "share of false positives if this row and all above it are called outliers. sd: conditional standard deviation of "
                + "the cell given the others.",
        };
    }

    /// <summary>Distances made comparable, against those expected: that of a complete row with the same probability.</summary>
    private static XyChart Quantiles(GaussianRows fitted, RowDistance[] sorted)
    {
        int n = sorted.Length, p = fitted.Parameters.Count;
        var chosen = new SortedSet<int>(Enumerable.Range(0, Math.Min(n, TailPoints)));
        for (int i = 0; i < MostPoints - TailPoints; i++) chosen.Add((int)((long)i * n / (MostPoints - TailPoints)));
        double[] theory = [.. chosen.Select(i => Math.Sqrt(ChiSquaredQuantile.Upper(Math.Log((i + 0.5) / n), p)))];
        double[] seen = [.. chosen.Select(i => Math.Sqrt(sorted[i].Size == p ? sorted[i].Squared : ChiSquaredQuantile.Upper(sorted[i].LogP,
            p)))];
        double low = Math.Min(theory[^1], seen[^1]), high = Math.Max(theory[0], double.IsFinite(seen[0]) ? seen[0] : theory[0]);
        bool[] finite = [.. seen.Select(double.IsFinite)];
        int[] rows = [.. chosen];
        double[] Kept(IEnumerable<double> values) => [.. values.Where((_, i) => finite[i]).Reverse()];
        return new XyChart("Q–Q plot of Mahalanobis distances", "Expected distance under normality", "Observed distance",
        [
            new ChartSeries("as expected", SeriesKind.Reference, [low, high], [low, high]),
            new ChartSeries("rows", SeriesKind.Points, Kept(theory),
                Kept(seen)) { Labels = [.. rows.Where((_, i) => finite[i]).Reverse()
                .Select(i => $"row {fitted.Rows[sorted[i].Index] + 1}")] },
        ])
        {
            Description = $"Each point is a row: its Mahalanobis distance, on the scale of a row with all {p} columns, against its "
                + $"expected quantile. Points on the diagonal fit the model; an upward bend at the right end indicates heavy tails "
                + $"or outliers."
                + (chosen.Count < n ? $" {TextFormat.Count(chosen.Count, "point")} of {TextFormat.Count(n, "row")} are shown, "
                    + $"including all of the most distant."
                    : ""),
        };
    }
}
