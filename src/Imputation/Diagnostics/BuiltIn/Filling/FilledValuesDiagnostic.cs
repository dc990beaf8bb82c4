using Imputation.Numerics.Threading;
using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Filling;

/// <summary>What filling did: filled values against observed ones, column by column, and correlations before and after.</summary>
/// <remarks> Standardised difference: (mean filled − mean observed) / s, s the standard deviation (divisor n − 1) of what was
/// observed (Stuart, Azur, Frangakis and Leaf 2009, who take 0.5 and ratios of variances from ½ to 2 as occasions to look closer; so
/// van Buuren 2018, §6.6). Quantiles interpolate between order statistics (Hyndman and Fan 1996, type 7). Densities: Gaussian kernel,
/// bandwidth of Silverman (1986, eq. 3.31). Filled values need not look like observed ones: unless cells are missing completely at
/// random they should differ, in what the other columns of their rows explain.</remarks>
internal sealed class FilledValuesDiagnostic : IMissingnessDiagnostic
{
    private const int MostCharts = 12, GridPoints = 128, MostPairs = 20, MostCorrelated = 100, FewestJudged = 10;

    /// <inheritdoc/>
    public string Name => "filled";

    /// <inheritdoc/>
    public string Title => "Observed and filled values compared";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.ImputationResult;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ImputationResult done = context.ImputationResult;
        if (done.FilledCount == 0) return new DiagnosticResult { Verdict = "Nothing was filled in." };

