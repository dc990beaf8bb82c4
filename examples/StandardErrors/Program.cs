// What filled cells do to standard errors: the same regression from complete rows, one filled table, twenty of them, and no filling at all.
// Run it with: dotnet run -c Release --project examples/StandardErrors

using System.Globalization;
using Imputation;
using Imputation.Files;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const string formula = "Ozone ~ Solar.R + Wind + Temp";
Table air = CsvTable.Read(Path.Combine(AppContext.BaseDirectory, "airquality.csv"));

// Several completed tables, each made when it is asked for; the next while one is analysed.
ImputationSet set = air.ImputeMultiple(new MultipleOptions { Count = 20 }, new RunOptions { Seed = 7 });
PooledAnalysis pooled = set.Analyze(formula);

// The same without a filled cell: the regression that the fitted model implies, with standard errors from its information.
NormalRegression fiml = set.Fit.AsNormal().Regress(formula);

// What not to do: one table of conditional means, taken for measured.
LinearRegression single = LinearRegression.Fit(air.Impute().Table, RegressionFormula.Parse(formula));

Console.WriteLine($"{formula}: estimates (standard errors)\n{"",-12} {"complete rows",16} {"one filling",16} {"20 imputations",16} "
    + $"{"no filling",16}  missing information");
foreach (string name in pooled.Coefficients.Names)
{
    PooledEstimate several = pooled.Coefficients[name];
    string Cell(double estimate, double error) => $"{estimate:F3} ({error:F3})".PadLeft(16);
    Console.WriteLine(
        $"{name,-12} {Cell(pooled.CompleteCases!.Regression[name].Estimate, pooled.CompleteCases.Regression[name].StandardError)} "
        + $"{Cell(single[name].Estimate, single[name].StandardError)} "
        + $"{Cell(several.Estimate, several.StandardError)} {Cell(fiml[name].Estimate, fiml[name].StandardError)}  "
            + $"{several.FractionOfMissingInformation:P0}");
}

// Any other question: named estimates with their variances from each table.
PooledEstimate share = set.Pool(table =>
{
    NumericColumn ozone = (NumericColumn)table["Ozone"];
    double days = Enumerable.Range(0, ozone.Count).Average(row => ozone[row] > 80 ? 1.0 : 0.0);
    return [new Estimate("days above 80", days, days * (1 - days) / ozone.Count)];
})["days above 80"];
Console.WriteLine($"days with ozone above 80: {share.Estimate:P1}, 95 % interval {share.Lower:P1} to {share.Upper:P1}");
Console.WriteLine(set.Advise());
