using Imputation.Patterns;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Patterns;

/// <summary>The missing-data patterns: which columns are missing together, in how many rows, with the means of what is observed
/// there, as SPSS MVA and SAS PROC MI print them; whether the patterns are monotone, in which column order, and how far from it they
/// are.</summary>
/// <remarks>Patterns are monotone if in some column order each column is observed wherever a later one is (Little and Rubin 2019,
/// §1.2). The distance is counted in the order of increasing missing counts, ties as in the table: the observed cells behind a
/// missing one of their row, without which the patterns would be monotone, and the missing cells before an observed one, with which
/// they would be.</remarks>
internal sealed class PatternsDiagnostic : IMissingnessDiagnostic
{
    private const int MostPatterns = 50, MostMeans = 20, MostInOrder = 100;

    /// <inheritdoc/>
    public string Name => "patterns";

    /// <inheritdoc/>
    public string Title => "Missing-data patterns";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Patterns is not { } patterns)
            return new DiagnosticResult
            {
                Verdict = context.Table.RowCount == 0 ? "The table has no rows: there are no patterns." : "No column is included: "
                    + "there are no patterns."
            };

        int n = patterns.RowCount, p = patterns.ColumnCount;
        string[] names = [.. context.Columns.Select(c => c.Name)];
        int[] missingCounts = [.. context.Columns.Select(c => c.MissingCount)];
        long observed = (long)n * p - missingCounts.Sum(c => (long)c);
        int complete = patterns.MissingCountOf(0) == 0 ? patterns.RowCountOf(0) : 0;
        int empty = patterns.MissingCountOf(patterns.Count - 1) == p ? patterns.RowCountOf(patterns.Count - 1) : 0;
        int single = Enumerable.Range(0, patterns.Count).Count(k => patterns.RowCountOf(k) == 1);
        var order = MonotoneOrder.Of(patterns, missingCounts);
        // stable: the more complete first
        int[] top = [.. Enumerable.Range(0, patterns.Count).OrderByDescending(patterns.RowCountOf).Take(MostPatterns)];
        int leftRows = n - top.Sum(patterns.RowCountOf), leftPatterns = patterns.Count - top.Length;
        string left = leftPatterns == 0 ? "" : $"{TextFormat.Count(leftPatterns, "further pattern")} with "
            + $"{TextFormat.Count(leftRows, "row")} left out. ";

        return new DiagnosticResult
        {
            Verdict = Verdict(patterns, observed, complete, top, names, order),
            Findings = [.. Findings(n, p, observed, complete, empty, order, names, missingCounts)],
            Values =
            [
                new("patterns", patterns.Count), new("completeRows", complete), new("emptyRows", empty), new("patternsOfOneRow", single),
                new("monotone", order.IsMonotone ? 1 : 0), new("cellsToDiscard", order.ToDiscard), new("cellsToFill", order.ToFill),
            ],
            Tables = [.. Tables(context, patterns, top, order, names, missingCounts, left)],
            Charts = complete == n ? [] :
            [
                new PatternMap("Missingness map", names, [.. top.Select(k => new PatternRow(patterns[k].ToString(),
                    patterns.RowCountOf(k)))], leftPatterns, leftRows)
                {
                    Description = $"Columns across, {TextFormat.Count(top.Length, "pattern")} down, the one with the most rows "
                        + $"first. {left}"
                        + $"{TextFormat.Count(complete)} of {TextFormat.Count(n, "row")} {(complete == 1 ? "is" : "are")} complete.",
                },
            ],
            Method = "Rows with the same observed columns form a pattern. Monotone: in some column order each column is observed "
                + "wherever a later one is (Little and Rubin 2019, §1.2). The distance from monotone is counted with the columns in "
                + "order of increasing missing counts, ties in table order.",
        };
    }

    private static string Verdict(MissingPatterns patterns, long observed, int complete, int[] top, string[] names, MonotoneOrder order)
    {
        int n = patterns.RowCount;
        if (complete == n) return "Every row is complete: one pattern.";
        int common = top.First(k => patterns.MissingCountOf(k) > 0);
        return $"{TextFormat.Count(patterns.Count, "pattern")}; {TextFormat.Count(complete)} of {TextFormat.Count(n, "row")} "
            + $"({TextFormat.Percent(complete, n)}) {(complete == 1 ? "is" : "are")} complete. "
            + $"The most common incomplete pattern lacks {TextFormat.Names(patterns[common].MissingIndices.Select(j => names[j]), 6)} "
                + $"({TextFormat.Count(patterns.RowCountOf(common), "row")}). "
            + (order.IsMonotone ? "The patterns are monotone."
                : $"The patterns are {(order.ToDiscard <= 0.01 * observed ? "nearly" : "not")} monotone: "
            + $"with the most complete columns first, "
                + $"{TextFormat.Count(order.ToDiscard, "observed cell follows", "observed cells follow")} a missing one in the row.");
    }

    private static IEnumerable<Finding> Findings(int n, int p, long observed, int complete, int empty, MonotoneOrder order, string[] names,
        int[] missingCounts)
    {
        if (complete == 0)
        {
            yield return new Finding(FindingSeverity.Warning, "no-complete-row",
                $"None of the {TextFormat.Count(n, "row")} is complete.", [],
                "Listwise deletion leaves no rows; use a method that uses every row (EM, multiple imputation), or first drop the "
                    + "columns with the most missing cells.");
        }
        else if (complete < n / 2.0)
        {
            long missing = (long)n * p - observed;
            yield return new Finding(FindingSeverity.Note, "few-complete-rows",
                $"Only {TextFormat.Count(complete)} of {TextFormat.Count(n, "row")} ({TextFormat.Percent(complete, n)}) "
                + $"{(complete == 1 ? "is" : "are")} complete, though {TextFormat.Percent(missing, (long)n * p)} of the cells "
                + "are missing.", [],
                "Listwise deletion discards most of the observed data; use EM or multiple imputation.");
        }
        if (empty > 0)
        {
            yield return new Finding(FindingSeverity.Warning, "empty-rows",
                $"{TextFormat.Count(empty, "row has", "rows have")} no observed cell at all.", [],
                "An empty row carries no information and is filled with the column means. Check how the file was read; usually such "
                    + "rows should be dropped.");
        }
        if (complete < n && order.IsMonotone && p > 1)
        {
            string[] holed = [.. order.Columns.Where(j => missingCounts[j] > 0).Select(j => names[j])];
            string sequence = TextFormat.List(holed, 12, name => $"'{name}'", ", ");
            yield return new Finding(FindingSeverity.Note, "monotone",
                "The patterns are monotone in the order "
                    + (holed.Length == p ? "" : holed.Length == p - 1 ? "the complete column, then " : "the complete columns, then ")
                    + $"{sequence}: "
                    + "where a column is missing, all later ones are.", holed,
                "This is typical of drop-out. The estimates come from a sequence of regressions, without iteration.");
        }
    }

    private static IEnumerable<DiagnosticTable> Tables(DiagnosticContext context, MissingPatterns patterns, int[] top, MonotoneOrder order,
        string[] names, int[] missingCounts, string left)
    {
        int n = patterns.RowCount, p = patterns.ColumnCount;
        yield return new DiagnosticTable("Patterns",
            [new("Pattern", CellFormat.Text), new("Rows", CellFormat.Count), new("Share", CellFormat.Share),
                new("Missing columns", CellFormat.Count),
                new("Missing in", CellFormat.Text)],
            [.. top.Select((k, at) => (IReadOnlyList<object?>)
                [$"{at + 1}", patterns.RowCountOf(k), (double)patterns.RowCountOf(k) / n, patterns.MissingCountOf(k),
                    Missing(patterns[k], names)])])
        { Note = left.TrimEnd() };

        int[] numbers = [.. Enumerable.Range(0, p).Where(j => context.Columns[j] is NumericColumn && missingCounts[j] < n)];
        int[] shown = [.. numbers.Take(MostMeans)];
        if (shown.Length > 0)
        {
            var means = new double[top.Length, shown.Length];
            for (int b = 0; b < shown.Length; b++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var column = (NumericColumn)context.Columns[shown[b]];
                for (int a = 0; a < top.Length; a++) means[a, b] = Mean(column.Values, patterns.RowsOf(top[a]));
            }
            yield return new DiagnosticTable("Means of the observed columns in each pattern",
                [new("Pattern", CellFormat.Text), new("Rows", CellFormat.Count), .. shown.Select(j => new TableColumn(names[j]))],
                [.. top.Select((k, a) => (IReadOnlyList<object?>)[$"{a + 1}", patterns.RowCountOf(k), .. Enumerable.Range(0, shown.Length)
                    .Select(b => double.IsNaN(means[a, b]) ? null : (object?)means[a, b])])])
            {
                Note = "Empty where the column is missing. Means that differ clearly between patterns are evidence against MCAR. " + left
                    + (shown.Length < numbers.Length ? $"The first {shown.Length} of {TextFormat.Count(numbers.Length, "numeric column")}."
                        : "").TrimEnd(),
            };
        }

        yield return new DiagnosticTable("Column order nearest to monotone",
            [new("Column", CellFormat.Text), new("Missing", CellFormat.Count), new("Missing share", CellFormat.Share)],
            [.. order.Columns.Reverse().Take(MostInOrder).Reverse().Select(j => (IReadOnlyList<object?>)[names[j], missingCounts[j],
                (double)missingCounts[j] / n])])
        {
            Note = (p > MostInOrder ? $"The last {MostInOrder} of {TextFormat.Count(p, "column")}. " : "")
                + (order.IsMonotone ? "In this order each column is observed wherever a later one is."
                    : $"In this order {TextFormat.Count(order.ToDiscard, "observed cell follows", "observed cells follow")} a "
                        + $"missing one in the row, and "
                        + $"{TextFormat.Count(order.ToFill, "missing cell precedes", "missing cells precede")} an observed one; a "
                        + $"method for monotone patterns would have to discard the former or first fill the latter. EM handles any "
                        + $"pattern."),
        };
    }

    private static string Missing(MissingPattern pattern, string[] names) =>
        pattern.MissingIndices.Count == 0 ? "nothing" : pattern.ObservedIndices.Count == 0 ? "everything"
            : TextFormat.List(pattern.MissingIndices, 12, j => names[j], ", ");

    /// <summary>Mean over some rows, in which the column is observed or missing throughout; about the first, so that no digits are lost far
    /// from 0.</summary>
    private static double Mean(ReadOnlySpan<double> values, ReadOnlySpan<int> rows)
    {
        double origin = values[rows[0]], sum = 0;
        foreach (int row in rows) sum += values[row] - origin;
        return origin + sum / rows.Length;
    }
}
