using Imputation.Diagnostics;
using Imputation.Reports.Html;

namespace Imputation.Reports;

/// <summary>A report of diagnostics as one HTML file that needs nothing beside it: no script, no font, no picture, no request to a
/// network.</summary>
/// <remarks>Verdicts come first, then a section for each diagnostic with its charts, tables and method. The page follows the reader's
/// light or dark theme, prints, and is read by screen readers. It is well-formed XML too. Names and values are always escaped as
/// text; the same report gives the same bytes.</remarks>
public static class ReportPage
{
    /// <summary>Maximum number of rows written for a table; a note under the table gives the number left out.</summary>
    public const int TableRows = TableMarkup.MostRows;

    /// <summary>Writes a page as UTF-8 and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="report">The results of the diagnostics.</param>
    /// <param name="heading">Heading of the page.</param>
    public static void Write(Stream stream, DiagnosticReport report, ReportHeading heading)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(heading);
        Write(stream, report.Entries, heading);
    }

    /// <summary>A page of sections that no diagnostic made.</summary>
    internal static void Write(Stream stream, IReadOnlyList<DiagnosticEntry> entries, ReportHeading heading)
    {
        using var html = new Markup(stream);
        new PageWriter(html, entries, heading).Write();
    }
}
