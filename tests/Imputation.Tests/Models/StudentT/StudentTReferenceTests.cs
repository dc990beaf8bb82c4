using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.StudentT;

/// <summary>The t model against answers computed by a second program in 80-bit arithmetic: shared/cases/family/INDEX.md.</summary>
public class StudentTReferenceTests
{
    private const string Family = "cases/family";

    [SharedFact(Family)]
    public void LogLikelihoodDegreesWeightsAndCells_MatchTheReferences()
    {
        string folder = Path.Combine(SharedFolder.Find(Family)!, "t");
        string[] cases = Directory.GetFiles(folder, "*.json");
        Assert.NotEmpty(cases);
        foreach (string file in cases)
        {
            JsonElement expected = JsonDocument.Parse(File.ReadAllText(file)).RootElement;
            Table table = CsvTable.Read(Path.Combine(folder, "..", "data", Path.GetFileName(expected.GetProperty("file").GetString()!)));
            string[] columns = [.. expected.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)];
            StudentTFit fit = StudentTModel.Fit(table, new StudentTOptions
            {
                Tolerance = 1e-9,
                Columns = new ColumnSelection { Include = [.. columns] },
            });
            double logLikelihood = expected.GetProperty("loglik").GetDouble(), nu = expected.GetProperty("nu").GetDouble();
            Assert.Equal(expected.GetProperty("n_parameters").GetInt32(), fit.Report.ParameterCount);
            Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
            Assert.Equal(logLikelihood, fit.Report.LogLikelihood, 1e-11 * Math.Abs(logLikelihood));
            Assert.Equal(nu, fit.DegreesOfFreedom, 1e-6 * nu);
            Assert.Equal(expected.GetProperty("em_rate").GetDouble(), fit.Report.ConvergenceRate, 0.01);
            JsonElement scatter = expected.GetProperty("scatter");
            for (int i = 0; i < columns.Length; i++)
            {
                double deviation = Math.Sqrt(scatter[i][i].GetDouble());
                Assert.Equal(expected.GetProperty("mu")[i].GetDouble(), fit.Mean[i], 1e-7 * deviation);
                for (int j = 0; j < columns.Length; j++)
                    Assert.Equal(scatter[i][j].GetDouble(), fit.Scatter[i, j], 1e-7 * deviation * Math.Sqrt(scatter[j][j].GetDouble()));
            }
            foreach (JsonElement row in expected.GetProperty("smallest_weights").EnumerateArray())
                Assert.Equal(row.GetProperty("weight").GetDouble(), fit.Weights[row.GetProperty("row").GetInt32() - 1], 1e-6);

            Dictionary<(int, string), ImputedCell> cells = fit.Impute(table, new FillOptions { Method = FillMethod.Mean }).Cells
                .ToDictionary(c => (c.Row, c.Column));
            foreach (string[] line in File.ReadLines(file.Replace(".json", ".imputed.csv")).Skip(1).Select(l => l.Split(',')))
            {
                ImputedCell cell = cells[((int)Number(line[0]), line[1])];
                double deviation = Number(line[3]);
                Assert.Equal(Number(line[2]), cell.Value, 1e-6 * deviation);
                Assert.Equal(deviation, cell.StandardDeviation, 1e-6 * deviation);
            }
        }
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
