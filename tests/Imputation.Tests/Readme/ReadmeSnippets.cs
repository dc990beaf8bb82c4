using Imputation.Diagnostics;
using Imputation.Files;
using Imputation.Tests.Diagnostics;
using OwnDiagnostic;
using Xunit.Abstractions;

namespace Imputation.Tests.Readme;

/// <summary>The C# of the README, line for line between "README" and "end", compiled and run; <see cref="ReadmeTests"/> compares the
/// two. The folder that the tests run in has the files that the README names.</summary>
public sealed class ReadmeSnippets(ITestOutputHelper output) : IDisposable
{
    private sealed record Patient(string Name, double? Age, double? Pressure, double? Weight);

    private sealed class Lines(ITestOutputHelper output)
    {
        public List<string> All { get; } = [];

        public void WriteLine(object? value)
        {
            All.Add($"{value}");
            output.WriteLine(All[^1]);
        }
    }

    public void Dispose()
    {
        foreach (string file in (string[])["survey.csv", "survey.completed.csv", "new-rows.csv"]) File.Delete(file);
    }

    [Fact]
    public void Snippets_Run()
    {
        var Console = new Lines(output);
        double[,] values = Simulated.Rows(seed: 5, 300, 3, 0.5, 0.2);
        for (int row = 0; row < 300; row++)
            (values[row, 0], values[row, 1], values[row, 2]) = (2800 + 600 * values[row, 0], 45 + 12 * values[row, 1],
                12 + 3 * values[row, 2]);
        CsvTable.Write("survey.csv", Table.FromArray(["income", "age", "education"], values));
        CsvTable.Write("new-rows.csv", Table.FromArray(["income", "age", "education"], new[,] { { double.NaN, 40, 12 } }));
        Patient[] patients = [.. Enumerable.Range(0, 40).Select(i => new Patient($"P{i}", 30 + i, i % 5 == 0 ? null : 110 + 0.6 * i
            + i * 3 % 7,
            i % 7 == 3 ? null : 60 + 0.4 * i + i * 5 % 11))];

        // README
        Table survey = CsvTable.Read("survey.csv");
        ImputationResult done = survey.Impute();                        // fit, then fill, with values that occur
        CsvTable.Write("survey.completed.csv", done.Table);
        foreach (ImputedCell cell in done.Cells.Take(3))                // value, standard deviation, 95 % limits, notes
            Console.WriteLine(cell);

        var model = new NormalOptions { Restarts = 10, Prior = CovariancePrior.Ridge(1) };
        NormalFit fit = NormalModel.Fit(survey, model, new RunOptions { Seed = 7 });
        double covariance = fit.Covariance["income", "age"];            // original units, divisor n
        foreach (Finding finding in fit.Report.Findings)                // what a careful statistician wants to know first
            Console.WriteLine(finding);
        ImputationResult more = fit.Impute(CsvTable.Read("new-rows.csv"));      // the fitted model, applied to other rows

        ImputationResult completed = patients.ToTable().Impute();       // a list of objects with nullable properties
        IReadOnlyList<Patient> filled = completed.Table.ToObjects<Patient>();
        // end
        Assert.Equal(3, Console.All.Count(line => line.StartsWith("row ", StringComparison.Ordinal)));
        Assert.Equal(0, CsvTable.Read("survey.completed.csv").Columns.Sum(c => c.MissingCount));
        Assert.Equal(survey.Columns.Sum(c => (long)c.MissingCount), done.FilledCount);
        Assert.InRange(covariance, 0.25 * 600 * 12, 0.8 * 600 * 12);
        Assert.Equal(1, more.FilledCount);
        Assert.All(patients.Zip(filled), pair => Assert.Equal(pair.First.Pressure ?? pair.Second.Pressure, pair.Second.Pressure));
        Assert.DoesNotContain(filled, p => p.Pressure is null || p.Weight is null);

        // README
        var seed = new RunOptions { Seed = 7 };
        ImputationSet set = survey.ImputeMultiple(new MultipleOptions { Count = 20 }, seed);    // made when asked for, never all in memory
        PooledAnalysis answer = set.Analyze("income ~ age + education");
        var pooled = set.Pool(table =>                                  // any analysis: estimates with their variances
        {
            var income = (NumericColumn)table["income"];
            double share = Enumerable.Range(0, income.Count).Average(row => income[row] > 3000 ? 1.0 : 0.0);
            return [new Estimate("share above 3000", share, share * (1 - share) / income.Count)];
        });

        NormalRegression regression = fit.Regress("income ~ age + education");      // the same without imputing: full information
        ObservedInformation information = fit.Information();            // standard errors, fractions of missing information
        double[] estimates = [4.2, 4.6, 4.1], variances = [0.5, 0.4, 0.6];          // from any program
        PooledEstimate one = Pool.Scalars(estimates, variances, completeDegreesOfFreedom: 97);  // Rubin's rules
        // end
        Assert.InRange(answer.Coefficients["age"].Estimate / regression["age"].Estimate, 0.8, 1.25);
        Assert.InRange(pooled["share above 3000"].Estimate, 0.2, 0.6);
        Assert.InRange(information.Worst.Fraction, 0.05, 0.6);
        Assert.Equal(4.3, one.Estimate, 1e-12);

        Console.All.Clear();
        Diagnose(survey, Console);
        Assert.Contains(Console.All, line => line.StartsWith("Warning: ", StringComparison.Ordinal)
            || line.StartsWith("Note: ", StringComparison.Ordinal));
    }

    private static void Diagnose(Table survey, Lines Console)
    {
        // README
        DiagnosticReport report = survey.Diagnose(suite: DiagnosticSuite.Default.With(new BreakOffDiagnostic()));
        foreach (Finding finding in report.Findings)                    // severity, sentence, evidence, advice
            Console.WriteLine($"{finding.Severity}: {finding}");
        // end
        Assert.NotNull(report["break-off"]);
    }
}
