// A diagnostic of one's own is one class. The command runs it beside the built-in ones:
//   dotnet build -c Release examples/OwnDiagnostic
//   impute describe examples/data/bfi.csv --plugin examples/OwnDiagnostic/bin/Release/net10.0/OwnDiagnostic.dll
// and a program with table.Diagnose(suite: DiagnosticSuite.Default.With(new BreakOffDiagnostic())).

using System.Globalization;
using Imputation;
using Imputation.Diagnostics;
using Imputation.Patterns;

namespace OwnDiagnostic;

/// <summary>Where respondents leave a questionnaire for good: rows in which every column from some place on is missing.</summary>
/// <remarks>The columns must stand in the order in which they were asked.</remarks>
public sealed class BreakOffDiagnostic : IMissingnessDiagnostic
{
    /// <inheritdoc/>
    public string Name => "break-off";

    /// <inheritdoc/>
    public string Title => "Breaking off";

    /// <inheritdoc/>
    public DiagnosticNeeds Needs => DiagnosticNeeds.Table;

    /// <inheritdoc/>
    public DiagnosticResult Run(DiagnosticContext context)
    {
        if (context.Patterns is not { } patterns) return new DiagnosticResult();
        IReadOnlyList<Column> columns = context.Columns;

        // Rows that answered nothing after column j − 1, for each j.
        var left = new int[columns.Count + 1];
        foreach (MissingPattern pattern in patterns)
        {
            int last = pattern.ObservedIndices.Count == 0 ? -1 : pattern.ObservedIndices[^1];
            left[last + 1] += pattern.RowCount;
        }
        int rows = context.Table.RowCount, brokeOff = rows - left[columns.Count];
        var staying = new double[columns.Count];
        for (int j = 0, gone = 0; j < columns.Count; j++) staying[j] = 1 - (double)(gone += left[j]) / rows;

        int worst = Array.IndexOf(left, left[..^1].Max());
        string verdict = brokeOff == 0
            ? $"nobody broke off before '{columns[^1].Name}'"
            : string.Create(CultureInfo.InvariantCulture, $"{brokeOff} of {rows} rows break off, most often before "
                + $"'{columns[worst].Name}' ({left[worst]})");
        return new DiagnosticResult
        {
            Verdict = verdict,
            Values = [new("brokeOff", brokeOff), new("share", (double)brokeOff / rows)],
            Findings = brokeOff <= 0.1 * rows ? [] :
            [
                new Finding(FindingSeverity.Warning, "break-off", $"{Capital(verdict)}.", [columns[worst].Name],
                    $"Look at what is asked at '{columns[worst].Name}', and whether those who left differ from those who stayed.")
                {
                    Evidence = string.Create(CultureInfo.InvariantCulture, $"{100.0 * brokeOff / rows:F1} % of the rows"),
                },
            ],
            Charts =
            [
                new XyChart("Still answering", "column", "share of rows",
                    [new ChartSeries("still answering", SeriesKind.Line, [.. Enumerable.Range(1, columns.Count).Select(j => (double)j)],
                    staying) { Labels = [.. columns.Select(c => c.Name)] }])
                {
                    Description = verdict,
                },
            ],
        };
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
