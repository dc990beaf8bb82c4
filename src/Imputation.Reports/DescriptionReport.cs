using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Files.Json;
using Imputation.Patterns;
using Imputation.Reports.Json;

namespace Imputation.Reports;

/// <summary>The description of a table as JSON: every column, every pattern, and the results of diagnostics.</summary>
public static class DescriptionReport
{
    /// <summary>The report's <c>format</c>.</summary>
    public const string Format = "imputation/description";

    /// <summary>The report's <c>version</c>.</summary>
    public const int Version = 1;

    /// <summary>Writes a report and leaves the stream open.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="description">The columns and patterns.</param>
    /// <param name="report">The results of the diagnostics.</param>
    /// <param name="memory">The memory of the run; left out where null.</param>
    public static void Write(Stream stream, TableDescription description, DiagnosticReport report, RunMemory? memory = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(report);
        JsonText.Document(stream, Format, Version, json =>
        {
            MemoryWriter.Write(json, memory);
            WriteMembers(json, description, report);
        });
    }

    private static void WriteMembers(Utf8JsonWriter json, TableDescription description, DiagnosticReport report)
    {
        json.WriteNumber("rows", description.RowCount);
        json.WriteStartArray("columns");
        foreach (ColumnDescription column in description.Columns) WriteColumn(json, column);
        json.WriteEndArray();
        WriteNames(json, "patternColumns", description.PatternColumns);
        json.WriteBoolean("monotone", description.Patterns?.MonotoneOrder() is not null);
        if (description.Patterns?.MonotoneOrder() is { } order)
            WriteNames(json, "monotoneOrder", order.Select(j => description.PatternColumns[j]));
        json.WriteStartArray("neverObservedTogether");
        foreach ((string first, string second) in description.NeverObservedTogether())
        {
            json.WriteStartArray();
            json.WriteStringValue(first);
            json.WriteStringValue(second);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteStartArray("patterns");
        foreach (MissingPattern pattern in (IEnumerable<MissingPattern>?)description.Patterns ?? [])
        {
            json.WriteStartObject();
            json.WriteString("observed", pattern.ToString());
            json.WriteNumber("rows", pattern.RowCount);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteLittle(json, report["little"]);
        DiagnosticsWriter.WriteMembers(json, report);
    }

    /// <summary>Little's test by itself; null where it was not run.</summary>
    private static void WriteLittle(Utf8JsonWriter json, DiagnosticEntry? little)
    {
        if (little is not { WasRun: true })
        {
            json.WriteNull("little");
            return;
        }
        json.WriteStartObject("little");
        foreach ((string name, double value) in little.Result.Values) JsonText.Number(json, name, value);
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, ColumnDescription column)
    {
        ColumnUse use = column.Use;
        json.WriteStartObject();
        json.WriteString("name", use.Name);
        json.WriteString("kind", JsonText.Of(use.Kind));
        json.WriteString("role", JsonText.Of(use.Role));
        json.WriteString("note", use.Note);
        json.WriteNumber("observed", use.ObservedCount);
        json.WriteNumber("missing", use.MissingCount);
        json.WriteStartArray("missingBy");
        foreach ((MissingOrigin origin, int count) in column.Missing)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonText.Of(origin.Kind));
            json.WriteString("text", origin.Text);
            json.WriteNumber("cells", count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        JsonText.Number(json, "mean", column.Statistics?.Mean ?? double.NaN);
        JsonText.Number(json, "standardDeviation", column.Statistics?.StandardDeviation ?? double.NaN);
        JsonText.Number(json, "minimum", column.Statistics?.Minimum ?? double.NaN);
        JsonText.Number(json, "maximum", column.Statistics?.Maximum ?? double.NaN);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (string item in names) json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
