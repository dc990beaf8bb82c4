using System.Text.Json;
using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Diagnostics;

/// <summary>Tables and references for the tests of this folder.</summary>
internal static class Diagnosed
{
    /// <summary>The real data sets that references have been made of.</summary>
    public static TheoryData<string> DataSets => ["airquality", "nhanes", "bfi25", "chile_num", "boys_num", "missvals", "sas_fitness1",
        "mammalsleep"];

    public static DiagnosticResult Run(IMissingnessDiagnostic diagnostic, Table table, DiagnosticOptions? options = null) =>
        diagnostic.Run(new DiagnosticContext(table, options));

    /// <summary>A data set of the references; null where it is not copied and no shared folder is near.</summary>
    public static Table? Data(string id)
    {
        string? folder = new[] { ReferenceCase.Root, ReferenceCase.SharedRoot }.FirstOrDefault(f => f is not null
            && File.Exists(Path.Combine(f, "data", id + ".csv")));
        return folder is null ? null : CsvTable.Read(Path.Combine(folder, "data", id + ".csv"));
    }

    /// <summary>diagnostics/NAME.json, made by make-diagnostics.py beside it.</summary>
    public static JsonElement Reference(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(ReferenceCase.Root, "diagnostics",
        name + ".json"))).RootElement;

    public static double Value(this DiagnosticResult result, string name) => result.Values.Single(v => v.Key == name).Value;

    /// <summary>The cell of a table in the row that begins with <paramref name="row"/>; NaN where empty.</summary>
    public static double Cell(this DiagnosticTable table, string row, string column) =>
        Number(table.Rows.First(r => (string)r[0]! == row)[IndexOf(table, column)]);

    public static int IndexOf(DiagnosticTable table, string column) => table.Columns.Select(c => c.Name).ToList()
        .IndexOf(column) is var index and >= 0 ? index : throw new KeyNotFoundException(column);

    public static double Number(object? cell) => cell is null ? double.NaN
        : Convert.ToDouble(cell, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A number of a reference; NaN for null.</summary>
    public static double Number(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetDouble() : double.NaN;

    /// <summary>Equal to a relative tolerance, or both NaN.</summary>
    public static void Near(double expected, double actual, double tolerance = 1e-12)
    {
        if (double.IsNaN(expected) || double.IsNaN(actual)) Assert.Equal(double.IsNaN(expected), double.IsNaN(actual));
        else Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)),
            $"expected {expected:R}, got {actual:R}");
    }

    /// <summary>A column of each array, NaN missing; whole numbers where all are.</summary>
    public static Table Table(params (string Name, double[] Values)[] columns) => new(columns.Select(c =>
        NumericColumn.Create(c.Name, c.Values.All(v => double.IsNaN(v) || v == Math.Floor(v)) ? ColumnKind.Integer : ColumnKind.Number,
            c.Values)));
}
