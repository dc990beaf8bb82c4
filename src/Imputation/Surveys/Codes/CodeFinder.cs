using Imputation.Statistics;
using Imputation.Text;

namespace Imputation.Surveys.Codes;

/// <summary>Values that look like codes for missing and were read as measurements. Named, never recoded.</summary>
internal static class CodeFinder
{
    /// <summary>Of more columns with the same codes, one finding names them all.</summary>
    private const int MostApart = 3;

    /// <summary>Fewest observed cells of a column that is judged by itself.</summary>
    private const int FewestCells = 10;

    /// <summary>Columns with such values.</summary>
    /// <param name="Column">The column.</param>
    /// <param name="Observed">Its observed cells.</param>
    /// <param name="Codes">The values.</param>
    /// <param name="Range">The other values in words.</param>
    public sealed record Suspect(Column Column, int Observed, IReadOnlyList<SuspiciousCode> Codes, string Range)
    {
        /// <summary>Cells that hold a code.</summary>
        public int Cells => Codes.Sum(c => c.Count);
    }

    /// <summary>The columns that hold codes.</summary>
    public static IReadOnlyList<Suspect> Find(IReadOnlyList<Column> columns)
    {
        var found = new Suspect?[columns.Count];
        for (int j = 0; j < found.Length; j++) found[j] = Look(columns[j]);
        return Recurring(columns, found);
    }

    /// <summary>The codes of a column; null where there are none.</summary>
    private static Suspect? Look(Column column)
    {
        int observed = column.Count - column.MissingCount;
        if (observed < FewestCells || column.Categories is not null && column is NumericColumn) return null;
        if (DateCodes.Of(column) is { } dates) return dates.Codes.Count == 0 ? null : new Suspect(column, observed, dates.Codes,
            dates.Range);
        switch (column)
        {
            case NumericColumn numeric:
                (IReadOnlyList<SuspiciousCode> codes, ValueRuns rest) = NumericCodes.Of(numeric);
                return codes.Count == 0 ? null : new Suspect(column, observed, codes,
                    $"from {TextFormat.Number(rest.Values[0], 6)} to {TextFormat.Number(rest.Values[^1], 6)}");
            case TextColumn text:
                IReadOnlyList<SuspiciousCode> among = TextCodes.Of(text);
                return among.Count == 0 ? null : new Suspect(column, observed, among, "words");
            default:
                return null;
        }
    }

    /// <summary>The codes of several columns, those included that only their recurring shows: a single value below 0 in a column that has
    /// no other, and that is a code in two other columns.</summary>
    private static IReadOnlyList<Suspect> Recurring(IReadOnlyList<Column> columns, IReadOnlyList<Suspect?> found)
    {
        HashSet<double> known = [.. found.OfType<Suspect>().SelectMany(s => s.Codes).Where(c => c.Value < 0).GroupBy(c => c.Value)
            .Where(g => g.Count() >= 2).Select(g => g.Key)];
        var all = new List<Suspect>();
        for (int j = 0; j < columns.Count; j++)
        {
            if (found[j] is { } suspect) all.Add(suspect);
            else if (known.Count > 0 && columns[j] is NumericColumn { Categories: null } numbers && Below(numbers, known) is { } other)
                all.Add(other);
        }
        return all;
    }

    private static Suspect? Below(NumericColumn column, HashSet<double> known)
    {
        var runs = ValueRuns.Of(SortedValues.Of(column.Values));
        int below = runs.Values.TakeWhile(x => x < 0).Count();
        if (below == 0 || below == runs.Values.Length || !runs.Values.Take(below).All(known.Contains)) return null;
        return new Suspect(column, column.Count - column.MissingCount, [.. Enumerable.Range(0, below).Select(k => new SuspiciousCode(
            runs.Values[k], TextFormat.Exact(runs.Values[k]), runs.Counts[k], runs.Values[below]))],
            $"from {TextFormat.Number(runs.Values[below], 6)} to {TextFormat.Number(runs.Values[^1], 6)}");
    }

    /// <summary>One finding for each column, or for all with the same codes where there are many.</summary>
    public static IEnumerable<Finding> Findings(IReadOnlyList<Suspect> suspects)
    {
        foreach (var alike in suspects.GroupBy(s => string.Join(",", s.Codes.Select(c => c.Text).Order(StringComparer.Ordinal))))
        {
            Suspect[] group = [.. alike];
            if (group.Length <= MostApart)
            {
                foreach (Suspect s in group)
                {
                    yield return new Finding(FindingSeverity.Warning, "suspicious-code",
                        $"'{s.Column.Name}' holds "
                            + $"{TextFormat.List(s.Codes, 4, c => $"{c.Text} in {TextFormat.Count(c.Count, "row")}", ", ")}, "
                                + $"separated from all other values ({s.Range}).", [s.Column.Name],
                        $"If {(s.Codes.Count == 1 ? "this is a code" : "these are codes")} for missing, declare "
                            + $"{(s.Codes.Count == 1 ? "it" : "them")}: {Option(s)}. Otherwise the model treats "
                            + $"{(s.Codes.Count == 1 ? "it" : "them")} as measurements; nothing was changed.")
                    { Evidence = $"{TextFormat.Percent(s.Cells, s.Observed)} of the observed cells" };
                }
            }
            else
            {
                yield return new Finding(FindingSeverity.Warning, "suspicious-code",
                    $"{TextFormat.Names(group[0].Codes.Select(c => c.Text)).Replace("'", "")} "
                        + $"{(group[0].Codes.Count == 1 ? "is" : "are")} separated from all other values "
                        + $"in {TextFormat.Count(group.Length, "column")}: {TextFormat.Names(group.Select(s => s.Column.Name))}.",
                            [.. group.Select(s => s.Column.Name)],
                    $"If this is a code for missing, declare it for each column: {string.Join(" ", group.Select(Option))}. Otherwise the "
                        + "model treats it as a measurement; nothing was changed.")
                { Evidence = $"{TextFormat.Count(group.Sum(s => (long)s.Cells), "cell")} in total" };
            }
        }
    }

    /// <summary>What can be pasted into a shell.</summary>
    private static string Option(Suspect s)
    {
        string text = $"{s.Column.Name}={string.Join(",", s.Codes.Select(c => c.Text))}";
        return $"--missing-in {(text.AsSpan().IndexOfAny("$`\\\"!") >= 0 ? "'" + text.Replace("'", "'\\''") + "'" : $"\"{text}\"")}";
    }
}
