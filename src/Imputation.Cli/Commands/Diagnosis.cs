using Imputation.Cli.Options;
using Imputation.Cli.Output;
using Imputation.Diagnostics;
using Imputation.Reports;
using Imputation.Text;

namespace Imputation.Cli.Commands;

/// <summary>A suite run together with the diagnostics of plug-ins.</summary>
internal static class Diagnosis
{
    /// <summary>The report, including errors of plug-ins.</summary>
    public static DiagnosticReport Run(DiagnosticSuite suite, IReadOnlyList<Plugin> plugins, DiagnosticContext context)
    {
        DiagnosticReport report = suite.Run(context);
        return new DiagnosticReport(context, [.. report.Entries, .. plugins.Select(p => p.Entry).OfType<DiagnosticEntry>()]);
    }

    /// <summary>Heading of the page.</summary>
    /// <param name="input">Name of the table as given by the user.</param>
    /// <param name="report">The report.</param>
    public static ReportHeading Heading(string input, DiagnosticReport report) =>
        Heading(input, report.Context.Table, report.Context.HasFit ? report.Context.Fit : null, report.Context.RunOptions.Seed);

    /// <summary>Heading of the page of a table and its model.</summary>
    public static ReportHeading Heading(string input, Table table, FittedModel? fit, ulong seed)
    {
        long cells = (long)table.RowCount * table.Columns.Count, missing = table.Columns.Sum(column => (long)column.MissingCount);
        var lines = new List<KeyValuePair<string, string>>
        {
            new("Rows", TextFormat.Count(table.RowCount)),
            new("Columns", TextFormat.Count(table.Columns.Count)),
            new("Missing cells", $"{TextFormat.Count(missing)} ({TextFormat.Percent(missing, cells)})"),
        };
        if (fit is not null)
            lines.Add(new("Model", fit.Description + (fit.HasLikelihood ? $"; prior {FitSummary.Prior(fit.Report.Prior)}" : "")));
        lines.Add(new("Seed", TextFormat.Count((long)seed)));
        return new ReportHeading(input == "-" ? "standard input" : Path.GetFileName(input))
        {
            Generator = $"impute {ProgramVersion.Text}",
            Lines = lines
        };
    }
}
