// Three first steps: complete a file, look at the model, complete a list of objects.
// Run it with: dotnet run -c Release --project examples/FirstSteps

using System.Globalization;
using FirstSteps;
using Imputation;
using Imputation.Files;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// 1. A file. The model is fitted to all 153 rows, the incomplete ones included.
Table air = CsvTable.Read(Path.Combine(AppContext.BaseDirectory, "airquality.csv"));
ImputationResult done = air.Impute(fill: new FillOptions
{
    Bounds = new Dictionary<string, Bounds> { ["Ozone"] = new(0, double.PositiveInfinity) },
    Integer = ["Ozone", "Solar.R"],
});
CsvTable.Write("airquality.completed.csv", done.Table);

Console.WriteLine($"{done.FilledCount} cells filled; the first three, with the range that holds 95 % of what could have stood there:");
foreach (ImputedCell cell in done.Cells.Take(3))
    Console.WriteLine($"  row {cell.Row}, {cell.Column}: {cell.Value}   [{cell.Lower:F1}, {cell.Upper:F1}]");

// 2. The model, and whether to believe it.
NormalFit fit = done.Fit.AsNormal();
Console.WriteLine($"{fit.Report.Outcome} in {fit.Report.IterationCount} iterations, at most {fit.Report.EstimatedDistance:E0} standard "
    + $"deviations from the maximum; log-likelihood {fit.Report.LogLikelihood:F4}");
SymmetricMatrix covariance = fit.Covariance;
double correlation = covariance["Ozone", "Temp"] / Math.Sqrt(covariance["Ozone", "Ozone"] * covariance["Temp", "Temp"]);
Console.WriteLine($"correlation of Ozone and Temp: {correlation:F3}");
foreach (Finding finding in fit.Report.Findings.Concat(done.Findings)) Console.WriteLine($"{finding.Severity}: {finding}");

// 3. Plain objects: nullable properties in, the same type out, only nulls replaced.
Patient[] patients = [.. Enumerable.Range(0, 40).Select(i => new Patient(
    Name: $"P{i:00}",
    Age: 30 + i,
    Systolic: i % 5 == 0 ? null : 110 + 0.6 * i + 4 * Math.Sin(3 * i),
    Diastolic: i % 7 == 0 ? null : 70 + 0.3 * i + 3 * Math.Sin(5 * i)))];
ImputationResult completed = patients.ToTable().Impute();
IReadOnlyList<Patient> filled = completed.Table.ToObjects<Patient>();
Console.WriteLine($"{patients[0]}\n{filled[0]}");

namespace FirstSteps
{
    internal sealed record Patient(string Name, int Age, double? Systolic, double? Diastolic);
}
