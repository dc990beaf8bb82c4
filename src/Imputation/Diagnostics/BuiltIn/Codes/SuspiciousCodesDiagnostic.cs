using Imputation.Surveys.Codes;
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
        HashSet<string> identifiers = [.. context.ColumnUses.Where(use => use.Role == ColumnRole.Identifier).Select(use => use.Name)];
        CodeFinder.Suspect[] suspects = [.. context.Survey.Suspects.Where(s => !identifiers.Contains(s.Column.Name))];
        return new DiagnosticResult
        {
            Verdict = suspects.Length == 0 ? "No value looks like a missing-value code."
                : $"{TextFormat.Count(suspects.Length, "column holds", "columns hold")} values that look like missing-value codes; "
                    + $"they were read as measurements.",
            Findings = [.. CodeFinder.Findings(suspects)],
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
}
