using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>Pairs of columns: in how many rows both are observed, which pairs are never observed together, how often one is observed where
/// the other is missing, and which are missing together.</summary>
/// <remarks>Coverage is the share of rows in which both are observed. The proportion of usable cases of a target j and a predictor k
/// is mr / (mr + mm), with the rows in which j is missing and k observed (mr) or missing too (mm) (van Buuren 2018, §4.1.2, equation
/// 4.1). The correlation of two missingness indicators is φ = (n·mm − m_j m_k) / √(m_j (n − m_j) m_k (n − m_k)), m_j being the rows
/// in which j is missing. The dendrogram joins columns by average linkage on 1 − φ.</remarks>
internal sealed class PairsDiagnostic : IMissingnessDiagnostic
{
    private const int MostInMatrix = 25, MostPairs = 50, MostInCharts = 40;
    private const double Together = 0.5;

    /// <inheritdoc/>
    public string Name => "pairs";

    /// <inheritdoc/>
    public string Title => "Pairs of columns";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int n = context.Table.RowCount, p = context.Columns.Count;
        if (n == 0 || p < 2) return new DiagnosticResult
        {
            Verdict = n == 0 ? "The table has no rows."
            : "Fewer than two columns: no pair."
        };
        ParallelOptions parallel = ParallelWork.Options(context.RunOptions.Threads, context.Cancellation);
        var pairs = MissingPairs.Of(context.Columns, parallel);
        string[] names = [.. context.Columns.Select(c => c.Name)];

        // Columns with nothing observed are never observed with any, which is said elsewhere.
        int[] some = [.. Enumerable.Range(0, p).Where(j => pairs.Missing(j) < n)];
        var all = new PairSurvey(pairs, some, MostPairs, context.Cancellation);
        HashSet<string> modelled = [.. context.ColumnUses.Where(d => d.Role is ColumnRole.Modelled or ColumnRole.Collinear)
            .Select(d => d.Name)];
        (int First, int Second)[] never = [.. all.Never.Where(pair => modelled.Contains(names[pair.First])
            && modelled.Contains(names[pair.Second]))];
        int[] varying = [.. some.Where(j => pairs.Missing(j) > 0).OrderByDescending(pairs.Missing).Take(MostInCharts).Order()];
        int left = some.Count(j => pairs.Missing(j) > 0) - varying.Length;

