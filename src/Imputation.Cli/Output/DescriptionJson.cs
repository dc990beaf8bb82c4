using System.Text.Encodings.Web;
using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Patterns;

namespace Imputation.Cli.Output;

/// <summary>A description as JSON: every pattern, not only the first few.</summary>
internal static class DescriptionJson
{
    public static void Write(Stream stream, TableDescription description, DiagnosticReport report)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        });
        json.WriteStartObject();
        json.WriteString("format", "imputation/description");
        json.WriteNumber("version", 1);
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
        DiagnosticsJson.WriteMembers(json, report);
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Little's test by itself, for those who want just this; null where it was not run.</summary>
    private static void WriteLittle(Utf8JsonWriter json, DiagnosticEntry? little)
    {
        if (little is not { WasRun: true })
        {
            json.WriteNull("little");
            return;
        }
        json.WriteStartObject("little");
        foreach ((string name, double value) in little.Result.Values) WriteNumber(json, name, value);
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, ColumnDescription column)
    {
        ColumnUse disposition = column.Disposition;
        json.WriteStartObject();
        json.WriteString("name", disposition.Name);
        json.WriteString("kind", Camel(disposition.Kind));
        json.WriteString("role", Camel(disposition.Role));
        json.WriteString("note", disposition.Note);
        json.WriteNumber("observed", disposition.ObservedCount);
        json.WriteNumber("missing", disposition.MissingCount);
        json.WriteStartArray("missingBy");
        foreach ((MissingOrigin origin, int count) in column.Missing)
        {
            json.WriteStartObject();
            json.WriteString("kind", Camel(origin.Kind));
            json.WriteString("text", origin.Text);
            json.WriteNumber("cells", count);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteNumber(json, "mean", column.Statistics?.Mean);
        WriteNumber(json, "standardDeviation", column.Statistics?.StandardDeviation);
        WriteNumber(json, "minimum", column.Statistics?.Minimum);
        WriteNumber(json, "maximum", column.Statistics?.Maximum);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<string> names)
    {
        json.WriteStartArray(name);
        foreach (string item in names) json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static string Camel(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
