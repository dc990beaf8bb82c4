using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Files.Json;
using Imputation.Reports.Json;

namespace Imputation.Reports;

/// <summary>A report of diagnostics as JSON: everything that was seen, as data.</summary>
public static class DiagnosticsJson
{
    /// <summary>The report's <c>format</c>, where it is written as a file of its own.</summary>
    public const string Format = "imputation/diagnostics";

    /// <summary>The report's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes the members <c>findings</c> and <c>diagnostics</c> into an object that is open.</summary>
    /// <param name="json">A writer within an object; it should indent by two blanks, like the lines written here.</param>
    /// <param name="report">The results of the diagnostics.</param>
    /// <remarks>Each diagnostic has <c>name</c>, <c>title</c>, <c>wasRun</c>, <c>verdict</c>, <c>values</c>, <c>findings</c>,
    /// <c>tables</c>, <c>charts</c> and <c>method</c>. A chart has its <c>type</c>: xy, bars, heatMap, patternMap or dendrogram; of
    /// any other, only <c>title</c> and <c>description</c> are written. Numbers that are not finite are null.</remarks>
    public static void WriteMembers(Utf8JsonWriter json, DiagnosticReport report)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(report);
        DiagnosticsWriter.WriteMembers(json, report);
    }

    /// <summary>Writes a report as an object of its own and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="report">The results of the diagnostics.</param>
    public static void Write(Stream stream, DiagnosticReport report)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(report);
        JsonText.Document(stream, Format, Version, json => DiagnosticsWriter.WriteMembers(json, report));
    }
}