        return new DiagnosticResult
        {
            Verdict = Verdict(all, never, names, n, p - some.Length),
            Findings = [.. Findings(all, never, names, n)],
            Values =
            [
                new("pairs", all.Count), new("neverTogether", all.Never.Count),
                    new("lowestCoverage", all.Count == 0 ? double.NaN : (double)all.Fewest / n),
                new("lowCoveragePairs", all.Low),
                new("highestIndicatorCorrelation", all.Highest), new("sameIndicatorGroups", all.Same.Count),
            ],
            Tables = [.. Tables(pairs, all, names)],
            Charts = [.. Charts(pairs, varying, left, names)],
            Method = "Coverage: share of rows in which both columns are observed. Usable cases: of the rows in which the one is missing, "
                + "the share in which the other is observed (van Buuren 2018, §4.1.2). "
                + "φ: correlation of the two missingness indicators, 1 if they are missing in the same rows, negative if one tends "
                    + "to be observed where the other is missing. "
                + "The dendrogram joins columns by average linkage on 1 − φ. Columns without missing cells are left out of the charts.",
        };
    }

    private static string Verdict(PairSurvey all, (int, int)[] never, string[] names, int n, int empty)
    {
        if (all.Never.Count > 0)
            return $"{TextFormat.Count(all.Never.Count, "pair")} of columns {(all.Never.Count == 1 ? "is" : "are")} never observed "
                + $"together in any row{(never.Length == 0 ? ", none of them modelled" : "")}.";
        if (all.Count == 0) return $"{(names.Length == empty ? "No column has values" : "Only one column has values")}: there are no "
            + $"pairs.";
        if (all.Listed.Count == 0)
            return empty > 0 ? $"Every pair of the {TextFormat.Count(names.Length - empty)} columns that have values is observed in every "
                + $"row; {TextFormat.Count(empty, "column has", "columns have")} none."
                : "No column has missing cells: every pair is observed in every row.";
        (int first, int second) = all.Listed[0];
        return $"Every pair of columns is observed together in at least {TextFormat.Count(all.Fewest)} of {TextFormat.Count(n, "row")} "
            + $"({TextFormat.Percent(all.Fewest, n)}; "
            + $"the lowest: '{names[first]}' with '{names[second]}').";
    }

    private static IEnumerable<Finding> Findings(PairSurvey all, (int First, int Second)[] never, string[] names, int n)
    {
        string[] Named(IEnumerable<(int First, int Second)> pairs) =>
            [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Order().Select(j => names[j])];
        string Listed(IReadOnlyCollection<(int First, int Second)> pairs, int most) =>
            TextFormat.List(pairs, most, pair => $"'{names[pair.First]}' with '{names[pair.Second]}'");

        if (never.Length > 0)
        {
            yield return new Finding(FindingSeverity.Warning, "never-observed-together",
                $"{TextFormat.Count(never.Length, "pair")} of columns "
                + $"{(never.Length == 1 ? "is" : "are")} never observed in the same row: {Listed(never, 6)}.", Named(never),
                "The data do not identify their covariance: its value comes from the other columns or from a prior. Do not report "
                    + "it, and do not rely on values of one filled in from the other.");
        }
        if (all.Low > 0)
        {
            yield return new Finding(FindingSeverity.Note, "low-coverage",
                $"{TextFormat.Count(all.Low, "pair")} of columns {(all.Low == 1 ? "is" : "are")} observed together in fewer than a "
                    + $"tenth of the rows; the lowest coverage: "
                + $"{Listed([.. all.Listed.Where(pair => !all.Never.Contains(pair)).Take(Math.Min(all.Low, 3))], 3)}.", [],
                "Their covariance is estimated from few rows; expect large standard errors.")
            { Evidence = $"smallest coverage among them {TextFormat.Percent(all.FewestSome, n)}" };
        }
        if (all.Same.Count > 0)
        {
            yield return new Finding(FindingSeverity.Note, "missing-together", "Missing in exactly the same rows: "
                + $"{TextFormat.List(all.Same, 4, group => TextFormat.Names(group.Select(j => names[j]), 8))}.",
                    [.. all.Same.SelectMany(group => group).Order().Take(40).Select(j => names[j])],
                "These columns cannot predict each other's missing cells. They often come from one form, visit or device; add "
                    + "columns that are observed in those rows.");
        }
        else if (all.Highest >= Together)
        {
            (int first, int second) = all.HighestPair;
            yield return new Finding(FindingSeverity.Note, "missing-together",
                $"'{names[first]}' and '{names[second]}' tend to be missing in the same rows.", [names[first], names[second]],
                "Check for a common cause, such as a form, a visit or a device.")
            { Evidence = $"correlation of their missingness indicators φ = {TextFormat.Fixed(all.Highest)}" };
        }
    }

    private static IEnumerable<DiagnosticTable> Tables(MissingPairs pairs, PairSurvey all, string[] names)
    {
        int p = pairs.ColumnCount;
        if (all.Listed.Count > 0)
        {
            yield return new DiagnosticTable("Pairs with the fewest rows in common",
                [new("First", CellFormat.Text), new("Second", CellFormat.Text), new("Both observed", CellFormat.Count),
                    new("Coverage", CellFormat.Share),
                    new("Only first missing", CellFormat.Count), new("Only second missing", CellFormat.Count),
                    new("Both missing", CellFormat.Count), new("φ"), new("Usable for first", CellFormat.Share),
                        new("Usable for second", CellFormat.Share)],
                [.. all.Listed.Select(pair => (IReadOnlyList<object?>)
                    [names[pair.First], names[pair.Second], pairs.BothObserved(pair.First, pair.Second),
                        (double)pairs.BothObserved(pair.First, pair.Second) / pairs.RowCount,
                        pairs.OnlyMissing(pair.First, pair.Second), pairs.OnlyMissing(pair.Second, pair.First),
                            pairs.BothMissing(pair.First, pair.Second), pairs.Correlation(pair.First, pair.Second),
                        pairs.Usable(pair.First, pair.Second), pairs.Usable(pair.Second, pair.First)])])
            {
                Note = "Usable for first: of the rows in which the first is missing, the share in which the second is observed."
                    + (all.Listed.Count < all.Holed ? $" The {TextFormat.Count(all.Listed.Count, "pair")} with the fewest common rows of "
                        + $"{TextFormat.Count(all.Holed)} that "
                    + "have a missing cell." : " Pairs of complete columns are left out."),
            };
        }
        if (all.Listed.Count == 0 || p > MostInMatrix) yield break;
        DiagnosticTable Matrix(string title, CellFormat format, Func<int, int, object?> cell, string note) => new(title,
            [new("Column", CellFormat.Text), .. names.Select(name => new TableColumn(name, format))],
            [.. Enumerable.Range(0, p).Select(j => (IReadOnlyList<object?>)[names[j], .. Enumerable.Range(0, p).Select(k => cell(j, k))])])
        { Note = note };
        yield return Matrix("Rows in which both are observed", CellFormat.Count, (j, k) => pairs.BothObserved(j, k),
            "On the diagonal: observed cells of the column.");
        yield return Matrix("Proportion of usable cases", CellFormat.Share, (j, k) => j == k ? null : pairs.Usable(j, k),
            "Of the rows in which the column at the left is missing, the share in which the column above is observed; empty where nothing "
                + "is missing.");
    }

    private static IEnumerable<Chart> Charts(MissingPairs pairs, int[] varying, int left, string[] names)
    {
        if (varying.Length < 2) yield break;
        int q = varying.Length;
        var distances = new double[q, q];
        for (int a = 0; a < q; a++)
            for (int b = 0; b < q; b++) distances[a, b] = 1 - pairs.Correlation(varying[a], varying[b]);
        (DendrogramMerge[] merges, int[] order) = AverageLinkage.Of(distances);
        var place = new int[q];
        for (int a = 0; a < q; a++) place[order[a]] = a;
        string[] ordered = [.. order.Select(a => names[varying[a]])];
        var values = new double[q, q];
        for (int a = 0; a < q; a++)
            for (int b = 0; b < q; b++) values[a, b] = pairs.Correlation(varying[order[a]], varying[order[b]]);

        string some = left > 0 ? $" The {q} columns with the most missing cells are shown; {TextFormat.Count(left)} more are not." : "";
        DendrogramMerge lowest = merges[0];
        string nearest = $"Most similar missingness: '{names[varying[lowest.Left]]}' and '{names[varying[lowest.Right]]}' (φ = "
            + $"{TextFormat.Fixed(1 - lowest.Height)}).";
        yield return new HeatMap("Correlation of missingness indicators", "Correlation of missingness indicators, "
            + "φ", ordered, ordered, values, -1, 1)
        { Description = $"Columns with missing cells, similar columns side by side. {nearest}{some}" };
        yield return new Dendrogram("Clustering of columns by missingness", "1 − φ, average linkage", ordered,
            [.. merges.Select(m => new DendrogramMerge(m.Left < q ? place[m.Left] : m.Left, m.Right < q ? place[m.Right] : m.Right,
                m.Height))])
        {
            Description = $"Columns that join at a low height are missing in the same rows; 1 means uncorrelated missingness. "
            + $"{nearest}{some}"
        };
    }
}
