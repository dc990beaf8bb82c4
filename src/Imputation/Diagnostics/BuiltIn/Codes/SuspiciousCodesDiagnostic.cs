using Imputation.Diagnostics.BuiltIn.Columns;
using Imputation.Numerics.Threading;
using Imputation.Text;

namespace Imputation.Diagnostics.BuiltIn.Codes;

/// <summary>Values that look like codes for missing and were read as measurements: 9, 99, 999, −1, −9, −99, 0 and their like, first and
/// last days of calendars, if they are separated from the rest of their column. A warning, never a recoding.</summary>
/// <remarks>Separation is judged from the column alone: by the gap to the nearest other value against the range of the others, the
/// width of their outer twentieth, the steps between them and their interquartile range (outer fence: Tukey 1977, §2D), and by how
/// often the value occurs. A code inside the range of the others cannot be distinguished from a measurement and is not reported, nor
/// is one that occurs once unless it lies far off.</remarks>
internal sealed class SuspiciousCodesDiagnostic : IMissingnessDiagnostic
{
    private const int MostApart = 3;

    /// <inheritdoc/>
    public string Name => "codes";

    /// <inheritdoc/>
    public string Title => "Possible missing-value codes";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var roles = context.ColumnUses.ToDictionary(d => d.Name, d => d.Role);
        var found = new Suspect?[context.Columns.Count];
        ParallelWork.For(found.Length, ParallelWork.Options(context.RunOptions.Threads, context.Cancellation), j =>
        {
            if (roles[context.Columns[j].Name] != ColumnRole.Identifier) found[j] = Look(context.Columns[j]);
        });
        Suspect[] suspects = [.. found.OfType<Suspect>()];
        return new DiagnosticResult
        {
            Verdict = suspects.Length == 0 ? "No value looks like a missing-value code."
                : $"{TextFormat.Count(suspects.Length, "column holds", "columns hold")} values that look like missing-value codes; "
                    + $"they were read as measurements.",
            Findings = [.. Findings(suspects)],
            Values = [new("suspiciousColumns", suspects.Length), new("suspiciousCells", suspects.Sum(s => (double)s.Cells))],
            Tables = suspects.Length == 0 ? [] :
            [
                new DiagnosticTable("Possible missing-value codes",
                    [new("Column", CellFormat.Text), new("Value", CellFormat.Text), new("Rows", CellFormat.Count),
                        new("Share of observed", CellFormat.Share),
                        new("Other values", CellFormat.Text)],
                    [.. suspects.SelectMany(s => s.Codes.Select(code => (IReadOnlyList<object?>)[s.Column.Name, code.Text, code.Count,
                        (double)code.Count / s.Observed, s.Range]))]),
            ],
            Method = "Candidates: 9, 99, 999 ... above, −1, −8, −9, −99, −999 ... below and 0 beside all other values, and dates "
                + "such as 1900-01-01, 1970-01-01 and 9999-12-31. A candidate is reported if it is separated from the other values "
                + "by a gap that is large relative to their range, outer 5 % or steps, or if it is a heap beyond their end. A code "
                + "inside the range of the other values cannot be distinguished from a measurement. Nothing is recoded.",
        };
    }

    private static Suspect? Look(Column column)
    {
        int observed = column.Count - column.MissingCount;
        if (observed < 10) return null;
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

    private static IEnumerable<Finding> Findings(Suspect[] suspects)
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
                    $"If this is a code for missing, declare it for each column: "
                        + $"{string.Join(" ", group.Take(MostApart).Select(Option))} ... Otherwise the model treats it as a "
                        + $"measurement; nothing was changed.")
                { Evidence = $"{TextFormat.Count(group.Sum(s => (long)s.Cells), "cell")} in total" };
            }
        }
    }

    private static string Option(Suspect s) => $"--missing-in \"{s.Column.Name}={string.Join(",", s.Codes.Select(c => c.Text))}\"";

    private sealed record Suspect(Column Column, int Observed, IReadOnlyList<SuspiciousCode> Codes, string Range)
    {
        public int Cells => Codes.Sum(c => c.Count);
    }
}
