using System.Text.Json;
using Imputation.Diagnostics;
namespace Imputation.Files;
/// <summary>x</summary>
public static class ReportPage {
/// <summary>x</summary>
public static void Write(Stream stream, DiagnosticReport report, ReportHeading heading) { _ = report; _ = heading; stream.WriteByte(10); } }
/// <summary>x</summary>
public sealed record ReportHeading;
/// <summary>x</summary>
public static class DiagnosticsJson {
/// <summary>x</summary>
public static void WriteMembers(Utf8JsonWriter json, DiagnosticReport report) { _ = json; _ = report; } }
