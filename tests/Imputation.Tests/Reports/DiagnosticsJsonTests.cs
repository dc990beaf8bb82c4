using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Reports;
using Imputation.Tests.Cli;

namespace Imputation.Tests.Reports;

public sealed class DiagnosticsJsonTests
{
    [Fact]
    public void EverythingOfAReport_IsInTheJson()
    {
        DiagnosticReport report = FabricatedReport.Of(CsvTable.Read(Repository.Example("airquality.csv")));
        JsonObject json = Json(report);
        Assert.Equal(report.Findings.Count, json["findings"]!.AsArray().Count);
        Assert.Equal("problem", json["findings"]![0]!["severity"]!.GetValue<string>());
        Assert.Equal("χ² = 35.1, 14 degrees of freedom, p = 0.0014", json["findings"]![0]!["evidence"]!.GetValue<string>());
        JsonArray diagnostics = json["diagnostics"]!.AsArray();
        Assert.Equal(report.Entries.Select(e => e.Name), diagnostics.Select(d => d!["name"]!.GetValue<string>()));
        for (int k = 0; k < report.Entries.Count; k++)
        {
            DiagnosticResult result = report.Entries[k].Result;
            Assert.Equal(report.Entries[k].WasRun, diagnostics[k]!["wasRun"]!.GetValue<bool>());
            Assert.Equal(result.Verdict, diagnostics[k]!["verdict"]!.GetValue<string>());
            Assert.Equal(result.Tables.Select(t => t.Rows.Count), diagnostics[k]!["tables"]!.AsArray()
                .Select(t => t!["rows"]!.AsArray().Count));
            Assert.Equal(result.Charts.Select(c => c.Title), diagnostics[k]!["charts"]!.AsArray()
                .Select(c => c!["title"]!.GetValue<string>()));
        }
        Assert.Equal(35.1058, diagnostics[4]!["values"]!["statistic"]!.GetValue<double>());
        Assert.Equal(["bars", "patternMap", "heatMap", "dendrogram", "xy"], diagnostics.SelectMany(d => d!["charts"]!.AsArray())
            .Select(c => c!["type"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public void NumbersThatAreNone_AreNull()
    {
        DiagnosticReport report = FabricatedReport.Of(Table.FromArray(["x"], new double[,] { { 1 } }),
        [
            new DiagnosticEntry("one", "One", new DiagnosticResult
            {
                Values = [new("a", double.NaN), new("b", 1e-300)],
                Tables = [new DiagnosticTable("t", [new("x")], [[double.NaN], [double.PositiveInfinity], [null], [1.5], [2L], [true],
                    ["</script>"]])],
                Charts = [new XyChart("c", "x", "y", [new("s", SeriesKind.Points, [double.NaN, 1], [2, double.NegativeInfinity])])],
            }),
        ]);
        JsonNode one = Json(report)["diagnostics"]![0]!;
        Assert.Null(one["values"]!["a"]);
        Assert.Equal(1e-300, one["values"]!["b"]!.GetValue<double>());
        Assert.Equal("[[null],[null],[null],[1.5],[2],[true],[\"</script>\"]]",
            one["tables"]![0]!["rows"]!.ToJsonString(
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal("[null,1]", one["charts"]![0]!["series"]![0]!["x"]!.ToJsonString());
    }

    [Fact]
    public void Members_GoIntoAnObjectOfTheCaller()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("file", "a.csv");
            DiagnosticsJson.WriteMembers(json, FabricatedReport.Of(FabricatedReport.Wide(20, 4)));
            json.WriteNumber("last", 1);
            json.WriteEndObject();
        }
        Assert.Equal(["file", "findings", "diagnostics", "last"], JsonNode.Parse(stream.ToArray())!.AsObject().Select(m => m.Key));
    }

    private static JsonObject Json(DiagnosticReport report)
    {
        using var stream = new MemoryStream();
        DiagnosticsJson.Write(stream, report);
        return JsonNode.Parse(Encoding.UTF8.GetString(stream.ToArray()))!.AsObject();
    }
}
