// A file of any kind that can be read in, a completed one of any kind that can be written out: the extensions say which.
// Run it with: dotnet run -c Release --project examples/Files [-- IN OUT]
// Without arguments it completes the airquality data, and writes them in every kind there is.

using System.Globalization;
using Imputation;
using Imputation.Files;
using Imputation.Parquet;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var formats = new TableFormats(new CsvFormat(), new ParquetFormat());
string input = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "airquality.csv");
string[] outputs = args.Length > 1 ? args[1..] : [.. formats.All.Select(format => "airquality.completed" + format.Extensions[0])];

Table table = Read(input);
ImputationResult done = table.Impute();
Console.WriteLine($"{input}: {table.RowCount} rows, {table.Columns.Count} columns, {done.FilledCount} cells filled");
foreach (string output in outputs)
{
    using (FileStream stream = File.Create(output))
        formats.ForPath(output).Write(stream, done.Table, TableWriteOptions.Default);
    Table back = Read(output);
    Console.WriteLine($"{output}: {new FileInfo(output).Length} bytes; read back: {back.RowCount} rows, "
        + $"{back.Columns.Sum(c => c.MissingCount)} missing cells");
}

Table Read(string path)
{
    using FileStream stream = File.OpenRead(path);
    return formats.ForPath(path).Read(stream, path, TableReadOptions.Default);
}
