using System.Text.Json;
using Imputation.Files;
using Imputation.Tests.Shared;

namespace Imputation.Tests.Models.Factor;

/// <summary>The factor model against answers computed by a second program in 80-bit arithmetic: shared/cases/family/INDEX.md.</summary>
public class FactorReferenceTests
{
    private const string Family = "cases/family";

    [SharedFact(Family)]
    public void LogLikelihoodUniquenessesAndCovariance_MatchTheReferences_WhereTheyAreIdentified()
    {
        string[] cases = [.. Directory.GetFiles(Folder("factor"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];
        Assert.NotEmpty(cases);
        foreach (string name in cases)
        {
            JsonElement expected = Json(name);
            FactorFit fit = Fitted(name, expected);
            double logLikelihood = expected.GetProperty("loglik").GetDouble();
            Assert.Equal(expected.GetProperty("n_parameters").GetInt32(), fit.Report.ParameterCount);
            if (name.StartsWith("fa_boston10", StringComparison.Ordinal)) // a Heywood case: its supremum is not reached
            {
                Assert.Contains(fit.Report.Findings, f => f.Code == "heywood" && f.Columns.Count > 0);
                Assert.Equal(logLikelihood, fit.Report.LogLikelihood, 0.05);
                continue;
            }
            Assert.Equal(EmOutcome.Converged, fit.Report.Outcome);
            Assert.InRange(fit.Report.LogLikelihood, logLikelihood - 1e-10 * Math.Abs(logLikelihood),
                logLikelihood + 1e-10 * Math.Abs(logLikelihood));
            int p = fit.Columns.Count;
            JsonElement covariance = expected.GetProperty("model_covariance");
            for (int i = 0; i < p; i++)
            {
                double deviation = Math.Sqrt(covariance[i][i].GetDouble());
                double unique = name.StartsWith("fa", StringComparison.Ordinal) ? expected.GetProperty("uniquenesses")[i].GetDouble()
                    * deviation * deviation : expected.GetProperty("sigma2").GetDouble();
                Assert.Equal(unique, fit.Uniquenesses[i], 1e-7 * deviation * deviation);
                Assert.Equal(expected.GetProperty("mu")[i].GetDouble(), fit.Mean[i], 1e-7 * deviation);
                for (int j = 0; j < p; j++)
                    Assert.Equal(covariance[i][j].GetDouble(), fit.Covariance[i, j], 1e-7 * deviation
                        * Math.Sqrt(covariance[j][j].GetDouble()));
            }
        }
    }

    /// <summary>Where the ridge is chosen for it, the column that makes it necessary is named too.</summary>
    [SharedFact(Family)]
    public void HeywoodColumns_AreNamed_WhereAPriorIsTakenForThem()
    {
        JsonElement expected = Json("fa_boston10_mcar10_q3");
        FactorFit fit = FactorModel.Fit(Data(expected), new FactorOptions { Factors = 3, Prior = CovariancePrior.Auto });
        if (fit.Report.Findings.FirstOrDefault(f => f.Code == "prior-chosen") is not { } chosen) return; // hidden cells have chosen a ridge
        Assert.Contains("'tax'", chosen.Sentence);
        Assert.Equal(["tax"], chosen.Columns);
    }

    [SharedFact(Family)]
    public void FilledCells_MatchTheReferences()
    {
        foreach (string file in Directory.GetFiles(Folder("factor"), "*.imputed.csv").Where(f => !f.Contains("boston")))
        {
            string name = Path.GetFileName(file)[..^".imputed.csv".Length];
            JsonElement expected = Json(name);
            FactorFit fit = Fitted(name, expected);
            ImputationResult done = fit.Impute(Data(expected), new FillOptions { Method = FillMethod.Mean });
            Dictionary<(int, string), ImputedCell> cells = done.Cells.ToDictionary(c => (c.Row, c.Column));
            foreach (string[] line in File.ReadLines(file).Skip(1).Select(l => l.Split(',')))
            {
                ImputedCell cell = cells[((int)Number(line[0]), line[1])];
                double deviation = Number(line[3]);
                Assert.Equal(Number(line[2]), cell.Value, 1e-6 * deviation);
                Assert.Equal(deviation, cell.StandardDeviation, 1e-6 * deviation);
            }
        }
    }

    /// <summary>A tenth of the ratings is taken out; the rank is chosen by hiding others. The truth has four factors, and no prediction can
    /// have a smaller error than 0.542.</summary>
    [SharedFact(Family)]
    public void Ratings_ArePredicted_WithLimitsThatHold()
    {
        Table ratings = CsvTable.Read(Path.Combine(Folder("data"), "ratings.csv"));
        double squares = 0, inside = 0, count = 0;
        foreach (int seed in (int[])[1, 2, 3])
        {
            (Table known, List<(int Row, string Column, double Value)> hidden) = Hidden(ratings, seed);
            FactorFit fit = FactorModel.Fit(known, new FactorOptions { Prior = CovariancePrior.Auto, Noise = FactorNoise.Equal });
            Assert.InRange(fit.FactorCount, 3, 5);
            Assert.Contains(fit.Report.Findings, f => f.Code == "factors-chosen");
            Dictionary<(int, string), ImputedCell> cells = fit.Impute(known, new FillOptions { Method = FillMethod.Mean }).Cells
                .ToDictionary(c => (c.Row, c.Column));
            foreach ((int row, string column, double value) in hidden)
            {
                ImputedCell cell = cells[(row + 1, column)];
                squares += (cell.Value - value) * (cell.Value - value);
                inside += value >= cell.Lower && value <= cell.Upper ? 1 : 0;
                count++;
            }
        }
        Assert.InRange(Math.Sqrt(squares / count), 0.542, 0.745);
        Assert.InRange(inside / count, 0.92, 0.96);
    }

    private static (Table Known, List<(int Row, string Column, double Value)> Hidden) Hidden(Table table, int seed)
    {
        var random = new Random(seed);
        var hidden = new List<(int, string, double)>();
        var columns = new List<Column>();
        foreach (NumericColumn column in table.Columns.Cast<NumericColumn>())
        {
            double[] values = column.Values.ToArray();
            for (int i = 0; i < values.Length; i++)
            {
                if (double.IsNaN(values[i]) || random.NextDouble() >= 0.1) continue;
                hidden.Add((i, column.Name, values[i]));
                values[i] = double.NaN;
            }
            columns.Add(NumericColumn.Create(column.Name, column.Kind, values));
        }
        return (new Table(columns), hidden);
    }

    private static FactorFit Fitted(string name, JsonElement expected) => FactorModel.Fit(Data(expected), new FactorOptions
    {
        Factors = expected.GetProperty("q").GetInt32(),
        Noise = name.StartsWith("ppca", StringComparison.Ordinal) ? FactorNoise.Equal : FactorNoise.PerColumn,
        Tolerance = 1e-8,
        MaxIterations = 2000,
        Columns = new ColumnSelection { Include = [.. expected.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!)] },
    });

    private static Table Data(JsonElement expected) =>
        CsvTable.Read(Path.Combine(Folder("data"), Path.GetFileName(expected.GetProperty("file").GetString()!)));

    private static JsonElement Json(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder("factor"), name + ".json"))).RootElement;

    private static string Folder(string part) => Path.Combine(SharedFolder.Find(Family) ?? "", part);

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
