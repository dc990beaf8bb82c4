// A Parquet file in, its missing cells filled, a Parquet file out: types, row groups and observed cells as they were.
// Run it with: dotnet run -c Release --project examples/Parquet [-- IN.parquet [OUT.parquet]]
// Without arguments it first makes airquality.parquet of the CSV file beside it.

using System.Globalization;
using Imputation;
using Imputation.Files;
using Imputation.Parquet;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

string input = args.Length > 0 ? args[0] : "airquality.parquet";
string output = args.Length > 1 ? args[1] : Path.ChangeExtension(input, ".completed.parquet");
if (args.Length == 0) ParquetTable.Write(input, CsvTable.Read(Path.Combine(AppContext.BaseDirectory, "airquality.csv")));

Table table = ParquetTable.Read(input);
Console.WriteLine($"{input}: {table.RowCount} rows");
foreach (Column column in table.Columns) Console.WriteLine($"  {column.Name,-10} {column.Kind,-8} {column.MissingCount,4} missing");
foreach (string nested in ParquetTable.NestedColumns(table)) Console.WriteLine($"  {nested,-10} nested: left out");

// Ozone is whole numbers in this file: named as an integer column it stays one. Solar.R is not named, receives fractions, and becomes
// DOUBLE.
string[] whole = [.. table.Columns.Where(c => c is { Name: "Ozone", Kind: ColumnKind.Integer }).Select(c => c.Name)];
ImputationResult done = table.Impute(fill: new FillOptions { Integer = whole });

ParquetTable.Write(output, done.Table, new TableWriteOptions { Compression = TableCompression.Gzip });
Console.WriteLine($"{output}: {done.FilledCount} cells filled");
foreach (string name in ParquetTable.Widened(done.Table)) Console.WriteLine($"  {name,-10} is DOUBLE now");

Table back = ParquetTable.Read(output);
bool same = table.Columns.All(c => Enumerable.Range(0, c.Count).All(row => c.IsMissing(row)
    || Convert.ToString(c.Value(row)) == Convert.ToString(back[c.Name].Value(row))));
Console.WriteLine($"read back: observed cells {(same ? "as they were" : "CHANGED")}, {back.Columns.Sum(c => c.MissingCount)} missing");