        NumericColumn[] numeric = [.. done.Table.Columns.OfType<NumericColumn>().Where(c => done.Fit.Columns.Contains(c.Name)
            || c.Original is not null)];
        NumericColumn[] changed = [.. numeric.Where(c => c.Original is not null)];
        var columns = new FilledColumn[changed.Length];
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);
        ParallelWork.For(changed.Length, parallel, j => columns[j] = FilledColumn.Of(changed[j]));
        FilledColumn[] filled = [.. columns.Where(c => c.Filled.Length > 0).OrderByDescending(c => c.Filled.Length)];
        int[] rows = context.SampledRows();
        NumericColumn[] correlated = [.. numeric.OrderByDescending(c => c.Original?.MissingCount ?? 0).Take(MostCorrelated)
            .OrderBy(c => Array.IndexOf(numeric, c))];
        IReadOnlyList<FilledCorrelation> pairs = FilledCorrelations.Of(correlated, rows, parallel);

        Dictionary<string, ColumnFill> fills = done.Fills.ToDictionary(f => f.Column);
        FillMethod? method = done.Cells.FirstOrDefault() is { Row: > 0 } cell ? cell.Method : null;
        List<Finding> findings = Judge(filled, fills, method, context.Options.Fill.Bounds);
        long clamped = done.Fills.Sum(f => (long)f.ClampedCount), rounded = done.Fills.Sum(f => (long)f.RoundedCount),
            beyond = filled.Sum(c => (long)c.BeyondBelow + c.BeyondAbove);
        double Extreme(IEnumerable<double> values) => values.Where(x => !double.IsNaN(x)).Select(Math.Abs).DefaultIfEmpty(double.NaN).Max();
        FilledColumn[] varied = [.. filled.Where(c => c.OfObserved.StandardDeviation > 0)];
        return new DiagnosticResult
        {
            Verdict = Verdict(done, varied, beyond, method),
            Findings = findings,
            Values =
            [
                new("filledCells", done.FilledCount),
                new("shareBeyondObserved", (double)beyond / done.FilledCount), new("shareClamped", (double)clamped / done.FilledCount),
                new("shareRounded", (double)rounded / done.FilledCount),
                new("largestStandardisedDifference", Extreme(varied.Select(c => c.StandardisedDifference))),
                new("smallestDeviationRatio", varied.Select(c => c.DeviationRatio).Where(x => !double.IsNaN(x)).DefaultIfEmpty(double.NaN)
                    .Min()),
                new("largestCorrelationChange", Extreme(pairs.Select(p => p.After - p.Before))),
            ],
            Tables = [Moments(filled, fills), Quantiles(filled), Correlations(pairs, rows.Length < context.Table.RowCount)],
            Charts = [.. filled.Select(Densities).OfType<Chart>().Take(MostCharts)],
            Method = "Standard deviations have divisor n − 1. Correlations before: over rows in which both were observed (available cases)."
                + (correlated.Length < numeric.Length ? $" Correlations of the {MostCorrelated} columns with the most filled cells." : "")
                + TextFormat.Sample(rows.Length, context.Table.RowCount, context.RunOptions.Seed, "Correlations were computed")
                + (filled.Length > MostCharts ? $" Charts of the {MostCharts} columns with the most filled cells; "
                + $"{TextFormat.Count(filled.Length - MostCharts, "other is", "others are")} left out." : ""),
        };
    }

    private static string Verdict(ImputationResult done, FilledColumn[] varied, long beyond, FillMethod? method)
    {
        string what = $"{TextFormat.Count(done.FilledCount, "cell")} filled{With(method)}";
        FilledColumn? shrunk = varied.Where(c => !double.IsNaN(c.DeviationRatio)).MinBy(c => c.DeviationRatio);
        string spread = shrunk is null ? "" : $"; standard deviations of completed columns are at least "
            + $"{TextFormat.Percent(shrunk.DeviationRatio)} of the observed ones";
        return $"{what}{spread}; {(beyond == 0 ? "none is" : $"{TextFormat.Percent((double)beyond / done.FilledCount)} are")} "
            + $"outside the observed range.";
    }

    private static string With(FillMethod? method) => method switch
    {
        null => "",
        FillMethod.Mean => " with conditional means",
        FillMethod.PredictiveMeanMatching => " by predictive mean matching",
        _ => " with random draws",
    };

    private static List<Finding> Judge(FilledColumn[] filled, Dictionary<string, ColumnFill> fills, FillMethod? method,
        IReadOnlyDictionary<string, Bounds> bounds)
    {
        var findings = new List<Finding>();
        void Add(FindingSeverity severity, string code, IEnumerable<FilledColumn> concerned, Func<string, string> sentence,
            Func<FilledColumn, string> evidence, Func<FilledColumn, string> advice)
        {
            FilledColumn[] columns = [.. concerned];
            if (columns.Length == 0) return;
            string[] names = [.. columns.Select(c => c.Column.Name)];
            findings.Add(new Finding(severity, code, sentence(TextFormat.Names(names, 6)), names, advice(columns[0]))
            {
                Evidence = TextFormat.List(columns, 6, c => $"'{c.Column.Name}': {evidence(c)}"),
            });
        }

        // What no value can be: negative where none was, though the column is not a scale that happens to start at 0 with its mean far off.
        bool Negative(FilledColumn c) => c.Observed.Length > 0 && c.Observed[0] >= 0 && c.Filled[0] < 0;
        Add(FindingSeverity.Warning, "filled-negative", filled.Where(Negative),
            names => $"Negative values were filled into {names}, where every observed value is 0 or more.",
            c => $"{TextFormat.Count(c.Filled.Count(x => x < 0), "filled cell")} below 0, minimum {TextFormat.Number(c.Filled[0])}; "
                + $"observed from {TextFormat.Number(c.Observed[0])}",
            c => $"If negative values are impossible, set bounds: --bounds \"{c.Column.Name}=0..\"; or transform the column before "
                + $"filling.");
        Add(FindingSeverity.Note, "filled-beyond-observed", filled.Where(c => !Negative(c) && !bounds.ContainsKey(c.Column.Name)
            && c.BeyondBelow + c.BeyondAbove > 0),
            names => $"Some values filled into {names} are outside the observed range.",
            c => $"{TextFormat.Count(c.BeyondBelow + c.BeyondAbove)} of {TextFormat.Count(c.Filled.Length, "cell")}, filled from "
                + $"{TextFormat.Number(c.Filled[0])} to {TextFormat.Number(c.Filled[^1])}, observed from "
                + $"{TextFormat.Number(c.Observed[0])} to {TextFormat.Number(c.Observed[^1])}",
            c => $"This is extrapolation, and harmless if such values are possible. If not, set bounds, such as --bounds "
                + $"\"{c.Column.Name}={TextFormat.Number(c.Observed[0], 3)}..{TextFormat.Number(c.Observed[^1], 3)}\".");
        if (method == FillMethod.Mean)
        {
            Add(FindingSeverity.Warning, "spread-shrunk", filled.Where(c => c.DeviationRatio < 0.95).OrderBy(c => c.DeviationRatio),
                names => $"The completed {names} {(filled.Count(c => c.DeviationRatio < 0.95) == 1 ? "has" : "have")} a smaller "
                    + $"standard deviation than the observed values: conditional means have no residual variation, so standard "
                    + $"deviations, standard errors and p-values from the completed table are too small, and correlations too strong.",
                c => $"standard deviation {TextFormat.Number(c.OfCompleted.StandardDeviation)} completed, "
                    + $"{TextFormat.Number(c.OfObserved.StandardDeviation)} observed (ratio "
                    + $"{TextFormat.Number(c.DeviationRatio)})",
                _ => "For means and covariances use the fitted model. For any other analysis use multiple imputation: fill with "
                    + "draws (--method draw) several times with different seeds and pool the estimates.");
        }
        Add(FindingSeverity.Note, "filled-mean-differs", filled.Where(c => c.Filled.Length >= FewestJudged
            && Math.Abs(c.StandardisedDifference) > 0.5).OrderByDescending(c => Math.Abs(c.StandardisedDifference)),
            names => $"The mean of the filled values of {names} differs from the observed mean by more than half a standard "
                + $"deviation: the incomplete rows differ in other columns, and the model adjusts for that.",
            c => $"mean {TextFormat.Number(c.OfFilled.Mean)} filled, {TextFormat.Number(c.OfObserved.Mean)} observed "
                + $"({TextFormat.Number(c.StandardisedDifference)} standard deviations)",
            _ => "This is expected under MAR. Check that the relations between the columns are plausibly the same in incomplete "
                + "rows, and linear.");
        Add(FindingSeverity.Warning, "many-clamped", filled.Where(c => fills.TryGetValue(c.Column.Name, out ColumnFill? f)
            && f.ClampedCount > Math.Max(5, 0.05 * f.FilledCount)),
            names => $"Many conditional means of {names} were outside the bounds and were clamped: the filled values pile up at the "
                + $"bounds.",
            c => $"{TextFormat.Count(fills[c.Column.Name].ClampedCount)} of {TextFormat.Count(fills[c.Column.Name].FilledCount, "cell")}",
            _ => "Fill with draws (--method draw), which come from the distribution truncated to the bounds; or transform the column "
                + "before filling.");
        return [.. findings.OrderByDescending(f => f.Severity)];
    }

    private static DiagnosticTable Moments(FilledColumn[] filled, Dictionary<string, ColumnFill> fills) => new(
        "Observed, filled and completed",
        [
            new("Column", CellFormat.Text), new("Observed", CellFormat.Count), new("Filled", CellFormat.Count), new("Mean observed"),
                new("Mean filled"),
            new("Mean completed"), new("Standardised difference"),
            new("SD observed"), new("SD filled"), new("SD completed"), new("Ratio of SDs"), new("Outside observed range", CellFormat.Share),
                new("Clamped", CellFormat.Share),
            new("Rounded", CellFormat.Share), new("Determined", CellFormat.Share),
        ],
        [.. filled.Select(c =>
        {
            ColumnFill? fill = fills.GetValueOrDefault(c.Column.Name);
            object? Share(int? count) => count is { } k ? (double)k / c.Filled.Length : null;
            return (IReadOnlyList<object?>)
            [
                c.Column.Name, c.Observed.Length, c.Filled.Length, c.OfObserved.Mean, c.OfFilled.Mean, c.OfCompleted.Mean,
                    Finite(c.StandardisedDifference),
                c.OfObserved.StandardDeviation, c.OfFilled.StandardDeviation, c.OfCompleted.StandardDeviation, Finite(c.DeviationRatio),
                Share(c.BeyondBelow + c.BeyondAbove), Share(fill?.ClampedCount), Share(fill?.RoundedCount), Share(fill?.DeterminedCount),
            ];
        })])
    {
        Note = "Standardised difference: mean filled minus mean observed, in standard deviations (SD) of the observed values. Ratio: SD "
            + "completed over SD observed. "
            + "Outside observed range: filled cells outside the range of the observed values. Determined: by an exact relation with "
                + "other columns.",
    };

    private static DiagnosticTable Quantiles(FilledColumn[] filled)
    {
        (string Name, double At)[] levels = [("Minimum", 0), ("5 %", 0.05), ("25 %", 0.25), ("Median", 0.5), ("75 %", 0.75),
            ("95 %", 0.95), ("Maximum", 1)];
        return new DiagnosticTable("Quantiles of observed and filled values",
            [new("Column", CellFormat.Text), new("Values", CellFormat.Text), .. levels.Select(l => new TableColumn(l.Name))],
            [.. filled.SelectMany(c => new[] { ("observed", c.Observed), ("filled", c.Filled), ("completed", c.Completed()) }.Select(v =>
                (IReadOnlyList<object?>)[c.Column.Name, v.Item1, .. levels.Select(l => (object?)SortedValues.Quantile(v.Item2, l.At))]))]);
    }

    private static DiagnosticTable Correlations(IReadOnlyList<FilledCorrelation> pairs, bool sampled)
    {
        FilledCorrelation[] sorted = [.. pairs.OrderByDescending(p => double.IsNaN(p.After - p.Before) ? -1 : Math.Abs(p.After - p.Before))
            .Take(MostPairs)];
        return new DiagnosticTable("Correlations before and after filling, largest changes first",
            [new("Column", CellFormat.Text), new("With", CellFormat.Text), new("Before"), new("After"), new("Change"),
                new("Rows before", CellFormat.Count)],
            [.. sorted.Select(p => (IReadOnlyList<object?>)[p.First, p.Second, p.Before, p.After, p.After - p.Before, p.RowsBefore])])
        {
            Note = "Before: over the rows in which both were observed. A change is not an error, because the model also uses the "
                + "other rows; but filling with conditional means inflates correlations."
                + (pairs.Count > sorted.Length ? $" {TextFormat.Count(pairs.Count - sorted.Length, "pair")} with smaller "
                    + "changes left out." : "")
                + (sampled ? " From a sample of the rows." : ""),
        };
    }

    /// <summary>Null where all observed or all filled values are the same: they have no density.</summary>
    private static XyChart? Densities(FilledColumn column)
    {
        double wide = KernelDensity.Bandwidth(column.Observed), narrow = KernelDensity.Bandwidth(column.Filled);
        if (!(wide > 0 && narrow > 0)) return null;
        double low = Math.Min(column.Observed[0] - 3 * wide, column.Filled[0] - 3 * narrow), high = Math.Max(column.Observed[^1] + 3 * wide,
            column.Filled[^1] + 3 * narrow);
        double[] points = [.. Enumerable.Range(0, GridPoints).Select(i => low + (high - low) * i / (GridPoints - 1))];
        string name = column.Column.Name;
        return new XyChart($"Observed and filled: {name}", name, "Density",
        [
            new ChartSeries("observed", SeriesKind.Area, points, KernelDensity.At(column.Observed, wide, points)),
            new ChartSeries("filled", SeriesKind.Area, points, KernelDensity.At(column.Filled, Math.Max(narrow, (high - low) / GridPoints),
                points)),
        ])
        {
            Description = $"Kernel densities of '{name}': {TextFormat.Count(column.Observed.Length, "observed value")}, mean "
                + $"{TextFormat.Number(column.OfObserved.Mean)}, "
                + $"standard deviation {TextFormat.Number(column.OfObserved.StandardDeviation)}; "
                    + $"{TextFormat.Count(column.Filled.Length, "filled value")}, "
                + $"mean {TextFormat.Number(column.OfFilled.Mean)}, standard deviation {TextFormat.Number(
                    column.OfFilled.StandardDeviation)}.",
        };
    }

    private static object? Finite(double value) => double.IsFinite(value) ? value : null;
}
