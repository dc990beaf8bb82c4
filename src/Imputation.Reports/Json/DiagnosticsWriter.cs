using System.Globalization;
using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Files.Json;

namespace Imputation.Reports.Json;

/// <summary>The members of a report of diagnostics as JSON.</summary>
internal static class DiagnosticsWriter
{
    public static void WriteMembers(Utf8JsonWriter json, DiagnosticReport report)
    {
        ModelWriter.WriteFindings(json, report.Findings);
        json.WriteStartArray("diagnostics");
        foreach (DiagnosticEntry entry in report.Entries) WriteEntry(json, entry);
        json.WriteEndArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, DiagnosticEntry entry)
    {
        DiagnosticResult result = entry.Result;
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteString("title", entry.Title);
        json.WriteBoolean("wasRun", entry.WasRun);
        json.WriteString("verdict", result.Verdict);
        json.WriteStartObject("values");
        foreach ((string name, double value) in result.Values) JsonText.Number(json, name, value);
        json.WriteEndObject();
        ModelWriter.WriteFindings(json, result.Findings);
        json.WriteStartArray("tables");
        foreach (DiagnosticTable table in result.Tables) WriteTable(json, table);
        json.WriteEndArray();
        json.WriteStartArray("charts");
        foreach (Chart chart in result.Charts) WriteChart(json, chart);
        json.WriteEndArray();
        json.WriteString("method", result.Method);
        json.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter json, DiagnosticTable table)
    {
        json.WriteStartObject();
        json.WriteString("title", table.Title);
        JsonText.Lines(json, "columns", table.Columns, (line, column) =>
        {
            line.WriteStartObject();
            line.WriteString("name", column.Name);
            line.WriteString("format", JsonText.Of(column.Format));
            line.WriteEndObject();
        });
        JsonText.Lines(json, "rows", table.Rows, (line, row) =>
        {
            line.WriteStartArray();
            foreach (object? cell in row) WriteCell(line, cell);
            line.WriteEndArray();
        });
        json.WriteString("note", table.Note);
        json.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null or double.NaN or double.PositiveInfinity or double.NegativeInfinity or float.NaN or float.PositiveInfinity
                or float.NegativeInfinity:
                json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool yes: json.WriteBooleanValue(yes); break;
            case int whole: json.WriteNumberValue(whole); break;
            case long whole: json.WriteNumberValue(whole); break;
            case double number: json.WriteNumberValue(number); break;
            case float number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case IFormattable other: json.WriteStringValue(other.ToString(null, CultureInfo.InvariantCulture)); break;
            default: json.WriteStringValue(cell.ToString()); break;
        }
    }

    private static void WriteChart(Utf8JsonWriter json, Chart chart)
    {
        json.WriteStartObject();
        json.WriteString("type", chart switch
        {
            XyChart => "xy",
            BarChart => "bars",
            HeatMap => "heatMap",
            PatternMap => "patternMap",
            Dendrogram => "dendrogram",
            _ => "other"
        });
        json.WriteString("title", chart.Title);
        json.WriteString("description", chart.Description);
        switch (chart)
        {
            case XyChart xy: WriteXy(json, xy); break;
            case BarChart bars: WriteBars(json, bars); break;
            case HeatMap heat: WriteHeat(json, heat); break;
            case PatternMap map: WritePatterns(json, map); break;
            case Dendrogram tree: WriteTree(json, tree); break;
        }
        json.WriteEndObject();
    }

    private static void WriteXy(Utf8JsonWriter json, XyChart chart)
    {
        json.WriteString("xLabel", chart.XLabel);
        json.WriteString("yLabel", chart.YLabel);
        json.WriteStartArray("series");
        foreach (ChartSeries series in chart.Series)
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            json.WriteString("kind", JsonText.Of(series.Kind));
            JsonText.Vector(json, "x", series.X);
            JsonText.Vector(json, "y", series.Y);
            if (series.Lower.Count > 0) JsonText.Vector(json, "lower", series.Lower);
            if (series.Upper.Count > 0) JsonText.Vector(json, "upper", series.Upper);
            if (series.Labels.Count > 0) JsonText.Names(json, "labels", series.Labels);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteBars(Utf8JsonWriter json, BarChart chart)
    {
        json.WriteString("valueLabel", chart.ValueLabel);
        json.WriteString("format", JsonText.Of(chart.Format));
        JsonText.Names(json, "categories", chart.Categories);
        JsonText.Vector(json, "values", chart.Values);
    }

    private static void WriteHeat(Utf8JsonWriter json, HeatMap chart)
    {
        json.WriteString("valueLabel", chart.ValueLabel);
        JsonText.Names(json, "rows", chart.Rows);
        JsonText.Names(json, "columns", chart.Columns);
        JsonText.Number(json, "minimum", chart.Minimum);
        JsonText.Number(json, "maximum", chart.Maximum);
        JsonText.Matrix(json, "values", chart.Values);
    }

    private static void WritePatterns(Utf8JsonWriter json, PatternMap chart)
    {
        JsonText.Names(json, "columns", chart.Columns);
        JsonText.Lines(json, "patterns", chart.Patterns, (line, pattern) =>
        {
            line.WriteStartObject();
            line.WriteString("observed", pattern.Observed);
            line.WriteNumber("rows", pattern.RowCount);
            line.WriteEndObject();
        });
        json.WriteNumber("leftOutPatterns", chart.LeftOutPatterns);
        json.WriteNumber("leftOutRows", chart.LeftOutRows);
    }

    private static void WriteTree(Utf8JsonWriter json, Dendrogram chart)
    {
        json.WriteString("heightLabel", chart.HeightLabel);
        JsonText.Names(json, "leaves", chart.Leaves);
        JsonText.Lines(json, "merges", chart.Merges, (line, merge) =>
        {
            line.WriteStartObject();
            line.WriteNumber("left", merge.Left);
            line.WriteNumber("right", merge.Right);
            JsonText.Number(line, "height", merge.Height);
            line.WriteEndObject();
        });
    }
}
