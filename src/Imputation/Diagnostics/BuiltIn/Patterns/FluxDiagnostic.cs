using Imputation.Numerics.Threading;
using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>Influx and outflux: how well each column's missing cells are connected to what is observed, and how well its observed cells are
/// connected to what is missing.</summary>
/// <remarks>With r = 1 for an observed cell, over all columns k (van Buuren 2018, §4.1.3, equations 4.3 and 4.4; <c>flux</c> in the R
/// package mice): influx_j = Σₖ Σᵢ (1 − r_ij) r_ik / Σₖ Σᵢ r_ik; outflux_j = Σₖ Σᵢ r_ij (1 − r_ik) / Σₖ Σᵢ (1 − r_ik). The inbound
/// statistic is the mean over k ≠ j of the proportion of usable cases mr / (mr + mm), 0 where nothing is missing; the outbound
/// statistic that of rm / (rm + rr), the share of the rows with j in which k is missing; the fraction of incomplete cases is the
/// share of the rows with j in which anything is missing.</remarks>
internal sealed class FluxDiagnostic : IMissingnessDiagnostic
{
    private const double Low = 0.5;

    /// <inheritdoc/>
    public string Name => "flux";

    /// <inheritdoc/>
    public string Title => "Influx and outflux";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Patterns is not { } patterns) return new DiagnosticResult { Verdict = "The table has no cells." };
        int n = patterns.RowCount, p = patterns.ColumnCount;
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);
        var flux = ColumnFlux.Of(MissingPairs.Of(context.Columns, parallel), IncompleteWith(patterns));
        string[] names = [.. context.Columns.Select(c => c.Name)];
        bool anything = context.Columns.Any(c => c.MissingCount > 0);

        // The column with the most missing cells has a low outflux by its own; it is of little help only where it is missing when others
        // are.
        int[] low = [.. Enumerable.Range(0, p).Where(j => flux[j].Outflux < Low && flux[j].OthersReached < Low
            && context.Columns[j].MissingCount < n)];
        int[] points = [.. Enumerable.Range(0, p).Where(j => double.IsFinite(flux[j].Influx) && double.IsFinite(flux[j].Outflux))];
        return new DiagnosticResult
        {
            Verdict = !anything ? "Nothing is missing: influx and outflux do not apply."
                : context.Columns.Count(c => c.MissingCount < n) is var valued && valued == 0
                    ? "No column has observed values to predict others from."
                : p == 1 ? "There is only one column: influx and outflux do not apply."
                : valued == 1 ? $"Only '{context.Columns.First(c => c.MissingCount < n).Name}' has observed values: there is no "
                    + $"other column to relate it to."
                : low.Length == 0 ? "Every column with values is observed for at least half of the missing cells of the other columns: "
                    + "all are useful predictors."
                : $"{TextFormat.Count(low.Length, "column")} of {TextFormat.Count(p)} {(low.Length == 1 ? "is" : "are")} mostly "
                    + $"missing where others are missing: low outflux, of little use as predictors.",
            Findings = low.Length == 0 ? [] :
            [
                new Finding(FindingSeverity.Note, "low-outflux",
                    $"{(low.Length == 1 ? "Column" : "Columns")} {TextFormat.Names(low.Select(j => names[j]))} "
                        + $"{(low.Length == 1 ? "has" : "have")} low outflux: mostly missing in the rows where other cells are missing.",
                    [.. low.Select(j => names[j])],
                    "Such a column is of little use for filling the others. If the analysis does not need it, leave it out "
                        + "(--exclude): the model becomes smaller and more stable.")
                { Evidence = TextFormat.List([.. low.OrderBy(j => flux[j].Outflux)], 4,
                    j => $"'{names[j]}': outflux {TextFormat.Fixed(flux[j].Outflux)}, "
                    + $"observed for {TextFormat.Percent(flux[j].OthersReached)} of the other columns' missing cells") },
            ],
            Values = [new("lowOutflux", low.Length), new("lowestOutflux", anything ? flux.Min(f => f.Outflux) : double.NaN),
                new("highestInflux", anything ? flux.Max(f => f.Influx) : double.NaN)],
            Tables =
            [
                new DiagnosticTable("Influx and outflux",
                    [new("Column", CellFormat.Text), new("Observed share", CellFormat.Share), new("Influx"), new("Outflux"), new("Inbound"),
                        new("Outbound"),
                        new("Incomplete cases", CellFormat.Share)],
                    [.. Enumerable.Range(0, p).Select(j => (IReadOnlyList<object?>)[names[j], flux[j].Observed, flux[j].Influx,
                        flux[j].Outflux, flux[j].Inbound, flux[j].Outbound, flux[j].IncompleteCases])])
                {
                    Note = "Influx: share of the observed cells that are in rows where the column is missing, 0 to 1. Outflux: share "
                        + "of the missing cells that are in rows where the column is observed, 0 to 1. "
                        + "Inbound: mean proportion of usable cases to fill it from another. Outbound: mean share of its rows in which "
                            + "another is missing. "
                        + "Incomplete cases: share of the rows with it that have a missing cell.",
                },
            ],
            Charts = !anything || points.Length == 0 ? [] :
            [
                new XyChart("Influx and outflux", "Influx", "Outflux",
                [
                    new ChartSeries("Diagonal", SeriesKind.Reference, [0, 1], [1, 0]),
                    new ChartSeries("Columns", SeriesKind.Points, [.. points.Select(j => flux[j].Influx)],
                        [.. points.Select(j => flux[j].Outflux)]) { Labels = [.. points.Select(j => names[j])] },
                ])
                {
                    Description = "A point for each column. At the upper left: complete columns, which are useful predictors of the "
                        + "others. At the "
                        + "lower right: "
                        + "columns with many missing cells, which depend on the others. "
                        + $"'{names[points.MinBy(j => flux[j].Outflux)]}' has the lowest outflux "
                            + $"({TextFormat.Fixed(points.Min(j => flux[j].Outflux))}).",
                },
            ],
            Method = "As flux() of the R package mice (van Buuren 2018, §4.1.3): pobs, influx, outflux, ainb, aout, fico. "
                + "Low outflux: below 0.5, both with and without the column's own missing cells.",
        };
    }

    /// <summary>Of the rows in which each column is observed, those with anything missing.</summary>
    private static long[] IncompleteWith(MissingPatterns patterns)
    {
        int p = patterns.ColumnCount;
        var missing = new int[p];
        var incomplete = new long[p];
        long all = 0;
        for (int k = 0; k < patterns.Count; k++)
        {
            int count = patterns.MissingCountOf(k), rows = patterns.RowCountOf(k);
            if (count == 0) continue;
            all += rows;
            patterns.MissingOf(k, missing);
            foreach (int j in missing.AsSpan(0, count)) incomplete[j] -= rows;
        }
        for (int j = 0; j < p; j++) incomplete[j] += all;
        return incomplete;
    }
}
