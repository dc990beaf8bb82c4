using Imputation.Diagnostics;
using Imputation.Files;

namespace Imputation.Cli.Commands;

/// <summary>A suite run with what plugins brought.</summary>
internal static class Diagnosis
{
    /// <summary>The report, what went wrong with plugins included.</summary>
    public static DiagnosticReport Run(DiagnosticSuite suite, IReadOnlyList<Plugin> plugins, DiagnosticContext context)
    {
        DiagnosticReport report = suite.Run(context);
        return new DiagnosticReport(context, [.. report.Entries, .. plugins.Select(p => p.Entry).OfType<DiagnosticEntry>()]);
    }

    /// <summary>What stands over the page.</summary>
    public static ReportHeading Heading(string input, DiagnosticReport report)
    {
        return new ReportHeading();
    }
}
