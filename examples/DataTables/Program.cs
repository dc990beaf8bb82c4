// A System.Data.DataTable with holes in, a completed one out; and columns of numbers without any table class.
// Run it with: dotnet run -c Release --project examples/DataTables

using System.Data;
using System.Globalization;
using Imputation;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var visits = new DataTable("visits")
{
    Columns = { { "patient", typeof(Guid) }, { "day", typeof(DateTime) }, { "age", typeof(int) }, { "cholesterol", typeof(decimal) },
        { "systolic", typeof(double) } },
};
for (int i = 0; i < 60; i++)
{
    visits.Rows.Add(
        new Guid(i, 0, 0, new byte[8]),
        new DateTime(2026, 1, 1).AddDays(i),
        i % 9 == 4 ? DBNull.Value : 30 + i,
        i % 5 == 3 ? DBNull.Value : 4.10m + i * 0.05m + i * 7 % 4 * 0.30m,
        i % 7 == 3 ? double.NaN : 110 + 0.6 * i + i * 5 % 11);
}

// 1. In one line. DBNull and NaN are filled; ages as whole numbers, so that the column stays one of int.
var options = new FillOptions { Integer = ["age"] };
DataTable completed = visits.Impute(fill: options);
foreach (int row in (int[])[0, 3, 4])
    Console.WriteLine($"{Line(visits.Rows[row])}   ->   {Line(completed.Rows[row])}");

// 2. The longer way, to see how far each filled cell can be trusted.
ImputationResult done = visits.ToTable().Impute(fill: options);
Console.WriteLine($"{done.FilledCount} cells filled, {done.Fit.Report.Outcome} in {done.Fit.Report.IterationCount} iterations; the "
    + "first three:");
foreach (ImputedCell cell in done.Cells.Take(3))
    Console.WriteLine($"  row {cell.Row}, {cell.Column}: {cell.Value:F2}   [{cell.Lower:F2}, {cell.Upper:F2}]");

// 3. A dictionary of columns; jagged (double[][]) and rectangular (double[,]) arrays work alike.
Table numbers = ArrayTable.FromColumns(new Dictionary<string, double[]>
{
    ["x"] = [.. Enumerable.Range(0, 30).Select(i => i % 6 == 1 ? double.NaN : i)],
    ["y"] = [.. Enumerable.Range(0, 30).Select(i => 2.0 * i + i % 3)],
});
OrderedDictionary<string, double[]> columns = ArrayTable.ToColumns<double>(numbers.Impute().Table);
Console.WriteLine($"x[1] was missing, y[1] is {columns["y"][1]}: x[1] is now {columns["x"][1]:F3}");

static string Line(DataRow row) =>
    string.Join("  ", row.ItemArray[1..].Select(cell => cell switch
    {
        DBNull => "null",
        DateTime day => $"{day:yyyy-MM-dd}",
        double x => $"{x:F1}",
        decimal m => $"{m:F2}",
        _ => $"{cell}"
    }));
